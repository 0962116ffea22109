"""A few small images side by side, for places that are narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.pixmap import ASSUMED_SHAPE, Canvas, enlarged, packed
from aestudio.gui.widgets.true_pixels import sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPaintEvent

_SEAM = 2  # logical pixels between two images


class ImageStrip(PaintedWidget):
    """Images in one row, or in as few equal rows as their width needs, enlarged by whole device pixels.

    Its size depends on their number and size only, so that other images of the same size move nothing.

    width: of the place it is for, in logical pixels at 100 %
    """

    def __init__(self, width: int, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = width
        self._pixels = np.zeros((count, ASSUMED_SHAPE.height, ASSUMED_SHAPE.width), np.uint32)
        self._columns, self._scale = 1, 1
        self._empty = True
        self._canvas = Canvas(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.arrange()

    def set_images(self, images: NDArray[np.uint8]) -> None:
        """Show images, uint8 (N, C, H, W), C = 1 or 3; without any, their place is kept empty.

        Raises ValueError for other shapes and types.
        """
        self._empty = not len(images)
        if self._empty:
            self._canvas.pixels[...] = 0
            self.update()
            return
        pixels = packed(images)
        same_size = pixels.shape == self._pixels.shape
        self._pixels = pixels
        if same_size:
            self._draw()
        else:
            self.arrange()

    @property
    def rows(self) -> int:
        """How many rows the images are in."""
        return -(-len(self._pixels) // self._columns)

    @property
    def shown(self) -> NDArray[np.uint32]:
        """What is painted, in device pixels, 0xAARRGGBB (H, W)."""
        return self._canvas.pixels

    def offer_at(self, at: QPoint | None) -> Offer:
        """The image at the pointer, or the first one, and all of them."""
        name, index = self.accessibleName(), 0 if at is None else self._index_at(at)
        if self._empty or not 0 <= index < len(self._pixels):
            return Offer(what=name, no_picture=self.tr("There are no images here yet."))
        everything = self._pixels[:, None], self._columns
        offer = Offer(what=name, picture=self._pixels[index], pictures=lambda: sheet(*everything))
        return self.described(index).inside(offer)

    def _index_at(self, at: QPoint) -> int:
        ratio = self.devicePixelRatioF()
        _, height, width = self._pixels.shape
        column = int(at.x() * ratio) // (width * self._scale + self._seam())
        row = int(at.y() * ratio) // (height * self._scale + self._seam())
        return row * self._columns + min(column, self._columns - 1)

    def arrange(self) -> None:
        """Choose columns and scale, and take the size that follows."""
        count, height, width = self._pixels.shape
        ratio = self.devicePixelRatioF()
        seam = self._seam()
        available = int(current_theme().px(self._most) * ratio) + seam
        rows = next((n for n in range(1, count + 1) if -(-count // n) * (width + seam) <= available), count)
        self._columns = -(-count // rows)
        self._scale = max(1, (available // self._columns - seam) // width)
        across = self._columns * (width * self._scale + seam) - seam
        down = self.rows * (height * self._scale + seam) - seam
        self._canvas = Canvas(across, down, ratio)
        self.setFixedSize(round(across / ratio), round(down / ratio))
        self._draw()

    def _seam(self) -> int:
        return round(_SEAM * self.devicePixelRatioF())

    def _draw(self) -> None:
        seam = self._seam()
        for number, tile in enumerate(enlarged(self._pixels, self._scale)):
            row, column = divmod(number, self._columns)
            height, width = tile.shape
            top, left = row * (height + seam), column * (width + seam)
            self._canvas.pixels[top : top + height, left : left + width] = tile
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.drawImage(QPointF(0, 0), self._canvas.image)
