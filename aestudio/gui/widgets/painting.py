"""A painter that is always ended, because an exception with an active one would abort the process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter

from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QRect, QRectF
    from PySide6.QtGui import QPaintDevice

_LEAST_TYPE = 8  # pixels


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """Provide a painter on a widget, image or pixmap, and end it."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


def write_hint(painter: QPainter, area: QRectF | QRect, text: str) -> None:
    """Write why nothing is there, in the middle of an area and in the muted colour.

    Where the longest word would be cut, the type is smaller.
    """
    widest = max(map(painter.fontMetrics().horizontalAdvance, text.split()), default=0)
    if widest > area.width():
        smaller = painter.font()
        smaller.setPixelSize(max(_LEAST_TYPE, int(smaller.pixelSize() * area.width() / widest)))
        painter.setFont(smaller)
    painter.setPen(QColor(current_theme().muted))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
