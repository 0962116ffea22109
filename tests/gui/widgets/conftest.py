"""Every widget test runs in the dark theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    if qapp.styleSheet() == "":
        apply_theme(qapp, DARK)


SHAPES = [(1, 28, 28), (1, 28, 20), (3, 32, 32), (3, 8, 64), (1, 33, 17)]
"""Shapes of images (C, H, W), square and not, grey and in colour."""


def random_images(count: int, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Random images, uint8 (count, C, H, W), from a fixed seed."""
    return np.random.default_rng(5).integers(0, 256, (count, *shape), dtype=np.uint8)


def as_painted(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An image (C, H, W) as Qt paints it: (H, W, 3)."""
    return image.repeat(3 // len(image), axis=0).transpose(1, 2, 0)


@pytest.fixture
def noise() -> NDArray[np.uint8]:
    """Random grey images, uint8 (12, 1, 28, 28), from a fixed seed."""
    return np.random.default_rng(3).integers(0, 256, (12, 1, 28, 28), dtype=np.uint8)
