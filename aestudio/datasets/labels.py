"""Converts users' labels (whole numbers, names, one column per class) to indices and class names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.datasets.row_reader import rows_in
from aestudio.errors import StudioError
from aestudio.printable import shortened
from aestudio.storage.arrays import check_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.row_reader import Rows

_MOST_CLASSES = 1000
_MOST_COLUMNS = 10_000
_LARGEST = 2**31
_LONGEST_NAME = 80
_LONGEST_TEXT = 4_000  # bytes: a thousand characters
_BATCH = 1 << 20  # bytes at a time


def check_labels(parts: Sequence[Rows]) -> None:
    """Raises StudioError if the parts have types or shapes that labels cannot have, or different shapes."""
    if len({part.shape[1:] for part in parts}) > 1:
        raise StudioError(
            "Training labels and test labels are of different shapes",
            where=parts[-1].where,
            advice="Save both in the same form.",
        )
    for part in parts:
        if part.dtype.kind not in "buifU" or len(part.shape) not in (1, 2) or part.row > _MOST_COLUMNS:
            raise StudioError(
                f"Labels of type {part.dtype} and shape {part.shape} cannot be understood",
                where=part.where,
                advice="Allowed: one whole number or text per image.",
            )
        if part.dtype.itemsize > _LONGEST_TEXT:
            raise StudioError(
                "A single label is longer than any name",
                where=part.where,
                advice="Save the labels as whole numbers or as short names.",
            )


def index_labels(parts: Sequence[Rows]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Indices int64 (N,) and the names of the classes they point at, in ascending order of the labels.

    parts: (N,) or (N, 1) non-negative whole numbers or texts, or (N, classes) with a single 1 per row; they
           are read twice, a batch at a time

    Raises StudioError if they are none of these, or more than 1,000 classes.
    """
    check_labels(parts)
    kind = np.result_type(*(part.dtype for part in parts))
    values = np.zeros(0, kind if len(parts[0].shape) == 1 or parts[0].row == 1 else np.int64)
    for labels in _batches(parts, kind):
        values = np.union1d(values, labels)
        if len(values) > _MOST_CLASSES:
            raise StudioError(
                f"There are more than {_MOST_CLASSES:,} different labels",
                where=parts[0].where,
                advice="Choose labels that are classes, or leave the labels out.",
            )
    indices = np.empty(sum(map(len, parts)), np.int64)
    done = 0
    for labels in _batches(parts, kind):
        indices[done : done + len(labels)] = np.searchsorted(values, labels)
        done += len(labels)
    names = values if values.dtype.kind == "U" else values.astype(np.int64)
    return indices, tuple(class_name(str(name)) for name in names)


def class_name(text: str) -> str:
    """A class's name as it is shown and exported: printable, and no longer than a legend can take."""
    return shortened(text, _LONGEST_NAME)


def check_counts(images: int, labels: int, where: str) -> None:
    """Raises StudioError unless there is one label per image."""
    if images != labels:
        raise StudioError(
            f"There are {images:,} images, but {labels:,} labels",
            where=where,
            advice="Choose images and labels that belong together.",
        )


def _batches(parts: Sequence[Rows], kind: np.dtype[Any]) -> Iterator[NDArray[Any]]:
    """Labels of one type, (n,) at a time; raises StudioError for those that are out of range."""
    for part in parts:
        for batch in part.batches(rows_in(_BATCH, part.row * max(kind.itemsize, part.dtype.itemsize))):
            labels = _flatten(batch.astype(kind, copy=False), part.where)
            if labels.dtype.kind == "U":
                _check_texts(labels, part.where)
            else:
                _check_numbers(labels, part.where)
            yield labels


def _flatten(labels: NDArray[Any], where: str) -> NDArray[Any]:
    if labels.ndim == 1:
        return labels
    if labels.shape[1] == 1:
        return labels[:, 0]
    if labels.dtype.kind == "U" or not (np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all()):
        raise StudioError(
            f"Labels of shape {labels.shape} are not a single 1 per row",
            where=where,
            advice="Allowed: one whole number or text per image.",
        )
    return labels.argmax(axis=1)


def _check_texts(labels: NDArray[Any], where: str) -> None:
    try:
        check_texts("An array of labels", labels)
    except ValueError as error:
        advice = "Correct the labels, or leave them out."
        raise StudioError(str(error), where=where, advice=advice) from error


def _check_numbers(labels: NDArray[Any], where: str) -> None:
    if labels.dtype.kind == "b":
        return
    bad = ~((labels >= 0) & (labels < _LARGEST) & (labels == np.rint(labels)))  # NaN is bad, too
    if bad.any():
        raise StudioError(
            f"A label is out of range: {labels[bad][0]} where whole numbers of at least 0 are allowed",
            where=where,
            advice="Correct the labels, or leave them out.",
        )
