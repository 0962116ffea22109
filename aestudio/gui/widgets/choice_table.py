"""A table of choices: a row for each variable, a cell for each of its categories, one of them chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent

_ROW, _NAME, _GAP, _NARROWEST, _WIDEST, _BAR = 26, 32, 2, 10, 44, 3
_PERCENT = 100

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Table of categories"),
    LocalKey("categories.up", ("Up",), lambda: translate("keys", "goes to the number above")),
    LocalKey("categories.down", ("Down",), lambda: translate("keys", "goes to the number below")),
    LocalKey("categories.previous", ("Left",), lambda: translate("keys", "chooses the category before")),
    LocalKey("categories.next", ("Right",), lambda: translate("keys", "chooses the category after")),
)


class ChoiceTable(PaintedWidget):
    """A click chooses; Up and Down go to another row, Left and Right choose the category beside.

    chosen(row, category): by the user
    row_changed(row):      another row is the current one
    """

    chosen = Signal(int, int)
    row_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._categories = 0
        self._values: tuple[int, ...] = ()
        self._shares: Sequence[Sequence[float]] = ()
        self._row = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def values(self) -> tuple[int, ...]:
        """The chosen category of each row."""
        return self._values

    @property
    def row(self) -> int:
        """The row that keys change."""
        return self._row

    def set_values(self, values: Sequence[int], categories: int) -> None:
        """Show the chosen category of each row, of as many as there are."""
        state = tuple(values), categories
        if state == (self._values, self._categories):
            return
        resized = len(values) != len(self._values) or categories != self._categories
        self._values, self._categories = state
        self._row = max(0, min(self._row, len(self._values) - 1))
        self._describe()
        if resized:
            self._shares = ()
            self.updateGeometry()
        self.update()

    def set_shares(self, shares: Sequence[Sequence[float]]) -> None:
        """Show how often each category of each row is taken, 0 to 1; () while that is not known."""
        self._shares = shares
        self.update()

    def _describe(self) -> None:
        if self._values:
            self.setAccessibleDescription(self._name(self._row) + f": {self._values[self._row]}")

    @staticmethod
    def _name(row: int) -> str:
        return f"c{row + 1}"

    # ---- geometry -------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        theme = current_theme()
        width = _NAME + self._categories * 26
        return QSize(theme.px(width), theme.px(_ROW) * len(self._values))

    def minimumSizeHint(self) -> QSize:
        theme = current_theme()
        width = theme.px(_NAME) + self._categories * theme.px(_NARROWEST)
        return QSize(width, self.sizeHint().height())

    def cell_rect(self, row: int, category: int) -> QRectF:
        """The rectangle of a category of a row."""
        theme = current_theme()
        left, gap = theme.px(_NAME), theme.px(_GAP)
        width = min(theme.px(_WIDEST), (self.width() - left) / max(1, self._categories))
        height = theme.px(_ROW)
        return QRectF(left + category * width, row * height, width - gap, height - gap)

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """Row and category at this point; None outside."""
        first = self.cell_rect(0, 0)
        pitch = first.width() + current_theme().px(_GAP)
        row = int(point.y() // current_theme().px(_ROW))
        category = int((point.x() - first.left()) // pitch)
        inside = 0 <= row < len(self._values) and 0 <= category < self._categories
        return (row, category) if inside else None

    def row_rect(self, row: int) -> QRect:
        """The rectangle of a whole row."""
        height = current_theme().px(_ROW)
        return QRect(0, row * height, self.width(), height)

    # ---- input ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.cell_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self._go_to(found[0])
            self._choose(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command, row = KEYS.command(event), self._row
        rows = {"categories.up": -1, "categories.down": 1}
        steps = {"categories.previous": -1, "categories.next": 1}
        if command in rows:
            if 0 <= row + rows[command] < len(self._values):
                self._go_to(row + rows[command])
        elif command in steps and self._values:
            category = self._values[row] + steps[command]
            if 0 <= category < self._categories:
                self._choose(row, category)
        else:
            event.ignore()

    def _go_to(self, row: int) -> None:
        if row != self._row:
            self._row = row
            self._describe()
            self.update()
            self.row_changed.emit(row)

    def _choose(self, row: int, category: int) -> None:
        self._values = (*self._values[:row], category, *self._values[row + 1 :])
        self._describe()
        self.update()
        self.chosen.emit(row, category)

    def help_at(self, point: QPoint) -> str | None:
        cell = self.cell_at(point)
        if cell is None:
            return None
        row, category = cell
        text = self.tr("{}: category {}").format(self._name(row), category)
        if len(self._shares):
            share = self._shares[row][category]
            text += self.tr(", that of {} % of the images").format(f"{_PERCENT * share:.2g}")
        return f"{text}\n{self.toolTip()}"

    # ---- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            text_font = font(theme, theme.caption_size)
            painter.setFont(text_font)
            metrics = QFontMetricsF(text_font)
            widest = metrics.horizontalAdvance(str(max(0, self._categories - 1)))
            numbered = widest <= self.cell_rect(0, 0).width() - 2
            for row in range(len(self._values)):
                if self.row_rect(row).intersects(event.rect()):
                    self._paint_row(painter, row, numbered)

    def _paint_row(self, painter: QPainter, row: int, numbered: bool) -> None:
        theme, current = current_theme(), row == self._row
        name = QRectF(0, self.cell_rect(row, 0).top(), theme.px(_NAME - 6), self.cell_rect(row, 0).height())
        painter.setPen(QColor(theme.text if current else theme.muted))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._name(row))
        for category in range(self._categories):
            rect, chosen = self.cell_rect(row, category), category == self._values[row]
            painter.fillRect(rect, QColor(theme.accent if chosen else theme.raised))
            if len(self._shares) and not chosen:
                width = rect.width() * self._shares[row][category]
                bar = theme.px(_BAR)
                painter.fillRect(QRectF(rect.left(), rect.bottom() - bar, width, bar), QColor(theme.muted))
            if numbered:
                painter.setPen(QColor(theme.on_accent if chosen else theme.muted))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(category))
        if current and self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            first, last = self.cell_rect(row, 0), self.cell_rect(row, self._categories - 1)
            painter.drawRect(first.united(last).adjusted(-0.5, -0.5, 0.5, 0.5))
