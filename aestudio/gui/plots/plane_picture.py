"""A picture in a rectangle of a map's plane, under its points, in the colours of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage, QPainter


class OnPlane(Protocol):
    """What lies in a rectangle of the plane. rect: left, right, bottom, top"""

    @property
    def rect(self) -> tuple[float, float, float, float]: ...


Content = TypeVar("Content", bound=OnPlane)
Made = TypeVar("Made")


class PlanePicture(pg.GraphicsObject, Generic[Content]):
    """Holds what is drawn, and keeps what was made of it until it, the theme or the key changes."""

    def __init__(self) -> None:
        super().__init__()
        self._content: Content | None = None
        self._kept: dict[str, tuple[object, Any]] = {}  # by the name of the function

    def _set_content(self, content: Content | None) -> None:
        """Draw this; None removes it."""
        self.prepareGeometryChange()
        self._content = content
        self._make_again()

    def _make_again(self) -> None:
        self._kept.clear()
        self.update()

    def _made(self, make: Callable[..., Made], *key: object) -> Made:
        """What `make(*key)` returns; the last one of this function is kept for a theme."""
        known, name = (current_theme(), *key), make.__name__
        if name not in self._kept or self._kept[name][0] != known:
            self._kept[name] = known, make(*key)
        made: Made = self._kept[name][1]
        return made

    def boundingRect(self) -> QRectF:
        """The rectangle of what is drawn."""
        if self._content is None:
            return QRectF()
        x0, x1, y0, y1 = self._content.rect
        return QRectF(x0, y0, x1 - x0, y1 - y0)


def draw_part(painter: QPainter, image: QImage, area: QRectF, view: QRectF) -> None:
    """Draw the part of an image that is visible, at any scale.

    area: which the whole image fills; view: what is visible, in the same coordinates
    """
    shown = area.intersected(view)
    if shown.isEmpty():
        return
    across, down = image.width() / area.width(), image.height() / area.height()
    source = QRectF(
        (shown.left() - area.left()) * across,
        (shown.top() - area.top()) * down,
        shown.width() * across,
        shown.height() * down,
    )
    painter.drawImage(shown, image, source)
