"""What the labels of a user's images say: classes, or known attributes, or nothing; with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.labels import NO_LABEL, index_labels
from aestudio.datasets.row_reader import array_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.reading import Reading
    from aestudio.datasets.row_reader import Rows

_MOST_ATTRIBUTES = 100


@dataclass(frozen=True, eq=False)
class LabelTable:
    """Labels of all images of a file.

    classes:    int64 (N,), indices into names, or None
    attributes: float32 (N, F), or None
    notes:      what was left out, for people
    """

    classes: NDArray[np.int64] | None = None
    names: tuple[str, ...] = ()
    attributes: NDArray[np.float32] | None = None
    attribute_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def label_table(parts: Sequence[Rows], reading: Reading, class_names: Sequence[str] = ()) -> LabelTable:
    """The labels of all parts, each (N,) or (N, columns); raises StudioError as `index_labels`."""
    if not parts:
        return LabelTable()
    if reading.labels == "none":
        return LabelTable(notes=("The labels are left out.",))
    if reading.rules > 1 and len(parts[0].shape) == 2 and parts[0].row > 1:
        columns = [array_of(part) for part in parts]
        if not _one_hot(columns, reading.missing_rows):
            return _of_several(parts, columns, reading, class_names)
    indices, names = index_labels(parts, reading.rules, class_names)
    if names == (NO_LABEL,):
        return LabelTable(notes=("Without labels.",))
    missing = int((indices == len(names) - 1).sum()) if names[-1:] == (NO_LABEL,) else 0
    note = f'{missing:,} of them have no label: they are a class of their own, "{NO_LABEL}".'
    return LabelTable(indices, names, notes=(note,) if missing else ())


def _one_hot(columns: Sequence[NDArray[Any]], missing: bool) -> bool:
    """Whether labels (N, classes) are a single 1 per row.

    missing: or, in less than half of all rows, none
    """
    if any(labels.dtype.kind in "US" or not np.isin(labels, (0, 1)).all() for labels in columns):
        return False
    ones = np.concatenate([labels.sum(axis=1) for labels in columns])
    return bool((ones == 1).all() or (missing and ones.max() == 1 and 2 * (ones == 1).sum() > len(ones)))


def _of_several(
    parts: Sequence[Rows], columns: Sequence[NDArray[Any]], reading: Reading, class_names: Sequence[str]
) -> LabelTable:
    """Labels of several columns: left out, the first of each image, or all as attributes."""
    count, numbers = columns[0].shape[1], columns[0].dtype.kind not in "US"
    binary = numbers and all(bool(np.isin(labels, (0, 1)).all()) for labels in columns)
    if reading.labels == "first":
        note = f"Of {count} labels an image, the first is taken."
        firsts = [_first(labels) if binary else labels[:, 0] for labels in columns]
        rows = [rows_of(labels, part.where) for labels, part in zip(firsts, parts, strict=True)]
        table = label_table(rows, replace(reading, labels="auto"), class_names)
        return replace(table, notes=(note, *table.notes))
    if reading.labels == "attributes" and numbers and count <= _MOST_ATTRIBUTES:
        known = len(class_names) == count
        names = tuple(class_names) if known else tuple(f"label {number + 1}" for number in range(count))
        values = np.concatenate(columns).astype(np.float32)
        return LabelTable(attributes=values, attribute_names=names, notes=(f"{count} attributes an image.",))
    choices = "the first of them, or all as attributes" if numbers else "the first of them"
    return LabelTable(
        notes=(f"There are {count} labels an image, which are left out; {choices} can be taken.",)
    )


def _first(labels: NDArray[Any]) -> NDArray[np.int64]:
    """The first column with a 1 in each row of (N, classes); -1 for a row without any."""
    return np.where((labels == 1).any(axis=1), (labels == 1).argmax(axis=1), -1)
