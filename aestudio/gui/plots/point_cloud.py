"""Up to 70,000 coloured points as one image, drawn again only if the view or the points changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from aestudio.gui.plots.depth_order import DepthOrder
from aestudio.gui.plots.raster import Pixels, dot_size, pixel_positions, rasterise
from aestudio.gui.plots.thumbnails import LARGEST_SIDE, Thumbnails, non_overlapping
from aestudio.gui.theme.style import current_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from aestudio.gui.plots.map_layers import ImagesOf

Points = npt.NDArray[np.float32]

_LARGEST_DOT = 9


@dataclass(frozen=True, eq=False)
class RenderedView:
    """The drawing of one view, in device pixels.

    border: how far it extends beyond the view on each side
    centres: float32 (n, 2), x and y of the thumbnails of the points `which` (n,)
    tile: height and width of each of them
    corner: the upper left corner of the view, in the widget's pixels
    """

    image: QImage
    border: int
    centres: Points
    which: npt.NDArray[np.intp]
    tile: tuple[int, int]
    corner: QPoint


class PointCloud(pg.GraphicsObject):
    """Points (N, 2) with a colour each; hidden ones have the colour 0."""

    def __init__(self) -> None:
        super().__init__()
        self.moved: Callable[[], object] = bool  # called when points have moved
        self._xy: Points = np.empty((0, 2), dtype=np.float32)
        self._all = False  # whether `which` is every point, in order
        self._colours: Pixels = np.empty(0, dtype=np.uint32)
        self._which: npt.NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._bounds = QRectF()
        self._drawn: tuple[object, RenderedView] | None = None
        self._memory: Pixels = np.empty(0, dtype=np.uint32)
        self._thumbnails = Thumbnails()
        self._generation = 0
        self._strength = 1.0
        self._depth: Points | None = None
        self._in_depth = DepthOrder()
        self.dot = float(_LARGEST_DOT)  # diameter of a dot in the widget's pixels, as last painted

    def set_points(self, xy: Points, colours: Pixels, order: npt.NDArray[np.intp] | None = None) -> None:
        """Replace all points (N, 2); colours are opaque 0xffRRGGBB, or 0 where a point is hidden.

        A third column is their depth, from -1, far, to 1, near: they are drawn in its order, and are no
        thumbnails.
        order: (N,) indices in drawing order; in the order of the points if None
        """
        shown = (colours != 0) & np.isfinite(xy).all(axis=1)
        self._which = np.flatnonzero(shown) if order is None else order[shown[order]]
        self._all = order is None and len(self._which) == len(xy)
        self._colours = colours[self._which]
        self.move_points(xy)

    def move_points(self, xy: Points) -> None:
        """Move the same points to new positions (N, 2), or (N, 3) with their depth."""
        self.prepareGeometryChange()
        shown = xy if self._all else xy[self._which]
        self._depth = np.ascontiguousarray(shown[:, 2]) if shown.shape[1] == 3 else None
        self._xy = np.asfortranarray(shown[:, :2])  # the calculations read columns
        self._bounds = _bounds(self._xy)
        self._generation += 1
        self.update()
        self.moved()

    def places(self, indices: npt.NDArray[np.intp]) -> Points:
        """Where the points (n,) are now, (n, 2); NaN for those that are hidden, or that there are not."""
        found = np.full((len(indices), 2), np.nan, np.float32)
        count = int(self._which.max()) + 1 if len(self._which) else 0
        row = np.full(count, -1, np.intp)
        row[self._which] = np.arange(len(self._which))
        known = np.flatnonzero((indices >= 0) & (indices < count))
        known = known[row[indices[known]] >= 0]
        found[known] = self._xy[row[indices[known]]]
        return found

    def has_image(self, index: int) -> bool:
        """Whether the last paint drew the point as a thumbnail."""
        return self._drawn is not None and index in self._drawn[1].which

    def set_images(self, lookup: ImagesOf | None) -> None:
        """Set the points' images, which are shown if there is space for them."""
        self._thumbnails.set_lookup(lookup)
        self._generation += 1
        self.update()

    def set_strength(self, strength: float) -> None:
        """Draw dots transparent, 0 ... 1, so that what lies under them is seen; thumbnails are opaque."""
        if strength != self._strength:
            self._strength = strength
            self.update()

    def image_at(self, pixel: QPointF) -> int:
        """The point whose thumbnail is at a position in the widget, or -1."""
        if self._drawn is None or not len(self._drawn[1].which):
            return -1
        drawn = self._drawn[1]
        position = (pixel - QPointF(drawn.corner)) * drawn.image.devicePixelRatio()
        at = np.array([position.x(), position.y()], np.float32)
        half = np.array(drawn.tile[::-1], np.float32) / 2
        hit = np.flatnonzero((np.abs(drawn.centres - at) <= half).all(axis=1))
        return int(drawn.which[hit[0]]) if len(hit) else -1

    @property
    def images_shown(self) -> int:
        """How many points the last paint drew as thumbnails."""
        return 0 if self._drawn is None else len(self._drawn[1].which)

    @property
    def image_side(self) -> int:
        """The longer side of a thumbnail in the widget's pixels; 0 while points are dots."""
        if self._drawn is None or not len(self._drawn[1].which):
            return 0
        return round(max(self._drawn[1].tile) / self._drawn[1].image.devicePixelRatio())

    def boundingRect(self) -> QRectF:
        """The box of the points, enlarged on each side by half a dot or half a thumbnail."""
        width, height = self.pixelVectors()
        reach = LARGEST_SIDE if self._thumbnails.available else 5
        reach_x = reach * (width.x() if width is not None else 0)
        reach_y = reach * abs(height.y() if height is not None else 0)
        return self._bounds.adjusted(-reach_x, -reach_y, reach_x, reach_y)

    def viewTransformChanged(self) -> None:
        """The size of half a dot in data units changed."""
        self.prepareGeometryChange()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        view_box = self.getViewBox()
        if not len(self._xy) or view_box is None:
            return
        to_widget = painter.worldTransform()
        ratio = painter.device().devicePixelRatio()
        window = to_widget.mapRect(view_box.viewRect()).toAlignedRect()
        key = (
            self._generation,
            to_widget.m11(),
            to_widget.m22(),
            to_widget.dx(),
            to_widget.dy(),
            window.getRect(),
            ratio,
        )
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(to_widget, window.getRect(), ratio))
        drawn = self._drawn[1]
        painter.save()
        painter.setWorldTransform(QTransform())
        corner = QPointF(window.x() - drawn.border / ratio, window.y() - drawn.border / ratio)
        if not len(drawn.which):
            painter.setOpacity(self._strength)
        painter.drawImage(corner, drawn.image)
        painter.restore()

    def _draw(self, to_widget: QTransform, window: tuple[int, int, int, int], ratio: float) -> RenderedView:
        left, top, width, height = window
        size = (max(1, round(width * ratio)), max(1, round(height * ratio)))
        origin = ((to_widget.dx() - left) * ratio, (to_widget.dy() - top) * ratio)
        scale = (to_widget.m11() * ratio, to_widget.m22() * ratio)
        column, row, inside = pixel_positions(self._xy, origin=origin, scale=scale, size=size, reach=0)
        dot = round(dot_size(len(inside), width, height) * ratio)
        self.dot = dot / ratio
        needed = (size[0] + 2 * _LARGEST_DOT * 4) * (size[1] + 2 * _LARGEST_DOT * 4)
        if self._memory.size < needed:
            self._memory = np.empty(needed, np.uint32)
        xy, colours, parts = self._xy, self._colours, None
        if self._depth is not None:
            order, colours, parts = self._in_depth.sorted(self._depth, colours, dot)
            xy, dot = np.stack((xy[:, 0][order], xy[:, 1][order])).T, dot + 1
        pixels = rasterise(
            xy, colours, origin=origin, scale=scale, size=size, dot=dot, into=self._memory, parts=parts
        )
        least = max(1, round(ratio * current_theme().scale))
        factor = 0
        if self._depth is None:
            factor = self._thumbnails.factor(self._which[inside], (size[1], size[0]), least)
        tile = self._thumbnails.tile_size(factor)
        centres, which = np.empty((0, 2), np.float32), np.empty(0, np.intp)
        if factor:
            free = non_overlapping(column, row, tile)
            centres, chosen = np.stack((column[free], row[free]), axis=1), inside[free]
            middles = np.rint(centres[:, ::-1]).astype(np.intp)
            corners = middles + dot - np.array(tile) // 2
            which = self._which[chosen]
            self._thumbnails.paste(pixels, corners, which, self._colours[chosen], factor)
        rows, columns = pixels.shape
        # The image reads the memory of this item.
        image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        return RenderedView(image, dot, centres, which, tile, QPoint(left, top))


def _bounds(xy: Points) -> QRectF:
    if not len(xy):
        return QRectF()
    (left, low), (right, high) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    return QRectF(left, low, right - left, high - low)
