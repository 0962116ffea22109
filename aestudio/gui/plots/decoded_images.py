"""Decoded images at their places on the plane, under the points of a map, in a faint ink on the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter, QTransform

from aestudio.gui.plots.plane_picture import PlanePicture, draw_part
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


class DecodedImages(PlanePicture["ImagesOnPlane"]):
    """Images in whole device pixels where the view has space for that, as after it has come to rest."""

    def __init__(self) -> None:
        super().__init__()
        self._under: PointStyle = "full"

    @property
    def images(self) -> ImagesOnPlane | None:
        """What is drawn, None if nothing is."""
        return self._content

    def set_images(self, images: ImagesOnPlane | None) -> None:
        """Draw these images; None removes them."""
        if images is not self._content:
            self._set_content(images)

    def set_under(self, style: PointStyle) -> None:
        """Be as strong as the points over the images allow."""
        if style != self._under:
            self._under = style
            self._make_again()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        view_box = self.getViewBox()
        if self._content is None or view_box is None:
            return
        to_widget, ratio = painter.worldTransform(), painter.device().devicePixelRatio()
        area = to_widget.mapRect(self.boundingRect())
        view = to_widget.mapRect(view_box.viewRect())
        scale = area.width() * ratio / self._content.mosaic.shape[-1]
        whole = round(scale)
        missed = abs(scale - whole) * max(self._content.mosaic.shape[-2:])
        painter.save()
        painter.setWorldTransform(QTransform())
        if 1 <= whole <= _MOST_ENLARGED and missed <= _NEARLY:
            image = self._made(self._image, whole)
            image.setDevicePixelRatio(ratio)
            corner = QPointF(round(area.left() * ratio) / ratio, round(area.top() * ratio) / ratio)
            painter.drawImage(corner, image)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
            image = self._made(self._image, 1)
            image.setDevicePixelRatio(1)
            draw_part(painter, image, area, view)
        painter.restore()

    def _image(self, scale: int) -> QImage:
        """All images, enlarged `scale` times."""
        pixels = np.ascontiguousarray(enlarged(self._made(self._inked), scale))
        height, width = pixels.shape
        shape = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(pixels.data, width, height, width * 4, shape).copy()

    def _inked(self) -> NDArray[np.uint32]:
        assert self._content is not None
        theme = current_theme()
        return inked(self._content.mosaic, theme, STRENGTHS[theme.name][self._under])


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
