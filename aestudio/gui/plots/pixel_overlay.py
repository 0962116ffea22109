"""Base class of items that are drawn over a whole plot in pixels, independent of the zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QTransform

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class PixelOverlay(pg.GraphicsObject):
    """An item as large as its view; subclasses draw in the widget's pixels."""

    def boundingRect(self) -> QRectF:
        """The whole view."""
        view_box = self.getViewBox()
        return QRectF() if view_box is None else view_box.viewRect()

    def viewTransformChanged(self) -> None:
        """The view changed, and with it the bounding rectangle."""
        self.prepareGeometryChange()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        to_widget = painter.worldTransform()
        painter.save()
        painter.setWorldTransform(QTransform())
        self.draw(painter, to_widget)
        painter.restore()

    def draw(self, painter: QPainter, to_widget: QTransform) -> None:
        """Draw in pixels; `to_widget` maps the plot's coordinates to pixels."""
        raise NotImplementedError
