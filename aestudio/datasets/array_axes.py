"""Arrays of images in other orders, brought to (N, height, width, ...): of MATLAB, of EMNIST, flat ones."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.datasets.row_reader import Rows, array_of
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from aestudio.datasets.reading import Axes
    from aestudio.progress import Progress

_CHANNELS = (1, 3, 4)
_LAST = "The number of images is the last of the dimensions {}, as MATLAB has it."
_TRANSPOSED = "Rows and columns exchanged."
FLAT_SIZES = {560: (28, 20)}
"""Height and width of flat images that are no squares: the Frey face."""


def in_order(images: Rows, labels: int | None, axes: Axes = "auto") -> tuple[Rows, tuple[str, ...]]:
    """The images with their number first, and notes on what was exchanged.

    labels: the number of labels beside them, which tells the dimension of the images; None without labels
    """
    shape = " x ".join(map(str, images.shape))
    axes = decided_axes(images, labels, axes)
    if axes == "last":
        return _moved(images, (images.shape[-1], *images.shape[:-1]), _last_first), (_LAST.format(shape),)
    if axes == "transposed":
        return transposed(images), (_TRANSPOSED,)
    return images, ()


def decided_axes(
    images: Rows, labels: int | None, axes: Axes = "auto"
) -> Literal["first", "last", "transposed"]:
    """The axes in which images are read; for "auto" their shape and the number of labels say it."""
    if axes != "auto":
        return axes
    return "last" if _number_is_last(images.shape, labels) else "first"


def labels_in(labels: Rows | None) -> int | None:
    """How many labels there are, also in a row of MATLAB's, (1, N)."""
    if labels is None or not labels.shape:
        return None
    return labels.shape[1] if _is_row(labels) else labels.shape[0]


def flat_labels(labels: Rows | None, images: int) -> Rows | None:
    """Labels with their number first: those of MATLAB may be a row (1, N)."""
    if labels is None or images == 1 or not _is_row(labels):
        return labels
    return _moved(labels, (labels.shape[1],), lambda array: array.reshape(-1))


def _is_row(labels: Rows) -> bool:
    return len(labels.shape) == 2 and labels.shape[0] == 1 and labels.shape[1] > 1


def first_column(labels: Rows) -> Rows:
    """The first of several columns (N, columns), as (N,)."""

    def batches(count: int) -> Iterator[NDArray[Any]]:
        return (batch[:, 0] for batch in labels.batches(count))

    return replace(labels, shape=labels.shape[:1], batches=batches)


def transposed(images: Rows) -> Rows:
    """Images (N, H, W, ...), or flat squares, with rows and columns exchanged."""
    shape = images.shape
    side = math.isqrt(shape[1]) if len(shape) == 2 else 0
    square = (shape[0], side, side) if side and side * side == shape[1] else shape

    def exchanged(array: NDArray[Any]) -> NDArray[Any]:
        array = array.reshape(len(array), *square[1:])
        return array.swapaxes(1, 2) if array.ndim > 2 else array

    if len(square) < 3:
        return images
    new = (square[0], square[2], square[1], *square[3:])
    whole = images.whole

    def batches(count: int) -> Iterator[NDArray[Any]]:
        return (exchanged(batch) for batch in images.batches(count))

    def at_once(progress: Progress) -> NDArray[Any]:
        return exchanged(array_of(images, progress))

    return replace(images, shape=new, batches=batches, whole=at_once if whole else None)


def _number_is_last(shape: tuple[int, ...], labels: int | None) -> bool:
    if len(shape) not in (2, 3, 4) or shape[0] == shape[-1]:
        return False
    if labels is not None and labels in (shape[0], shape[-1]):
        return labels == shape[-1]
    if len(shape) == 2:
        return not _is_flat(shape[1]) and not _is_flat(shape[1] // 3) and _is_flat(shape[0])
    if len(shape) == 3:
        return shape[0] == shape[1] and shape[2] not in _CHANNELS
    return shape[0] == shape[1] and shape[2] in _CHANNELS and shape[3] not in _CHANNELS


def _is_flat(numbers: int) -> bool:
    side = math.isqrt(numbers)
    return numbers >= 64 and (side * side == numbers or numbers in FLAT_SIZES)


def _last_first(array: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))


def _moved(images: Rows, shape: tuple[int, ...], move: Callable[[NDArray[Any]], NDArray[Any]]) -> Rows:
    """Rows that do not lie one after another in the file: read at once."""

    def whole(progress: Progress) -> NDArray[Any]:
        return move(array_of(images, progress))

    def batches(count: int) -> Iterator[NDArray[Any]]:
        array = whole(silent)
        return (array[start : start + count] for start in range(0, len(array), count))

    return replace(images, shape=shape, batches=batches, whole=whole)
