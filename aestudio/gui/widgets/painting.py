"""A painter that is always ended: an exception with an active painter would abort the process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPaintDevice


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """Provide a painter on a widget, image or pixmap, and end it."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()
