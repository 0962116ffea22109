"""Shapes of what encoder and head take when they are told a condition; the tensors are in `objectives`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.recipes.objective import condition_size

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.layers.layer import Shape
    from aestudio.recipes.objective import ConditionKind


def with_channels(condition: ConditionKind, data: DataShape) -> Shape:
    """An image with one further channel for each number of the condition: (C + K, H, W)."""
    channels, height, width = data.image.array
    return channels + condition_size(condition, data), height, width


def beside(condition: ConditionKind, data: DataShape, size: int) -> Shape:
    """Flat values with the numbers of the condition after them: (size + K,)."""
    return (size + condition_size(condition, data),)
