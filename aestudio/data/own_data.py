"""Puts a user's own images and labels together to a dataset, whatever file they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.data.digits import Dataset, Digits
from aestudio.data.labels import check_counts, index_labels
from aestudio.data.prepare import bring_to_28
from aestudio.data.split import test_indices
from aestudio.errors import StudioError
from aestudio.printable import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.progress import Progress


_LONGEST_TITLE = 80


@dataclass(frozen=True, eq=False)
class Part:
    """Images of one split as they were found, in any form that `bring_to_28` takes, and their labels.

    where, labels_where: the files, for messages
    """

    images: NDArray[Any]
    labels: NDArray[Any] | None
    where: str
    labels_where: str


def own_dataset(
    path: Path, parts: Sequence[Part], notes: Sequence[str], progress: Progress, origin: str = ""
) -> Dataset:
    """The dataset of one part, which is split here, or of two: training and test.

    origin: what `load_dataset` takes to read the same again, where it is not the path alone

    Both parts are treated alike: the same grey range, the same inversion, the same classes.
    Raises StudioError where images or labels cannot be understood or do not belong together.
    """
    for part in parts:
        if part.labels is not None:
            check_counts(len(part.images), len(part.labels), part.labels_where)
    labels, names, label_notes = _join_labels(parts)
    images, image_notes = bring_to_28(_join_images(parts), where=parts[0].where, progress=progress)
    notes = (f"{len(images):,} images read from {printable(str(path))}.", *notes, *image_notes, *label_notes)
    if len(parts) == 2:
        test = np.arange(len(parts[0].images), len(images))
        return from_arrays(path, images, labels, names, test, notes, origin)
    return split_dataset(path, images, labels, names, notes, origin)


def split_dataset(
    path: Path,
    images: NDArray[np.uint8],
    labels: NDArray[np.int64] | None,
    class_names: tuple[str, ...],
    notes: Sequence[str],
    origin: str = "",
) -> Dataset:
    """The dataset of images (N, 1, 28, 28), of which a seventh is kept for testing; StudioError if N < 2."""
    if len(images) < 2:
        raise StudioError(
            f"There is only {len(images)} image in it", where=str(path), advice="At least two are needed."
        )
    test = test_indices(labels, len(images))
    note = f"It has no test part, so {len(test):,} images, always the same seventh, are kept for testing."
    return from_arrays(path, images, labels, class_names, test, (*notes, note), origin)


def from_arrays(
    path: Path,
    images: NDArray[np.uint8],
    labels: NDArray[np.int64] | None,
    class_names: tuple[str, ...],
    test: NDArray[np.int64],
    notes: Sequence[str],
    origin: str = "",
) -> Dataset:
    """The dataset whose test part are the images with the indices `test`; origin: as of `own_dataset`."""
    train = np.delete(np.arange(len(images)), test)
    parts = [
        Digits(images[index], None if labels is None else labels[index], class_names)
        for index in (train, test)
    ]
    stem = path.name.removesuffix(".gz").removesuffix(path.suffix) or path.name
    name, title = (shortened(text, _LONGEST_TITLE) for text in (stem, path.name))
    return Dataset(name, title, parts[0], parts[1], tuple(notes), path=origin or str(path.resolve()))


def _join_images(parts: Sequence[Part]) -> NDArray[Any]:
    first = parts[0].images
    for part in parts[1:]:
        if part.images.shape[1:] != first.shape[1:] or part.images.dtype != first.dtype:
            raise StudioError(
                f"Training images ({first.dtype} {first.shape}) and test images "
                f"({part.images.dtype} {part.images.shape}) are of different kinds",
                where=part.where,
                advice="Save both in the same size and type.",
            )
    return np.concatenate([part.images for part in parts]) if len(parts) > 1 else first


def _join_labels(
    parts: Sequence[Part],
) -> tuple[NDArray[np.int64] | None, tuple[str, ...], tuple[str, ...]]:
    found = [part.labels for part in parts if part.labels is not None]
    if len(found) < len(parts):
        return None, (), ("Without labels.",)
    if len({labels.shape[1:] for labels in found}) > 1:
        raise StudioError(
            "Training labels and test labels are of different shapes",
            where=parts[-1].labels_where,
            advice="Save both in the same form.",
        )
    labels, names = index_labels(np.concatenate(found), parts[0].labels_where)
    return labels, names, ()
