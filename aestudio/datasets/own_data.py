"""Builds a data set from a user's own images and labels, whatever file they came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.array_axes import decided_axes, flat_labels, in_order, labels_in
from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.label_table import label_table
from aestudio.datasets.labels import check_counts, check_labels
from aestudio.datasets.memory_limit import check_reading
from aestudio.datasets.pixel_conversion import check_kind, convert, find_conversion, largest_shape
from aestudio.datasets.provenance import Decided, provenance_of, source_files
from aestudio.datasets.reading import PLAIN
from aestudio.datasets.row_reader import held
from aestudio.datasets.split import test_indices, test_indices_by_content
from aestudio.datasets.split_arrays import TEST, TRAIN, UNLABELLED, SplitArrays
from aestudio.errors import StudioError
from aestudio.printable import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.label_table import LabelTable
    from aestudio.datasets.provenance import Axes, Provenance
    from aestudio.datasets.reading import Reading
    from aestudio.datasets.row_reader import Rows
    from aestudio.progress import Progress


_LONGEST_TITLE = 80
_TITLES = ("training", "test", "validation")
_FEW = 10  # images, below which no part is large enough to be measured on


@dataclass(frozen=True, eq=False)
class SourceArrays:
    """Images of one split as they are in a file, in any form that `find_conversion` takes; labels."""

    images: Rows
    labels: Rows | None


def own_dataset(
    path: Path,
    parts: Sequence[SourceArrays],
    progress: Progress,
    reading: Reading = PLAIN,
    origin: str = "",
    notes: Sequence[str] = (),
    class_names: Sequence[str] = (),
    files: Sequence[Path] = (),
    labelled: str = "the file",
) -> Dataset:
    """The data set of one part, which is split here, or of more: training, test, and validation if there is.

    origin: what `load_dataset` takes to read the same again, if that is not the path alone
    notes:  on how the parts were found
    class_names: of labels that are numbers, if the file has them
    files: all that were read, if it is not the one at the path
    labelled: what the labels are from, in a few words

    All parts are treated alike: the same shape, the same grey range, the same inversion, the same classes.
    A part without labels is one beside another that has some.
    Raises StudioError if images or labels cannot be understood, do not belong together, or take more
    memory than is free; this is checked before any is read.
    """
    images, labels, axes, axes_notes = _checked(parts, reading)
    table = label_table(held([rows for rows in labels if rows is not None], progress), reading, class_names)
    classes, label_notes = _for_all(images, labels, table)
    images = held(images, progress)
    conversion = find_conversion(images, reading, progress)
    digests = conversion.digests if reading.by_content else None
    part_of, split_notes = find_parts(path, [len(part) for part in images], classes, digests)
    split_set = SplitArrays(part_of, conversion.image)
    convert(images, conversion, split_set.append, progress)
    read = f"{len(part_of):,} images read from {printable(str(path))}."
    notes = (read, *notes, *axes_notes, *conversion.notes, *label_notes, *split_notes)
    known = replace(table, classes=classes, attributes=_spread(images, labels, table.attributes))
    decided = Decided(
        axes,
        conversion.bottom,
        conversion.top,
        int(conversion.inverted.sum()),
        ((*conversion.size, len(part_of)),),
        labelled if table.classes is not None or table.attributes is not None else "",
        max((rows.row for rows in labels if rows is not None), default=0),
        coloured=conversion.coloured,
    )
    rows = np.concatenate([np.arange(len(part)) for part in images])
    found = provenance_of(part_of, rows, source_files(files or (path,)), decided)
    return dataset_of(path, split_set, known, notes, reading, found, origin)


def find_parts(
    path: Path,
    sizes: Sequence[int],
    labels: NDArray[np.int64] | None,
    digests: NDArray[np.uint64] | None = None,
) -> tuple[NDArray[np.int8], tuple[str, ...]]:
    """The part of each image, int8 (N,), and notes on it: of two or three parts, sizes (2,) or (3,).

    Of one part about a seventh is kept for testing: by digests (N,) of the images' content, or by their
    position, as earlier versions did. Raises StudioError if there are fewer than two images.
    """
    count = sum(sizes)
    if len(sizes) > 1:
        return np.repeat(np.arange(len(sizes), dtype=np.int8), sizes), ()
    if count < 2:
        raise StudioError(f"It has only {count} image", where=str(path), advice="At least two are needed.")
    test = test_indices(labels, count) if digests is None else test_indices_by_content(digests, labels)
    part_of = np.full(count, TRAIN, np.int8)
    part_of[test] = TEST
    kept = "1 image is" if len(test) == 1 else f"{len(test):,} images are"
    notes = [f"It has no test part, so {kept} kept for testing, always the same."]
    if count < _FEW:
        notes.append(f"With only {count} images, what is measured on those for testing says little.")
    return part_of, tuple(notes)


def dataset_of(
    path: Path,
    split_set: SplitArrays,
    table: LabelTable,
    notes: Sequence[str],
    reading: Reading,
    provenance: Provenance,
    origin: str = "",
) -> Dataset:
    """The data set of images that were all added, with their labels in the same order."""
    train, test, validation = split_set.image_sets(table)
    notes = (*notes, *_untrained_classes(train, test))
    stem = path.name.removesuffix(".gz").removesuffix(path.suffix) or path.name
    name, title = (shortened(text, _LONGEST_TITLE) for text in (stem, path.name))
    path_again = origin or str(path.resolve())
    how = replace(reading, image=train.image_shape)
    return Dataset(
        name,
        title,
        train,
        test,
        tuple(notes),
        path=path_again,
        reading=how,
        provenance=provenance,
        validation=validation,
    )


def _untrained_classes(train: ImageSet, test: ImageSet) -> tuple[str, ...]:
    """A sentence on classes that only the test part has: often a folder in it is no class."""
    if train.labels is None or test.labels is None:
        return ()
    only: list[int] = np.setdiff1d(test.labels, train.labels).tolist()
    names = [shortened(test.class_names[label], 40) for label in only if label >= 0]
    if not names:
        return ()
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return (f"The test part has classes that no training image has: {', '.join(names[:5])}{more}.",)


def _checked(
    parts: Sequence[SourceArrays], reading: Reading
) -> tuple[list[Rows], list[Rows | None], Axes, tuple[str, ...]]:
    """Images and labels of all parts, their numbers first, how they were ordered, and notes; reads nothing.

    Labels are those of every part that has some; by the rules of earlier versions only if all have.
    """
    axes = "first" if reading.axes == "auto" and reading.rules == 1 else reading.axes
    decided = decided_axes(parts[0].images, labels_in(parts[0].labels), axes)
    found = [in_order(part.images, labels_in(part.labels), axes) for part in parts]
    images = [rows for rows, _ in found]
    labels: list[Rows | None] = [
        flat_labels(part.labels, len(rows)) for part, rows in zip(parts, images, strict=True)
    ]
    for rows, given in zip(images, labels, strict=True):
        if given is not None:
            check_counts(len(rows), len(given), given.where)
    if reading.rules == 1 and None in labels:
        labels = [None for _ in labels]
    check_kind(images)
    known = [given for given in labels if given is not None]
    if known:
        check_labels(known)
    check_reading(images, known, largest_shape(images[0], reading))
    return images, labels, decided, found[0][1]


def _for_all(
    images: Sequence[Rows], labels: Sequence[Rows | None], table: LabelTable
) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """The classes of all images, UNLABELLED in a part without labels, and notes on the labels."""
    if all(given is None for given in labels):
        return None, ("Without labels.",)
    notes = list(table.notes)
    if None in labels:
        titles = zip(_TITLES, labels, strict=False)  # there may be two parts only
        notes += [f"The {part} part has no labels." for part, one in titles if one is None]
    return _spread(images, labels, table.classes), tuple(notes)


def _spread(
    images: Sequence[Rows], labels: Sequence[Rows | None], known: NDArray[Any] | None
) -> NDArray[Any] | None:
    """What is known of the images of those parts that have labels, as one array for all images."""
    if known is None or None not in labels:
        return known
    pieces: list[NDArray[Any]] = []
    start = 0
    for rows, given in zip(images, labels, strict=True):
        size = 0 if given is None else len(rows)
        blank = np.full((len(rows), *known.shape[1:]), UNLABELLED, known.dtype)
        pieces.append(known[start : start + size] if size else blank)
        start += size
    return np.concatenate(pieces)
