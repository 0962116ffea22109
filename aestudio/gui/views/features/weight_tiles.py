"""Weights of any shape as images of 28 x 28, each weight a square of whole pixels. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.first_layer import FirstLayer

GATES = ("r", "z", "n")  # reset, update and new gate, as torch names them


@dataclass(frozen=True, eq=False)
class WeightTiles:
    """images: float32 (N, 28, 28) in [-1, 1], zero beside the weights; captions: one for each image."""

    images: NDArray[np.float32]
    captions: tuple[str, ...]


def weight_tiles(layer: FirstLayer) -> WeightTiles:
    """The first layer's weights as images float32 (N, 28, 28); none (0, 28, 28) if they cannot be shown."""
    if layer.images is None:
        return WeightTiles(np.zeros((0, SIDE, SIDE), np.float32), ())
    if layer.kind == "gates":
        return _gate_tiles(layer.images)
    captions = tuple(f"{index}" for index in range(len(layer.images)))
    return WeightTiles(_enlarged(layer.images), captions)


def _enlarged(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Enlarge weights (N, H, W), H and W <= 28, by the largest whole factor, to (N, 28, 28)."""
    count, height, width = weights.shape
    factor = SIDE // max(height, width)
    large = weights.repeat(factor, axis=1).repeat(factor, axis=2)
    top, left = (SIDE - height * factor) // 2, (SIDE - width * factor) // 2
    tiles = np.zeros((count, SIDE, SIDE), np.float32)
    tiles[:, top : top + height * factor, left : left + width * factor] = large
    return tiles


def _gate_tiles(gates: NDArray[np.float32]) -> WeightTiles:
    """Weights of three gates (3, U, 28), cut into blocks of 28 units."""
    tiles, captions = [], []
    for name, rows in zip(GATES, gates, strict=True):
        for start in range(0, len(rows), SIDE):
            block = rows[start : start + SIDE]
            tile = np.zeros((SIDE, SIDE), np.float32)
            tile[: len(block)] = block
            tiles.append(tile)
            captions.append(f"{name} {start}–{start + len(block) - 1}")
    return WeightTiles(np.stack(tiles), tuple(captions))
