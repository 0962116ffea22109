"""A field under the points of a map, smooth and in one faint hue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage, QPainter

from aestudio.gui.plots.plane_picture import PlanePicture, draw_part
from aestudio.gui.theme.scales import field_table, to_steps
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from aestudio.gui.plots.map_layers import FieldImage
    from aestudio.gui.theme.tokens import Theme


class ScalarField(PlanePicture["FieldImage"]):
    """Drawn under the points, over the grid lines; opaque, which Qt draws faster than transparency."""

    def set_field(self, field: FieldImage | None) -> None:
        """Show this field; None removes it."""
        self._set_content(field)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        view_box = self.getViewBox()
        if self._content is None or view_box is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        draw_part(painter, self._made(self._image), self.boundingRect(), view_box.viewRect())

    def _image(self) -> QImage:
        assert self._content is not None
        return image_of(self._content, current_theme())


def image_of(field: FieldImage, theme: Theme) -> QImage:
    """The field in colours, last row first because the map's y grows upward; the panel if unknown."""
    table = field_table(theme)
    colours = table[to_steps(field.values, *field.limits)]
    colours[~np.isfinite(field.values)] = table[0]
    rows = np.ascontiguousarray(colours[::-1].astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32))
    height, width = rows.shape
    return QImage(rows.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()
