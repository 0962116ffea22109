"""The images that a run keeps of a training on arrays (`own.digits` in its folder)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.datasets.saved_dataset import SUFFIX, read_saved_dataset
from aestudio.datasets.source import FileSource

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.progress import Progress


def _accepts(path: Path) -> bool:
    return path.suffix == SUFFIX


def _load(path: Path, progress: Progress, reading: Reading) -> Dataset:  # noqa: ARG001 - kept as they are
    progress(0, None, "Reading the images that the run kept")
    return read_saved_dataset(path, progress)


SOURCE = FileSource(
    name="kept",
    title="Images kept with a run",
    summary="what a run keeps of a training on arrays given in Python",
    order=100,
    accepts=_accepts,
    load=_load,
)
