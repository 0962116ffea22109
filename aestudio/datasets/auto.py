"""The default choice: MNIST if it is available, otherwise the built-in digits, with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.datasets.sources import builtin, mnist
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.source import DataFolders
    from aestudio.progress import Progress

_SECONDS = 3.0  # for all servers together to start responding


def load_auto(folders: DataFolders, progress: Progress) -> Dataset:
    """MNIST if it is on this machine or a server answers within three seconds, else built-in digits.

    Once a server has answered, its download continues while data arrives. The first note of the data set
    names the set and the reason. Raises Cancelled, and StudioError if even the built-in digits fail.
    """
    try:
        if mnist.SOURCE.find(folders) is None:
            from aestudio.datasets.download.download import try_to_reach

            try_to_reach(mnist.MNIST, _SECONDS, progress)
        return mnist.SOURCE.load(folders, progress)
    except StudioError as error:
        reason = (
            f"These are the built-in digits, because MNIST is not available: {error.what}: {error.where}."
        )
    dataset = builtin.SOURCE.load(folders, progress)
    return replace(dataset, notes=(reason, *dataset.notes))
