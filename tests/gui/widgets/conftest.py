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


@pytest.fixture
def noise() -> NDArray[np.uint8]:
    """Random grey images, uint8 (12, 1, 28, 28), from a fixed seed."""
    return np.random.default_rng(3).integers(0, 256, (12, 1, 28, 28), dtype=np.uint8)
