"""Paints the rows of a sheet of traversals: heads on the left, values above, images, the code's own place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.analysis.traversal_sheet import COLUMNS
from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.axis_labels import labelled_ticks
from aestudio.gui.widgets.focus_ring import FocusRing
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting, write_hint
from aestudio.gui.widgets.pixmap import pixmap_of
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from aestudio.datasets.image_shape import ImageShape

_HEAD, _LEAST_HEAD = 176, 92  # logical pixels: of the heads, if there is room, and at least
_TOP, _GAP, _MARK, _LAMP = 16, 5, 3, 8
_WANTED_ROWS = 5  # as many are seen before images are enlarged
_TWO_LINES = 34
_ROOM_FOR_NAMES = 10  # rows that still are seen if every head has two lines, so that names are whole
_STEPS = {"sheet.left": (0, -1), "sheet.right": (0, 1), "sheet.up": (-1, 0), "sheet.down": (1, 0)}
translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "The sheet of traversals"),
    LocalKey("sheet.left", ("Left",), lambda: translate("keys", "goes to the image on the left")),
    LocalKey("sheet.right", ("Right",), lambda: translate("keys", "goes to the image on the right")),
    LocalKey("sheet.up", ("Up",), lambda: translate("keys", "goes to the row above")),
    LocalKey("sheet.down", ("Down",), lambda: translate("keys", "goes to the row below")),
    LocalKey("sheet.back", ("PgUp",), lambda: translate("keys", "shows the rows before")),
    LocalKey("sheet.on", ("PgDown",), lambda: translate("keys", "shows the rows after")),
)


@dataclass(frozen=True)
class SheetRow:
    """What a row says of its axis.

    symbol: "z7"; name: what it moves, "" while unknown; fact: how informative it is, a number
    active: None if that is not known; help: the tooltip of the head
    place:  where the shown code is, as a share of the row's range; None if it is not known
    """

    symbol: str
    name: str
    fact: str
    active: bool | None
    help: str
    place: float | None = None


class SheetView(PaintedWidget):
    """chosen(row, column): an image was clicked or gone to; paged(pages): further rows are wanted.

    resized(): other numbers of rows and columns may fit
    """

    chosen = Signal(int, int)
    paged = Signal(int)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images: NDArray[np.uint8] | None = None  # (r, n, C, H, W)
        self.rows: tuple[SheetRow, ...] = ()
        self.values: tuple[str, ...] = ()
        self.selected: tuple[int, int] | None = None
        self._hint = self._corner = self._corner_help = ""
        self._shape: ImageShape = MNIST.image
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        FocusRing(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Sheet of traversals"))
        self.setToolTip(self.tr("Each row moves one axis. Click an image to go there."))

    def sizeHint(self) -> QSize:
        theme = current_theme()
        return QSize(theme.px(300), theme.px(120))

    def set_shape(self, shape: ImageShape) -> None:
        """Make room for images of this shape."""
        if shape != self._shape:
            self._shape = shape
            self.resized.emit()

    def set_sheet(
        self,
        images: NDArray[np.uint8] | None,
        rows: tuple[SheetRow, ...] = (),
        values: tuple[str, ...] = (),
        hint: str = "",
    ) -> None:
        """Show images uint8 (r, n, C, H, W) with r heads and what is above the n columns; None: the hint."""
        self.images, self.rows, self.values, self._hint = images, rows, values, hint
        if images is None or (self.selected is not None and not self._inside(self.selected)):
            self.selected = None
        self.update()

    def set_corner(self, text: str, help_text: str) -> None:
        """Say above the heads what the rows are sorted by, and with a tooltip why."""
        if (text, help_text) != (self._corner, self._corner_help):
            self._corner, self._corner_help = text, help_text
            self.update()

    def set_selected(self, cell: tuple[int, int] | None) -> None:
        """Mark the image of this row and column, without a signal."""
        if cell != self.selected:
            self.selected = cell
            self.update()

    # ---- geometry -------------------------------------------------------------------------------------

    def _head_width(self, columns: int) -> int:
        """The width that the heads are given beside this number of images in a row."""
        px = current_theme().px
        left = self.width() - columns * self._shape.width
        return max(px(_LEAST_HEAD), min(px(_HEAD), left))

    @property
    def fitting_columns(self) -> int:
        """As many columns as leave every image in its own pixels; the least number if none does."""
        across = self.width() - self._head_width(COLUMNS[0])
        fits = [count for count in COLUMNS if count * self._shape.width <= across]
        return max(fits, default=COLUMNS[0])

    def fitting_rows(self, columns: int) -> int:
        """How many rows fit, at least one."""
        return max(1, int(self._room // self._row_height(columns)))

    @property
    def _room(self) -> float:
        return self.height() - current_theme().px(_TOP)

    def _row_height(self, columns: int) -> float:
        theme = current_theme()
        gap, least = theme.px(_GAP), self.fontMetrics().height()
        if self._room >= _ROOM_FOR_NAMES * (theme.px(_TWO_LINES) + gap):
            least = theme.px(_TWO_LINES)
        return max(self._scale(columns) * self._shape.height, least) + gap

    def _scale(self, columns: int) -> float:
        """Logical pixels for each pixel of an image: whole device pixels, unless they do not fit."""
        ratio = self.devicePixelRatioF()
        across = max(1, self.width() - self._head_width(columns)) / (columns * self._shape.width)
        room = max(1.0, self._room / _WANTED_ROWS - current_theme().px(_GAP)) / self._shape.height
        scale = min(across, max(room, 1.0))
        return int(scale * ratio) / ratio if scale * ratio >= 1 else scale

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where the image of this row and column is painted."""
        assert self.images is not None
        columns = self.images.shape[1]
        scale = self._scale(columns)
        width, height = self._shape.width * scale, self._shape.height * scale
        row_height, px = self._row_height(columns), current_theme().px
        top = px(_TOP) + row * row_height + max(0.0, row_height - px(_GAP) - height) / 2
        return QRectF(self._head_width(columns) + column * width, top, width, height)

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """Row and column of the image at a point; None beside the images."""
        if self.images is None:
            return None
        rows, columns = self.images.shape[:2]
        cells = ((row, column) for row in range(rows) for column in range(columns))
        return next((cell for cell in cells if self.cell_rect(*cell).contains(point)), None)

    def _inside(self, cell: tuple[int, int]) -> bool:
        images = self.images
        return images is not None and 0 <= cell[0] < images.shape[0] and 0 <= cell[1] < images.shape[1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    # ---- input ----------------------------------------------------------------------------------------

    def help_at(self, point: QPoint) -> str | None:
        """What the head there says in full, or the value of an image."""
        if self.images is None:
            return None
        cell = self.cell_at(QPointF(point))
        if cell is not None:
            value = f"{self.rows[cell[0]].symbol} = {self.values[cell[1]]}" if self.values else ""
            return "\n".join(text for text in (value, self.toolTip()) if text)
        for number, row in enumerate(self.rows):
            if self._head_rect(number).contains(QPointF(point)):
                return row.help
        left = self.cell_rect(0, 0).topLeft()
        return self._corner_help if point.x() < left.x() and point.y() < left.y() else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.paged.emit(-1 if turned > 0 else 1)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = KEYS.command(event)
        if command in ("sheet.back", "sheet.on"):
            self.paged.emit(1 if command == "sheet.on" else -1)
            return
        step = _STEPS.get(command)
        if step is None or self.images is None:
            super().keyPressEvent(event)
            return
        rows, columns = self.images.shape[:2]
        row, column = self.selected or (0, columns // 2 - step[1])
        moved = row + step[0], column + step[1]
        if self._inside(moved):
            self._choose(moved)
        elif not 0 <= moved[0] < rows:
            self.paged.emit(step[0])

    def _choose(self, cell: tuple[int, int]) -> None:
        self.set_selected(cell)
        self.chosen.emit(*cell)

    # ---- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            painter.setFont(font(theme))
            if self.images is None:
                write_hint(painter, self.rect(), self._hint)
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_values(painter)
            for number, row in enumerate(self.rows):
                self._paint_images(painter, number)
                self._paint_head(painter, number, row)
                self._paint_place(painter, number, row)
            if self.selected is not None:
                painter.setPen(QPen(QColor(theme.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.cell_rect(*self.selected).adjusted(1, 1, -1, -1))

    def _paint_values(self, painter: QPainter) -> None:
        theme = current_theme()
        painter.setFont(font(theme, theme.caption_size))
        painter.setPen(QColor(theme.muted))
        metrics = painter.fontMetrics()
        corner = QRectF(0, 0, self.cell_rect(0, 0).left() - theme.px(8), theme.px(_TOP))
        self._write(painter, corner, self._corner, painter.font(), theme.muted)
        cells = [self.cell_rect(0, column) for column in range(len(self.values))]
        widths = [metrics.horizontalAdvance(text) for text in self.values]
        every = labelled_ticks([cell.center().x() for cell in cells], widths, theme.px(4)) if cells else 1
        middle = len(cells) // 2
        for column, (cell, text) in enumerate(zip(cells, self.values, strict=True)):
            if (column - middle) % every == 0:
                area = QRectF(cell.center().x() - 40, 0, 80, theme.px(_TOP))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_images(self, painter: QPainter, row: int) -> None:
        """A row as one image: enlarged by whole pixels; only what does not fit is shrunk, smoothly."""
        assert self.images is not None
        columns, channels, height, width = self.images.shape[1:]
        first, last = self.cell_rect(row, 0), self.cell_rect(row, columns - 1)
        strip = self.images[row].transpose(1, 2, 0, 3).reshape(channels, height, columns * width)
        factor = int(np.ceil(round(first.width() * self.devicePixelRatioF() / width, 6)))
        pixmap = pixmap_of(np.ascontiguousarray(strip), max(1, factor))
        painter.drawPixmap(QRectF(first.topLeft(), last.bottomRight()), pixmap, QRectF(pixmap.rect()))

    def _head_rect(self, row: int) -> QRectF:
        assert self.images is not None
        cell, px = self.cell_rect(row, 0), current_theme().px
        height = self._row_height(self.images.shape[1]) - px(_GAP)
        return QRectF(0, cell.center().y() - height / 2, cell.left() - px(8), height)

    def _paint_head(self, painter: QPainter, number: int, row: SheetRow) -> None:
        """A mark (filled: active, ring: collapsed), symbol, name and fact; in two lines the name is below."""
        theme, area = current_theme(), self._head_rect(number)
        lamp, gap = theme.px(_LAMP), theme.px(6)
        line = QRectF(area)
        if area.height() >= theme.px(_TWO_LINES):
            line.setTop(area.center().y() - theme.px(_TWO_LINES) / 2)
            line.setHeight(theme.px(_TWO_LINES) / 2)
        if row.active is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.muted), 1.5))
            painter.setBrush(QColor(theme.muted) if row.active else Qt.BrushStyle.NoBrush)
            mark = QRectF(1, line.center().y() - lamp / 2, lamp, lamp)
            painter.drawEllipse(mark.adjusted(1, 1, -1, -1))
        line.setLeft(lamp + gap)
        small = font(theme, theme.caption_size)
        self._write(painter, line, row.fact, small, theme.muted, right=True)
        strong = font(theme, weight=QFont.Weight.DemiBold)
        self._write(painter, line, row.symbol, strong, theme.text)
        name = self._name_rect(line, row)
        if name.width() > theme.px(24):
            self._write(painter, name, one_line(row.name), font(theme), theme.muted)

    def _name_rect(self, line: QRectF, row: SheetRow) -> QRectF:
        """Where the name is: below the line of symbol and fact, or between the two."""
        theme, name = current_theme(), QRectF(line)
        if line.height() < self._head_rect(0).height():
            name.translate(0, line.height())
            return name
        gap = theme.px(6)
        strong, small = font(theme, weight=QFont.Weight.DemiBold), font(theme, theme.caption_size)
        name.setLeft(name.left() + QFontMetrics(strong).horizontalAdvance(row.symbol) + gap)
        name.setRight(name.right() - QFontMetrics(small).horizontalAdvance(row.fact) - gap)
        return name

    def _write(
        self, painter: QPainter, area: QRectF, text: str, face: QFont, colour: str, right: bool = False
    ) -> None:
        painter.setFont(face)
        painter.setPen(QColor(colour))
        elided = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, elided)

    def _paint_place(self, painter: QPainter, number: int, row: SheetRow) -> None:
        """A short bar below the row where the shown code is, between the middles of the outer images."""
        assert self.images is not None
        if row.place is None or not 0 <= row.place <= 1:
            return
        theme = current_theme()
        first, last = self.cell_rect(number, 0), self.cell_rect(number, self.images.shape[1] - 1)
        x = first.center().x() + row.place * (last.center().x() - first.center().x())
        width = theme.px(10)
        bar = QRectF(x - width / 2, first.bottom() + 1, width, theme.px(_MARK))
        painter.fillRect(bar, QColor(theme.accent))
