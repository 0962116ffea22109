"""The weights of any layer as signed pictures."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, prod, sqrt
from typing import TYPE_CHECKING, Literal

import numpy as np

from aestudio.layers.convolution import MAP_AXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.layers.layer import Shape
    from aestudio.recipes.network_layers import NetworkLayer
    from aestudio.training.events import Snapshot

PictureOf = Literal["unit", "filter", "input", "map", "matrix"]
MOST_SIDE = 96  # pixels of a picture; of larger matrices each pixel stands for several weights
_KERNEL_AXES = 4
_WIDER = 1.5


@dataclass(frozen=True, eq=False)
class WeightPictures:
    """One matrix of a layer.

    images: float32 (n, H, W) in [-1, 1]: each divided by its largest magnitude
    of:     what a picture shows: a unit's weights to all of its inputs, a filter's kernels side by side, what
            an input number or an input map writes, or the whole matrix, a row for each unit
    name:   of the matrix in the module: "weight"
    shape:  of the matrix
    pooled: how many weights in each direction a pixel stands for: that of the largest magnitude
    """

    images: NDArray[np.float32]
    of: PictureOf
    name: str
    shape: Shape
    pooled: int = 1


def matrices(layer: NetworkLayer, snapshot: Snapshot) -> tuple[str, ...]:
    """The names of a layer's matrices and kernels among the snapshot's weights, without biases."""
    return tuple(
        name
        for name, values in snapshot.weights.items()
        if values.ndim > 1 and any(name.startswith(f"{module}.") for module in layer.modules)
    )


def weight_pictures(layer: NetworkLayer, snapshot: Snapshot, matrix: str) -> WeightPictures:
    """One matrix of the layer, by its name among the snapshot's weights.

    Maps (C, H, W) that a unit reads or writes are put side by side in one picture.
    """
    weights = np.asarray(snapshot.weights[matrix], np.float32)
    rows, of = _rows(layer, weights)
    pictures = np.stack([mosaic(row) for row in rows]) if len(rows) else np.zeros((0, 1, 1), np.float32)
    pictures, pooled = pooled_to(pictures, MOST_SIDE)
    name = matrix.rpartition(".")[2]
    return WeightPictures(scaled(pictures), of, name, weights.shape, pooled)


def _rows(layer: NetworkLayer, weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], PictureOf]:
    """The weights, one entry for each picture, each as maps (C, H, W) or a matrix (H, W)."""
    if weights.ndim == _KERNEL_AXES:
        # Kernels (filters, inputs, k, k); of transposed convolutions (inputs, filters, k, k).
        return weights, "map" if layer.shape[1:] > layer.inputs[1:] else "filter"
    flat = weights.reshape(len(weights), -1)
    if len(layer.reads) == MAP_AXES and flat.shape[1] == prod(layer.reads):
        return flat.reshape(-1, *layer.reads), "unit"
    if len(layer.shape) == MAP_AXES and len(flat) == prod(layer.shape):
        return flat.T.reshape(-1, *layer.shape), "input"
    return flat[None], "matrix"


def mosaic(values: NDArray[np.float32], columns: int = 0) -> NDArray[np.float32]:
    """Maps (C, H, W) side by side in a rectangle (h, w), zeros in what is left; (H, W) as it is.

    A row (F,) fills such a rectangle line by line. columns: as in `mosaic_size`
    """
    if values.ndim == 1:
        values = values[:, None, None]
    if values.ndim < MAP_AXES:
        return values
    height, width = mosaic_size(values.shape, columns)
    _, map_height, map_width = values.shape
    rows, across = height // map_height, width // map_width
    whole = np.zeros((rows * across, map_height, map_width), values.dtype)
    whole[: len(values)] = values
    return whole.reshape(rows, across, map_height, map_width).swapaxes(1, 2).reshape(height, width)


def mosaic_size(shape: Sequence[int], columns: int = 0) -> tuple[int, int]:
    """Height and width of the picture of an example of this shape.

    columns: maps side by side, or numbers of a row; 0 for a nearly square picture
    """
    if len(shape) == 2:
        return shape[0], shape[1]
    count, height, width = shape if len(shape) == MAP_AXES else (prod(shape), 1, 1)
    columns = columns or even_columns(count, max(1, round(sqrt(count * height / width))))
    return ceil(count / columns) * height, columns * width


def even_columns(count: int, about: int) -> int:
    """A number of columns near `about` for `count` maps, so that no place is left empty if possible."""
    about = max(1, min(count, about))
    most = min(count, int(_WIDER * about))
    return next((columns for columns in range(about, most + 1) if count % columns == 0), about)


def pooled_to(images: NDArray[np.float32], most: int) -> tuple[NDArray[np.float32], int]:
    """Images (n, H, W) with sides up to `most`, and the side of the squares that each pixel stands for.

    Of each square the value of the largest magnitude is kept, so that no large weight vanishes.
    """
    count, height, width = images.shape
    factor = max(1, ceil(max(height, width) / most))
    if factor == 1:
        return images, 1
    rows, columns = ceil(height / factor), ceil(width / factor)
    padded = np.zeros((count, rows * factor, columns * factor), np.float32)
    padded[:, :height, :width] = images
    squares = padded.reshape(count, rows, factor, columns, factor).swapaxes(2, 3)
    squares = squares.reshape(count, rows, columns, factor**2)
    largest = np.abs(squares).argmax(-1)
    return np.take_along_axis(squares, largest[..., None], -1)[..., 0], factor


def scaled(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Images (n, H, W), each divided by its largest magnitude."""
    if not images.size:
        return images
    largest = np.abs(images).max(axis=(1, 2), keepdims=True)
    return images / np.where(largest > 0, largest, 1).astype(np.float32)
