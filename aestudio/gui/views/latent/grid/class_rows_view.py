"""Paints one row of images for each class, with the names of the classes in their colours on the left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.focus_ring import FocusRing
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.offer import Offer
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting, write_hint
from aestudio.gui.widgets.pixmap import packed, pixmap_of
from aestudio.gui.widgets.plain_text import one_line
from aestudio.gui.widgets.true_pixels import sheet

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

_NAME_PIXELS = 72  # at most, of the names
_GAP = 6
_SMALLEST_TYPE = 9
_ARROWS = {
    "rows.left": (0, -1),
    "rows.right": (0, 1),
    "rows.up": (-1, 0),
    "rows.down": (1, 0),
}
translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "A row of images for each class"),
    LocalKey("rows.left", ("Left",), lambda: translate("keys", "selects the image on the left")),
    LocalKey("rows.right", ("Right",), lambda: translate("keys", "selects the image on the right")),
    LocalKey("rows.up", ("Up",), lambda: translate("keys", "selects the class above")),
    LocalKey("rows.down", ("Down",), lambda: translate("keys", "selects the class below")),
)


class ClassRowsView(PaintedWidget):
    """chosen(row, column): the user clicked an image, or went to it with the arrow keys."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images: NDArray[np.uint8] | None = None  # (K, n, C, H, W)
        self.names: tuple[str, ...] = ()
        self.selected: tuple[int, int] | None = None
        self._hint = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        FocusRing(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("The same styles as every class"))
        self.setToolTip(self.tr("Each row is one class, each column one style. Click an image to go there."))

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(300), theme.px(200))

    def set_rows(self, images: NDArray[np.uint8] | None, names: tuple[str, ...], hint: str = "") -> None:
        """Show images uint8 (K, n, C, H, W) with the names of the K classes; None: the hint."""
        self.images, self.names, self._hint = images, names, hint
        if images is None or (self.selected is not None and not _inside(self.selected, images)):
            self.selected = None
        self.update()

    def set_selected(self, cell: tuple[int, int] | None) -> None:
        """Mark the image of this row and column, without a signal."""
        if cell != self.selected:
            self.selected = cell
            self.update()

    # ---- geometry -----------------------------------------------------------------------------------

    def _name_width(self, name: str) -> int:
        return self.fontMetrics().horizontalAdvance(one_line(name))

    def _names_width(self) -> int:
        widest = max(map(self._name_width, self.names), default=0)
        return min(widest, current_theme().px(_NAME_PIXELS)) + 2 * _GAP

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where the image of this row and column is painted."""
        assert self.images is not None
        rows, columns, _, height, width = self.images.shape
        ratio, names = self.devicePixelRatioF(), self._names_width()
        across, down = self.width() - names, self.height()
        scale = min(across / (columns * width), down / (rows * height))
        if scale * ratio >= 1:  # whole device pixels for each pixel of an image
            scale = int(scale * ratio) / ratio
        left = names + int(ratio * max(0.0, across - columns * width * scale) / 2) / ratio
        top = int(ratio * max(0.0, down - rows * height * scale) / 2) / ratio
        return QRectF(
            left + column * width * scale, top + row * height * scale, width * scale, height * scale
        )

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """Row and column of the image at a point; None beside the images."""
        if self.images is None:
            return None
        first = self.cell_rect(0, 0)
        column = int((point.x() - first.left()) // first.width())
        row = int((point.y() - first.top()) // first.height())
        return (row, column) if _inside((row, column), self.images) else None

    def name_at(self, point: QPointF) -> str:
        """The name of the class whose row is at a point left of the images, "" elsewhere."""
        if self.images is None:
            return ""
        first = self.cell_rect(0, 0)
        row = int((point.y() - first.top()) // first.height())
        return self.names[row] if point.x() < first.left() and 0 <= row < len(self.names) else ""

    def offer_at(self, at: QPoint | None) -> Offer:
        """The image at the pointer, or the selected one, and all of them."""
        images, name = self.images, self.accessibleName()
        if images is None:
            return Offer(what=name, no_picture=self.tr("There are no images here yet."))
        rows, columns = images.shape[:2]
        pixels = packed(images)
        cells = pixels.reshape(rows * columns, 1, *pixels.shape[2:])
        whole = Offer(what=name, pictures=lambda: sheet(cells, columns))
        cell = self.selected if at is None else self.cell_at(QPointF(at))
        if cell is None:
            return whole
        what = "\n".join((name, one_line(self.names[cell[0]])))
        return Offer(what=what, picture=pixels[cell]).inside(whole)

    # ---- input and painting -------------------------------------------------------------------------

    def help_at(self, point: QPoint) -> str | None:
        """The whole name of the class that is named there."""
        return one_line(self.name_at(QPointF(point))) or None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(KEYS.command(event))
        if step is None or self.images is None:
            super().keyPressEvent(event)
            return
        row, column = self.selected or (0, -step[1] if step[1] > 0 else 0)
        moved = row + step[0], column + step[1]
        if _inside(moved, self.images):
            self._choose(moved)

    def _choose(self, cell: tuple[int, int]) -> None:
        self.set_selected(cell)
        self.chosen.emit(*cell)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setFont(font(theme))
            if self.images is None:
                write_hint(painter, self.rect(), self._hint)
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self._draw_images(painter)
            self._draw_names(painter)
            if self.selected is not None:
                painter.setPen(QPen(QColor(theme.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.cell_rect(*self.selected).adjusted(1, 1, -1, -1))

    def _draw_images(self, painter: QPainter) -> None:
        assert self.images is not None
        rows, columns, channels, height, width = self.images.shape
        first, last = self.cell_rect(0, 0), self.cell_rect(rows - 1, columns - 1)
        target = QRectF(first.topLeft(), last.bottomRight())
        mosaic = self.images.transpose(2, 0, 3, 1, 4).reshape(channels, rows * height, columns * width)
        # Enlarged by whole pixels; only images that do not fit in their own pixels are shrunk, smoothly.
        factor = int(np.ceil(round(first.width() * self.devicePixelRatioF() / width, 6)))
        pixmap = pixmap_of(np.ascontiguousarray(mosaic), max(1, factor))
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))

    def _draw_names(self, painter: QPainter) -> None:
        theme = current_theme()
        lowest = self.cell_rect(0, 0).height() / theme.scale  # names of low rows are smaller
        painter.setFont(font(theme, max(_SMALLEST_TYPE, min(theme.body_size, int(lowest)))))
        metrics = painter.fontMetrics()
        for row, name in enumerate(self.names):
            cell = self.cell_rect(row, 0)
            area = QRectF(cell.left() - self._names_width(), cell.top(), self._names_width(), cell.height())
            bar = QRectF(area.right() - 5, area.top() + 2, 3, area.height() - 4)
            painter.fillRect(bar, QColor(theme.class_colours[row % len(theme.class_colours)]))
            painter.setPen(QColor(theme.text))
            text_area = area.adjusted(0, 0, -2 * _GAP + 3, 0)
            text = metrics.elidedText(one_line(name), Qt.TextElideMode.ElideRight, int(text_area.width()))
            painter.drawText(text_area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _inside(cell: tuple[int, int], images: NDArray[np.uint8]) -> bool:
    return 0 <= cell[0] < images.shape[0] and 0 <= cell[1] < images.shape[1]
