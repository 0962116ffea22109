"""Weights of any shape as images that are equally large, each weight a square of whole pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.views.shared.signed_pages import SignedTiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.first_layer import FirstLayer
    from aestudio.datasets.image_shape import ImageShape

# As torch names and orders them: reset, update, new; input, forget, cell, output.
GATES = {"gru": ("r", "z", "n"), "lstm": ("i", "f", "g", "o")}


def weight_tiles(layer: FirstLayer, shape: ImageShape) -> SignedTiles:
    """The first layer's weights as images float32 (N, C, H, W); none if they cannot be shown.

    shape: of the images that the model takes
    """
    if layer.images is None:
        return SignedTiles(np.zeros((0, *shape.array), np.float32), ())
    if layer.kind == "gates":
        return _gate_tiles(layer.images, GATES[layer.cell])
    captions = tuple(f"{index}" for index in range(len(layer.images)))
    tiles = layer.images if layer.kind == "units" else _enlarged(layer.images, shape)
    return SignedTiles(tiles, captions)


def _enlarged(kernels: NDArray[np.float32], shape: ImageShape) -> NDArray[np.float32]:
    """Enlarge kernels (N, C, h, w) by the largest whole factor that fits into the longer side of an image.

    Around grey ones there are zeros up to that side. Zeros around colour ones would be a grey frame.
    """
    count, channels, height, width = kernels.shape
    side = max(shape.height, shape.width, height, width)
    factor = side // max(height, width)
    large = kernels.repeat(factor, axis=-2).repeat(factor, axis=-1)
    if channels > 1:
        return large
    top, left = (side - height * factor) // 2, (side - width * factor) // 2
    tiles = np.zeros((count, channels, side, side), np.float32)
    tiles[..., top : top + height * factor, left : left + width * factor] = large
    return tiles


def _gate_tiles(gates: NDArray[np.float32], names: tuple[str, ...]) -> SignedTiles:
    """Weights of G gates (G, C, U, W), cut into blocks of W units."""
    _, channels, units, side = gates.shape
    tiles, captions = [], []
    for name, rows in zip(names, gates, strict=True):
        for start in range(0, units, side):
            block = rows[:, start : start + side]
            tile = np.zeros((channels, side, side), np.float32)
            tile[:, : block.shape[1]] = block
            tiles.append(tile)
            captions.append(f"{name} {start}–{start + block.shape[1] - 1}")
    return SignedTiles(np.stack(tiles), tuple(captions))
