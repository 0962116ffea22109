"""The layer between features and code that most objectives own. No torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten

if TYPE_CHECKING:
    from aestudio.layers.layer import Layer, Shape


def flat_code(features: Shape, size: int) -> tuple[Layer, ...]:
    """Features (F,) or maps (C, H, W) -> (size,): one dense layer, after flattening maps."""
    return (Dense(size),) if len(features) == 1 else (Flatten(), Dense(size))
