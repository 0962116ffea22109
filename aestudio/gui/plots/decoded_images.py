"""Decoded images at their places on the plane, under the points of a map, in a faint ink on the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import channels
from aestudio.gui.widgets.pixmap import enlarged, packed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from aestudio.gui.plots.map_layers import ImagesOnPlane, PointStyle
    from aestudio.gui.theme.tokens import Theme

STRENGTHS = {
    "dark": {"full": 0.45, "faint": 0.65, "hidden": 0.95},
    "light": {"full": 0.36, "faint": 0.55, "hidden": 0.9},
}
"""Of the ink: opaque points must be what is seen first; where they step back, the images come forward."""
_MOST_ENLARGED = 6  # device pixels per pixel; larger ones are enlarged by the painter
_NEARLY = 0.75  # device pixels by which all images together may miss a whole number of pixels each


class DecodedImages(pg.GraphicsObject):
    """Images in whole device pixels where the view has space for that, as after it has come to rest."""

    def __init__(self) -> None:
        super().__init__()
        self._images: ImagesOnPlane | None = None
        self._under: PointStyle = "full"
        self._inked: tuple[object, NDArray[np.uint32]] | None = None
        self._drawn: tuple[object, QImage] | None = None

    @property
    def images(self) -> ImagesOnPlane | None:
        """What is drawn, None if nothing is."""
        return self._images

    def set_images(self, images: ImagesOnPlane | None) -> None:
        """Draw these images; None removes them."""
        if images is self._images:
            return
        self.prepareGeometryChange()
        self._images, self._inked, self._drawn = images, None, None
        self.update()

    def set_under(self, style: PointStyle) -> None:
        """Be as strong as the points over the images allow."""
        if style != self._under:
            self._under, self._inked, self._drawn = style, None, None
            self.update()

    def boundingRect(self) -> QRectF:
        """The rectangle of all images."""
        if self._images is None:
            return QRectF()
        x0, x1, y0, y1 = self._images.rect
        return QRectF(x0, y0, x1 - x0, y1 - y0)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        view_box = self.getViewBox()
        if self._images is None or view_box is None:
            return
        to_widget, ratio = painter.worldTransform(), painter.device().devicePixelRatio()
        area = to_widget.mapRect(self.boundingRect())
        view = to_widget.mapRect(view_box.viewRect())
        scale = area.width() * ratio / self._images.mosaic.shape[-1]
        whole = round(scale)
        missed = abs(scale - whole) * max(self._images.mosaic.shape[-2:])
        painter.save()
        painter.setWorldTransform(QTransform())
        if 1 <= whole <= _MOST_ENLARGED and missed <= _NEARLY:
            image = self._image(whole)
            image.setDevicePixelRatio(ratio)
            corner = QPointF(round(area.left() * ratio) / ratio, round(area.top() * ratio) / ratio)
            painter.drawImage(corner, image)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
            self._draw_scaled(painter, area, view)
        painter.restore()

    def _draw_scaled(self, painter: QPainter, area: QRectF, view: QRectF) -> None:
        """Draw the visible part at any scale."""
        image, shown = self._image(1), area.intersected(view)
        image.setDevicePixelRatio(1)
        across, down = image.width() / area.width(), image.height() / area.height()
        source = QRectF(
            (shown.left() - area.left()) * across,
            (shown.top() - area.top()) * down,
            shown.width() * across,
            shown.height() * down,
        )
        painter.drawImage(shown, image, source)

    def _image(self, scale: int) -> QImage:
        """All images, enlarged `scale` times; the last one is kept."""
        assert self._images is not None
        theme = current_theme()
        if self._inked is None or self._inked[0] != theme:
            strength = STRENGTHS[theme.name][self._under]
            self._inked = (theme, inked(self._images.mosaic, theme, strength))
        key = (theme, scale)
        if self._drawn is None or self._drawn[0] != key:
            pixels = np.ascontiguousarray(enlarged(self._inked[1], scale))
            height, width = pixels.shape
            shape = QImage.Format.Format_ARGB32_Premultiplied
            self._drawn = (key, QImage(pixels.data, width, height, width * 4, shape).copy())
        return self._drawn[1]


def inked(mosaic: NDArray[np.uint8], theme: Theme, strength: float) -> NDArray[np.uint32]:
    """Images uint8 (C, H, W) as premultiplied 0xAARRGGBB (H, W): their ink, or their colours, transparent.

    Grey ones are drawn in the theme's ink, 0 is transparent and 255 has the whole strength.
    """
    if len(mosaic) > 1:
        alpha = round(255 * strength)
        return packed((mosaic * strength).round().astype(np.uint8)) - np.uint32((255 - alpha) << 24)
    alphas = np.rint(np.arange(256) * strength).astype(np.uint32)
    table = alphas << np.uint32(24)
    for shift, channel in zip((16, 8, 0), channels(theme.text), strict=True):
        table |= np.rint(alphas * (channel / 255)).astype(np.uint32) << np.uint32(shift)
    return table[mosaic[0]]
