"""A painter that is ended whatever happens: an error inside a paint event otherwise ends the process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPaintDevice


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter on a widget, image or pixmap."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()
