"""What a data set looks like before it is used: forty pictures, counts by class, a histogram of greys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet

MOST_SHOWN = 40
BINS = 32
_MOST_MEASURED = 4000  # images of the histogram: those at equal distances
_BIN = 256 // BINS


@dataclass(frozen=True, eq=False)
class DataSummary:
    """A data set in short.

    images:   uint8 (n, C, H, W), of the training part, the same number of each class as far as there are some
    captions: of each image the name of its class, () without labels
    train_counts, test_counts: images of each class, () without labels
    histogram: int64 (32,), pixels in each eighth of a grey level's range of 256, of at most 4,000 images
    least, greatest, mean: of the same pixels, 0 to 255
    """

    images: NDArray[np.uint8]
    captions: tuple[str, ...]
    class_names: tuple[str, ...]
    train_counts: tuple[int, ...]
    test_counts: tuple[int, ...]
    histogram: tuple[int, ...]
    least: int
    greatest: int
    mean: float


def summary_of(dataset: Dataset) -> DataSummary:
    """The summary of a data set."""
    train, names = dataset.train, dataset.train.class_names
    chosen = shown_images(train.labels, len(train))
    labels: list[int] = [] if train.labels is None else train.labels[chosen].tolist()
    step = max(1, len(train) // _MOST_MEASURED)
    counts = np.bincount(train.images[::step].reshape(-1), minlength=256)
    present = np.flatnonzero(counts)
    return DataSummary(
        train.images[chosen],
        tuple(names[label] for label in labels),
        names,
        class_counts(train, len(names)),
        class_counts(dataset.test, len(names)),
        tuple(counts.reshape(BINS, _BIN).sum(axis=1).tolist()),
        int(present[0]),
        int(present[-1]),
        float(counts @ np.arange(256) / counts.sum()),
    )


def class_counts(part: ImageSet, classes: int) -> tuple[int, ...]:
    """Images of each class; () without labels."""
    return () if part.labels is None else tuple(np.bincount(part.labels, minlength=classes).tolist())


def shown_images(labels: NDArray[np.int64] | None, count: int) -> NDArray[np.int64]:
    """Indices int64 (n,) of at most 40 of the images, class by class, in their order within each.

    Each class has the same number, and more where others have no more. Without labels, or with more classes
    than can be shown, they stand at equal distances.
    """
    most = min(MOST_SHOWN, count)
    if labels is None or len(np.unique(labels)) > most:
        return np.linspace(0, count - 1, most).round().astype(np.int64)
    order = np.argsort(labels, kind="stable")
    ranked = labels[order]
    first = np.searchsorted(ranked, ranked)
    rank = np.arange(count) - first  # of each image within its class
    chosen = np.argsort(rank, kind="stable")[:most]
    return order[np.sort(chosen)].astype(np.int64)
