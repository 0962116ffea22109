"""Builds a data set from a user's own images and labels, whatever file they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import Dataset
from aestudio.datasets.labels import check_counts, check_labels, index_labels
from aestudio.datasets.memory_limit import check_reading
from aestudio.datasets.pixel_conversion import check_kind, convert, find_conversion, largest_shape
from aestudio.datasets.row_reader import held
from aestudio.datasets.split import test_indices
from aestudio.datasets.split_arrays import SplitArrays
from aestudio.errors import StudioError
from aestudio.printable import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.row_reader import Rows
    from aestudio.progress import Progress


_LONGEST_TITLE = 80


@dataclass(frozen=True, eq=False)
class SourceArrays:
    """Images of one split as they are in a file, in any form that `find_conversion` takes; labels."""

    images: Rows
    labels: Rows | None


def own_dataset(
    path: Path,
    parts: Sequence[SourceArrays],
    progress: Progress,
    image: ImageShape | None = None,
    origin: str = "",
) -> Dataset:
    """The data set of one part, which is split here, or of two: training and test.

    image:  the shape in which the images are wanted; by default they keep their size and their colour
    origin: what `load_dataset` takes to read the same again, if that is not the path alone

    Both parts are treated alike: the same shape, the same grey range, the same inversion, the same classes.
    Raises StudioError if images or labels cannot be understood, do not belong together, or take more
    memory than is free; this is checked before any is read.
    """
    images, labels = _checked(parts, image)
    indices, names = index_labels(held(labels, progress)) if labels else (None, ())
    is_test, split_notes = find_test_part(path, [len(part) for part in images], indices)
    images = held(images, progress)
    conversion = find_conversion(images, image, progress)
    split_set = SplitArrays(is_test, conversion.image)
    convert(images, conversion, split_set.append, progress)
    read = f"{len(is_test):,} images read from {printable(str(path))}."
    label_notes = () if labels else ("Without labels.",)
    notes = (read, *conversion.notes, *label_notes, *split_notes)
    return dataset_of(path, split_set, indices, names, notes, origin)


def find_test_part(
    path: Path, sizes: Sequence[int], labels: NDArray[np.int64] | None
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Mask bool (N,) of the images for testing, and notes on it: of two parts, sizes (2,), the second.

    Of one part a seventh is kept for testing. Raises StudioError if there are fewer than two images.
    """
    count = sum(sizes)
    if len(sizes) == 2:
        return np.arange(count) >= sizes[0], ()
    if count < 2:
        raise StudioError(f"It has only {count} image", where=str(path), advice="At least two are needed.")
    test = test_indices(labels, count)
    is_test = np.zeros(count, np.bool_)
    is_test[test] = True
    note = f"It has no test part, so {len(test):,} images, always the same seventh, are kept for testing."
    return is_test, (note,)


def dataset_of(
    path: Path,
    split_set: SplitArrays,
    labels: NDArray[np.int64] | None,
    class_names: tuple[str, ...],
    notes: Sequence[str],
    origin: str = "",
) -> Dataset:
    """The data set of images that were all added, with their labels (N,) in the same order."""
    train, test = split_set.image_sets(labels, class_names)
    stem = path.name.removesuffix(".gz").removesuffix(path.suffix) or path.name
    name, title = (shortened(text, _LONGEST_TITLE) for text in (stem, path.name))
    return Dataset(name, title, train, test, tuple(notes), path=origin or str(path.resolve()))


def _checked(parts: Sequence[SourceArrays], image: ImageShape | None) -> tuple[list[Rows], list[Rows]]:
    """Images and labels of all parts, the labels only if every part has some; reads nothing."""
    images = [part.images for part in parts]
    given = [part.labels for part in parts if part.labels is not None]
    labels = given if len(given) == len(parts) else []
    for part in parts:
        if part.labels is not None:
            check_counts(len(part.images), len(part.labels), part.labels.where)
    check_kind(images)
    if labels:
        check_labels(labels)
    check_reading(images, labels, largest_shape(images[0], image))
    return images, labels
