"""A window on a plane of images, with axes, which the user moves and zooms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.colours import require_channels
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.axis_labels import labelled_ticks
from aestudio.gui.widgets.cell_size import cell_size
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.painting import painting, write_hint
from aestudio.gui.widgets.pixmap import ASSUMED_SHAPE, packed, pixmap_of, whole_scale
from aestudio.gui.widgets.plane_input import PlaneInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter, QPaintEvent

    from aestudio.gui.widgets.offer import Pixels

Ticks = tuple[tuple[float, str], ...]

_SMALLEST = 130  # logical pixels of the window
_LEFT, _BELOW, _EDGE = 46, 34, 4  # logical pixels for numbers and titles
_ENLARGED_SHARE = 0.74  # of the window's sides
_VEIL_ALPHA = 200  # of 255


@dataclass(frozen=True)
class Frame:
    """A rectangle of the plane: left and bottom edge, width and height, in the units of the plane."""

    left: float
    bottom: float
    width: float
    height: float


class PlaneView(PlaneInput):
    """A window with axes around it; user input is reported by the signals of `PlaneInput`.

    It has as many rows as columns, so its sides are in the proportion of an image's.
    painted(): a paint event with an image has ended
    """

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = ""
        self._image: NDArray[np.uint8] | None = None
        self._image_size = (ASSUMED_SHAPE.height, ASSUMED_SHAPE.width)  # of one image of the mosaic
        self._pixmap: tuple[NDArray[np.uint8], tuple[int, int], QPixmap] | None = None
        self._frame = self._window = Frame(0, 0, 1, 1)
        self._columns = 10
        self._ticks: tuple[Ticks, Ticks] = ((), ())
        self._titles = ("", "")
        self._cross: tuple[float, float] | None = None
        self._enlarged: NDArray[np.uint8] | None = None
        self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # ---- state ----

    def set_image(
        self, image: NDArray[np.uint8] | None, frame: Frame, image_size: tuple[int, int] | None = None
    ) -> None:
        """Show a mosaic of images (C, H, W), uint8 (C, rows * H, columns * W), in its frame; None shows none.

        image_size: H and W of one of its images

        Raises ValueError for other shapes, and if the mosaic is not a whole number of images.
        """
        if image is not None:
            require_channels(image, axes=3)
            if image_size is None or any(image.shape[1 + axis] % image_size[axis] for axis in (0, 1)):
                raise ValueError(f"a mosaic of {image.shape} is not made of images of {image_size}")
            self._image_size = image_size
        self._image, self._frame = image, frame
        self.update()

    def set_window(self, window: Frame, columns: int) -> None:
        """Set the frame to show, and how many images fit into each of its rows and columns."""
        if (window, columns) != (self._window, self._columns):
            self._window, self._columns = window, columns
            self.update()

    def set_axes(self, ticks: tuple[Ticks, Ticks], titles: tuple[str, str]) -> None:
        """Set the ticks of the two axes, as (fraction of the length, text), and their titles."""
        if (ticks, titles) != (self._ticks, self._titles):
            self._ticks, self._titles = ticks, titles
            self.update()

    def set_cross(self, position: tuple[float, float] | None) -> None:
        """Mark a position in the window, in fractions; outside it the mark is at the edge."""
        if position != self._cross:
            self._cross = position
            self.update()

    def set_enlarged(self, image: NDArray[np.uint8] | None, caption: str = "") -> None:
        """Show one image, uint8 (C, H, W), enlarged, with a caption; None removes it.

        Raises ValueError for other shapes.
        """
        if image is not None:
            require_channels(image, axes=3)
        if image is not self._enlarged or caption != self._caption:
            self._enlarged, self._caption = image, caption
            self.setAccessibleDescription(caption)
            self.update()

    def set_hint(self, hint: str) -> None:
        """Set the text that is shown without an image."""
        if hint != self._hint:
            self._hint = hint
            self.update()

    @property
    def enlarged(self) -> bool:
        """Whether one image is shown enlarged."""
        return self._enlarged is not None

    @property
    def columns(self) -> int:
        """Number of images in each row of the window, and in each column."""
        return self._columns

    @property
    def image(self) -> NDArray[np.uint8] | None:
        """The mosaic that is shown, uint8 (C, H, W)."""
        return self._image

    def largest_size(self) -> tuple[int, int]:
        """Return width and height of the space for the window, in device pixels."""
        theme, ratio = current_theme(), self.devicePixelRatioF()
        width = self.width() - theme.px(_LEFT + _EDGE)
        height = self.height() - theme.px(_BELOW + _EDGE)
        return max(1, int(width * ratio)), max(1, int(height * ratio))

    def window_rect(self) -> QRectF:
        """The rectangle of the window, in logical pixels; its cells are whole device pixels."""
        theme, ratio = current_theme(), self.devicePixelRatioF()
        width, height = (length * self._columns / ratio for length in self._cell())
        inner = self.width() - theme.px(_LEFT + _EDGE)
        left = theme.px(_LEFT) + max(0, int((inner - width) / 2))
        return QRectF(left, theme.px(_EDGE), width, height)

    def _cell(self) -> tuple[int, int]:
        """Width and height of a cell in device pixels."""
        return cell_size(self.largest_size(), self._columns, self._image_size)

    def offer_at(self, at: QPoint | None) -> Offer:
        """The image at the pointer, or the one under the cross or enlarged, and the whole mosaic."""
        name, mosaic = self.accessibleName(), self._image
        if mosaic is None:
            return Offer(what=name, no_picture=self.tr("There are no images here yet."))
        everything = Offer(what=name, pictures=lambda: packed(mosaic))
        if self._enlarged is not None:
            what = "\n".join(part for part in (name, self._caption) if part)
            return Offer(what=what, picture=packed(self._enlarged)).inside(everything)
        place = self._cross if at is None else self._share(QPointF(at))
        found = None if place is None else self._image_at(mosaic, *place)
        return everything if found is None else Offer(picture=found).inside(everything)

    def _image_at(self, mosaic: NDArray[np.uint8], right: float, up: float) -> Pixels | None:
        """The pixels of the image at a place, in shares of the window; None where the mosaic has none."""
        if not (0 <= right < 1 and 0 < up <= 1):
            return None
        frame, window = self._frame, self._window
        height, width = self._image_size
        rows, columns = mosaic.shape[1] // height, mosaic.shape[2] // width
        x = (window.left + right * window.width - frame.left) / frame.width * columns
        y = (frame.bottom + frame.height - window.bottom - up * window.height) / frame.height * rows
        row, column = math.floor(y), math.floor(x)
        if not (0 <= row < rows and 0 <= column < columns):
            return None
        top, left = row * height, column * width
        return packed(mosaic[:, top : top + height, left : left + width])

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(2 * _SMALLEST + _LEFT), theme.px(2 * _SMALLEST + _BELOW))

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(_SMALLEST + _LEFT), theme.px(_SMALLEST + _BELOW))

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area = current_theme(), self.window_rect()
        with painting(self) as painter:
            painter.setFont(font(theme, theme.caption_size))
            if self._image is None:
                write_hint(painter, self.rect().adjusted(16, 16, -16, -16), self._hint)
                return
            painter.setClipRect(area)
            painter.fillRect(area, QColor(theme.raised))
            pixmap, target = self._scaled(self._image), self._target(area)
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
            if self._enlarged is None:
                self._draw_cross(painter, area)
            else:
                self._draw_enlarged(painter, area)
            painter.setClipping(False)
            self._draw_axes(painter, area)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.line), 1))
            painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
        self.painted.emit()

    def _scaled(self, image: NDArray[np.uint8]) -> QPixmap:
        """The mosaic (C, H, W) in the size of the cells: enlarged by whole pixels, then shrunk smoothly."""
        cell, cached = self._cell(), self._pixmap
        if cached is not None and cached[0] is image and cached[1] == cell:
            return cached[2]
        height, width = self._image_size
        scale = max(1, -(-cell[0] // width), -(-cell[1] // height))
        pixmap = pixmap_of(image, scale)
        if cell != (width * scale, height * scale):
            size = QSize(image.shape[2] // width * cell[0], image.shape[1] // height * cell[1])
            mode = Qt.TransformationMode.SmoothTransformation
            pixmap = pixmap.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        self._pixmap = (image, cell, pixmap)
        return pixmap

    def _target(self, area: QRectF) -> QRectF:
        """The rectangle of the mosaic, on whole device pixels, so that an unscaled one stays sharp."""
        frame, window, ratio = self._frame, self._window, self.devicePixelRatioF()

        def whole(length: float) -> float:
            return round(length * ratio) / ratio

        per_x, per_y = area.width() / window.width, area.height() / window.height
        left = area.left() + whole((frame.left - window.left) * per_x)
        above = window.bottom + window.height - frame.bottom - frame.height
        top = area.top() + whole(above * per_y)
        return QRectF(left, top, whole(frame.width * per_x), whole(frame.height * per_y))

    def _draw_cross(self, painter: QPainter, area: QRectF) -> None:
        if self._cross is None:
            return
        theme = current_theme()
        right, up = (min(max(share, 0.0), 1.0) for share in self._cross)
        centre = QPointF(area.left() + right * area.width(), area.bottom() - up * area.height())
        radius = theme.px(7)
        outside = (right, up) != self._cross
        for width, colour in ((theme.px(4), theme.panel), (theme.px(2), theme.accent)):
            painter.setPen(QPen(QColor(colour), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, radius, radius)
            if outside:  # only the inner half of the ring is visible at the edge
                continue
            for inner, outer in ((-radius, -radius - theme.px(6)), (radius, radius + theme.px(6))):
                painter.drawLine(centre + QPointF(inner, 0), centre + QPointF(outer, 0))
                painter.drawLine(centre + QPointF(0, inner), centre + QPointF(0, outer))

    def _draw_enlarged(self, painter: QPainter, area: QRectF) -> None:
        assert self._enlarged is not None
        theme, ratio = current_theme(), self.devicePixelRatioF()
        veil = QColor(theme.panel)
        veil.setAlpha(_VEIL_ALPHA)
        painter.fillRect(area, veil)
        share = _ENLARGED_SHARE
        available = (share * area.width(), share * area.height())
        source_height, source_width = self._enlarged.shape[1:]
        scale = whole_scale(available, (source_width, source_height), ratio)
        pixmap = pixmap_of(self._enlarged, scale, ratio)
        width, height = scale * source_width / ratio, scale * source_height / ratio
        line = theme.px(theme.label_size + 10)
        left = area.left() + int((area.width() - width) / 2)
        top = area.top() + int((area.height() - height - line) / 2)
        painter.drawPixmap(QPointF(left, top), pixmap)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent), 2))
        painter.drawRect(QRectF(left - 1, top - 1, width + 2, height + 2))
        painter.setFont(font(theme, theme.label_size))
        painter.setPen(QColor(theme.text))
        below = QRectF(area.left(), top + height + 2, area.width(), line)
        painter.setClipping(False)  # the window of narrow images may be narrower than the caption
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
        painter.drawText(below, flags, self._caption)

    def _draw_axes(self, painter: QPainter, area: QRectF) -> None:
        theme = current_theme()
        painter.setFont(font(theme, theme.caption_size))
        line, tick = painter.fontMetrics().height(), theme.px(4)
        middle = Qt.AlignmentFlag.AlignCenter
        widths = [painter.fontMetrics().horizontalAdvance(text) for _, text in self._ticks[0]]
        every = labelled_ticks([share * area.width() for share, _ in self._ticks[0]], widths, tick)
        for number, (share, text) in enumerate(self._ticks[0]):
            x = area.left() + share * area.width()
            painter.setPen(QColor(theme.line))
            painter.drawLine(QPointF(x, area.bottom() + 1), QPointF(x, area.bottom() + tick))
            if number % every:
                continue
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(x - 40, area.bottom() + tick, 80, line), middle, text)
        for share, text in self._ticks[1]:
            y = area.bottom() - share * area.height()
            painter.setPen(QColor(theme.line))
            painter.drawLine(QPointF(area.left() - tick, y), QPointF(area.left() - 1, y))
            painter.setPen(QColor(theme.muted))
            box = QRectF(area.left() - tick - 62, y - line / 2, 60, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QColor(theme.muted))
        below = QRectF(area.left(), area.bottom() + tick + line - 2, area.width(), line + 2)
        painter.drawText(below, middle | Qt.TextFlag.TextDontClip, self._titles[0])
        painter.save()
        widest = max((painter.fontMetrics().horizontalAdvance(text) for _, text in self._ticks[1]), default=0)
        beside_numbers = area.left() - tick - 2 - widest - line / 2
        title_at = min(area.left() - theme.px(_LEFT) + line / 2 + 1, beside_numbers)
        # A title that is longer than a low window reaches beyond it, as far as there is space.
        text = painter.fontMetrics().elidedText(self._titles[1], Qt.TextElideMode.ElideRight, self.height())
        length = painter.fontMetrics().horizontalAdvance(text)
        centre = max(length / 2, min(area.center().y(), self.height() - length / 2))
        painter.translate(max(title_at, line / 2), centre)
        painter.rotate(-90)
        box = QRectF(-area.height() / 2, -line / 2, area.height(), line)
        painter.drawText(box, middle | Qt.TextFlag.TextDontClip, text)
        painter.restore()
