"""scikit-learn's digits (Alpaydin, Kaynak 1998): real handwriting in 8x8, enlarged to 28x28."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.dataset import DIGIT_NAMES, Dataset, ImageSet
from aestudio.datasets.handwriting import INK_BOX
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.prepare import fit, pad
from aestudio.datasets.source import Source
from aestudio.datasets.split import test_indices
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from aestudio.datasets.source import DataFolders
    from aestudio.progress import Progress

_NAME, _TITLE = "sklearn-digits", "scikit-learn's digits"
_WHITE = 16  # the most ink in their pixels, each a count over 4x4 scanned ones


def _find(folders: DataFolders) -> Path | None:  # noqa: ARG001 - the declaration's shape
    """The installed scikit-learn, of which they are a part; it is not imported."""
    spec = find_spec("sklearn")
    return Path(spec.origin).parent if spec and spec.origin else None


def _load(folders: DataFolders, progress: Progress) -> Dataset:  # noqa: ARG001 - the declaration's shape
    progress(0, None, f"Reading {_TITLE}")
    try:
        datasets: Any = importlib.import_module("sklearn.datasets")  # it has no types
    except ImportError as error:
        raise StudioError(
            f"scikit-learn cannot be imported ({error})",
            where=_NAME,
            advice="Install scikit-learn again, or use the built-in digits.",
        ) from error
    pixels, labels = (np.asarray(array) for array in datasets.load_digits(return_X_y=True))
    small = np.rint(pixels.reshape(-1, 8, 8) * (255 / _WHITE)).astype(np.uint8)
    images = pad(fit(small, INK_BOX), MNIST.image)[:, None]
    labels = labels.astype(np.int64)
    test = test_indices(labels, len(labels))
    train = np.delete(np.arange(len(labels)), test)
    parts = [ImageSet(images[index], labels[index], DIGIT_NAMES) for index in (train, test)]
    notes = (
        f"{len(labels):,} real digits of 8 × 8 pixels, enlarged to 20 × 20 in the middle of 28 × 28: "
        "blurred, and far fewer than MNIST.",
        f"{len(test):,} of them, the same share of each digit, are kept for testing.",
    )
    return Dataset(_NAME, _TITLE, parts[0], parts[1], notes)


SOURCE = Source(
    name=_NAME,
    title=_TITLE,
    summary="1,797 real digits of 8 × 8 pixels that come with scikit-learn, enlarged; nothing to download",
    kind="generated",
    order=60,
    find=_find,
    load=_load,
)
