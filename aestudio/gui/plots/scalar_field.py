"""A field under the points of a map, smooth and in one faint hue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from aestudio.gui.theme.scales import field_table, to_steps
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from aestudio.gui.plots.map_layers import FieldImage
    from aestudio.gui.theme.tokens import Theme


class ScalarField(pg.GraphicsObject):
    """Drawn under the points, over the grid lines; opaque, which Qt draws faster than transparency."""

    def __init__(self) -> None:
        super().__init__()
        self._field: FieldImage | None = None
        self._image: tuple[object, QImage] | None = None

    def set_field(self, field: FieldImage | None) -> None:
        """Show this field; None removes it."""
        self.prepareGeometryChange()
        self._field, self._image = field, None
        self.update()

    def boundingRect(self) -> QRectF:
        """The rectangle of the field."""
        if self._field is None:
            return QRectF()
        x0, x1, y0, y1 = self._field.rect
        return QRectF(x0, y0, x1 - x0, y1 - y0)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        view_box = self.getViewBox()
        if self._field is None or view_box is None:
            return
        theme = current_theme()
        if self._image is None or self._image[0] != theme:
            self._image = (theme, image_of(self._field, theme))
        image = self._image[1]
        box = self.boundingRect()
        shown = box.intersected(view_box.viewRect())
        if shown.isEmpty():
            return
        across, down = image.width() / box.width(), image.height() / box.height()
        source = QRectF(
            (shown.left() - box.left()) * across,
            (shown.top() - box.top()) * down,
            shown.width() * across,
            shown.height() * down,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(shown, image, source)


def image_of(field: FieldImage, theme: Theme) -> QImage:
    """The field in colours, last row first because the map's y grows upward; the panel if unknown."""
    table = field_table(theme)
    colours = table[to_steps(field.values, *field.limits)]
    colours[~np.isfinite(field.values)] = table[0]
    rows = np.ascontiguousarray(colours[::-1].astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32))
    height, width = rows.shape
    return QImage(rows.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()
