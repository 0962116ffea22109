"""A hint in a narrow area is written smaller, so that no word of it is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.painting import write_hint
from aestudio.gui.widgets.pixmap import array_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def ink_width(text: str, width: int, size: int = 24) -> int:
    """From the first to the last column with ink, of a text in an area of this width."""
    image = QImage(width, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    letters = font(current_theme())
    letters.setPixelSize(size)
    painter.setFont(letters)
    write_hint(painter, QRect(0, 0, width, 60), text)
    painter.end()
    return int(np.ptp(np.flatnonzero((array_of(image).max(axis=-1) > 60).any(axis=0))))


@pytest.mark.parametrize("width", [40, 50, 60])
def test_a_word_that_is_too_long_is_smaller_and_whole(width: int, qapp: QApplication) -> None:
    shown, whole = ink_width("output", width), [ink_width("output", 300, size) for size in range(8, 24)]
    assert shown == max(one for one in whole if one <= shown), "as wide as in one of the smaller sizes"
    assert 0.7 * width < shown < width


def test_a_word_that_fits_keeps_its_size(qapp: QApplication) -> None:
    assert ink_width("output", 120) == ink_width("output", 300)
