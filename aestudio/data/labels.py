"""Labels as users have them (any integers, names, one column per class) to indices and class names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import StudioError
from aestudio.printable import shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_CLASSES = 1000
_LARGEST = 2**31
_LONGEST_NAME = 80


def index_labels(labels: NDArray[Any], where: str) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Indices int64 (N,) and the names of the classes they point at, in ascending order of the labels.

    labels: (N,) or (N, 1) non-negative whole numbers or texts, or (N, classes) with a single 1 per row
    where:  the file, for messages

    Raises StudioError where they are none of these, or of more than 1,000 kinds.
    """
    flat = _flatten(labels, where)
    if flat.dtype.kind not in "uU":
        _check_numbers(flat, where)
    values, indices = np.unique(flat, return_inverse=True)
    if len(values) > _MOST_CLASSES:
        raise StudioError(
            f"There are {len(values):,} different labels, more than {_MOST_CLASSES:,}",
            where=where,
            advice="Choose labels that are classes, or leave the labels out.",
        )
    names = values if values.dtype.kind == "U" else values.astype(np.int64)
    return indices.reshape(-1).astype(np.int64), tuple(class_name(str(name)) for name in names)


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


def _flatten(labels: NDArray[Any], where: str) -> NDArray[Any]:
    if labels.dtype.kind not in "buifU" or labels.ndim not in (1, 2):
        raise StudioError(
            f"Labels of type {labels.dtype} and shape {labels.shape} cannot be understood",
            where=where,
            advice="Allowed: one whole number or text per image.",
        )
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


def _check_numbers(labels: NDArray[Any], where: str) -> None:
    if labels.dtype.kind == "b":
        return
    bad = ~((labels >= 0) & (labels < _LARGEST) & (labels == np.rint(labels)))  # NaN is bad, too
    if bad.any():
        raise StudioError(
            f"A label is out of range: {labels[bad][0]} where whole numbers from 0 on are allowed",
            where=where,
            advice="Correct the labels, or leave them out.",
        )
