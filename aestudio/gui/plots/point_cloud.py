"""Up to 70,000 coloured points as one picture, drawn again only when the view or the points changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from aestudio.gui.plots.raster import Pixels, dot_size, rasterise

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

Points = npt.NDArray[np.float32]


class PointCloud(pg.GraphicsObject):
    """Points (N, 2) with a colour each; hidden ones have the colour 0."""

    def __init__(self) -> None:
        super().__init__()
        self._xy: Points = np.empty((0, 2), dtype=np.float32)
        self._colours: Pixels = np.empty(0, dtype=np.uint32)
        self._bounds = QRectF()
        self._picture: tuple[object, QImage, int, npt.NDArray[np.uint32]] | None = None
        self._generation = 0

    def set_points(self, xy: Points, colours: Pixels) -> None:
        """Replace all points; colours are opaque 0xffRRGGBB, or 0 where a point is hidden."""
        self.prepareGeometryChange()
        shown = (colours != 0) & np.isfinite(xy).all(axis=1)
        self._xy, self._colours = xy[shown], colours[shown]
        self._bounds = _bounds(xy)
        self._generation += 1
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The points' box, with room for half a dot on each side."""
        width, height = self.pixelVectors()
        reach_x = 5 * (width.x() if width is not None else 0)
        reach_y = 5 * abs(height.y() if height is not None else 0)
        return self._bounds.adjusted(-reach_x, -reach_y, reach_x, reach_y)

    def viewTransformChanged(self) -> None:  # noqa: N802 - pyqtgraph's name
        """The half dot has become another number of data units."""
        self.prepareGeometryChange()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002 - Qt calls it so
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        view_box = self.getViewBox()
        if not len(self._xy) or view_box is None:
            return
        to_widget = painter.worldTransform()
        ratio = painter.device().devicePixelRatio()
        window = to_widget.mapRect(view_box.viewRect()).toAlignedRect()
        key = (self._generation, to_widget.m11(), to_widget.m22(), to_widget.dx(), to_widget.dy(),
               window.getRect(), ratio)  # fmt: skip
        if self._picture is None or self._picture[0] != key:
            self._picture = (key, *self._drawn(to_widget, window.getRect(), ratio))
        _, image, border, _ = self._picture
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.drawImage(QPointF(window.x() - border / ratio, window.y() - border / ratio), image)
        painter.restore()

    def _drawn(
        self, to_widget: QTransform, window: tuple[int, int, int, int], ratio: float
    ) -> tuple[QImage, int, npt.NDArray[np.uint32]]:
        left, top, width, height = window
        size = (max(1, round(width * ratio)), max(1, round(height * ratio)))
        origin = ((to_widget.dx() - left) * ratio, (to_widget.dy() - top) * ratio)
        scale = (to_widget.m11() * ratio, to_widget.m22() * ratio)
        dot = round(dot_size(self._visible(origin, scale, size), width, height) * ratio)
        pixels = rasterise(self._xy, self._colours, origin=origin, scale=scale, size=size, dot=dot)
        rows, columns = pixels.shape
        image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        return image, dot, pixels  # the image reads the array's memory, so the two stay together

    def _visible(self, origin: tuple[float, float], scale: tuple[float, float], size: tuple[int, int]) -> int:
        pixels = self._xy * np.array(scale, np.float32) + np.array(origin, np.float32)
        return int(((pixels >= 0) & (pixels < np.array(size, np.float32))).all(axis=1).sum())


def _bounds(xy: Points) -> QRectF:
    usable = xy[np.isfinite(xy).all(axis=1)]
    if not len(usable):
        return QRectF()
    (left, low), (right, high) = usable.min(axis=0).tolist(), usable.max(axis=0).tolist()
    return QRectF(left, low, right - left, high - low)
