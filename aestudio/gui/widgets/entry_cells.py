"""Cells with a number each, in the colour of the number: the places of a code, or the entries to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aestudio.gui.theme.entry_colours import entry_colour, text_on
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import mix
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.painting import painting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent

translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Entries of a codebook"),
    LocalKey("entries.left", ("Left",), lambda: translate("keys", "selects the entry on the left")),
    LocalKey("entries.right", ("Right",), lambda: translate("keys", "selects the entry on the right")),
    LocalKey("entries.up", ("Up",), lambda: translate("keys", "selects the entry above")),
    LocalKey("entries.down", ("Down",), lambda: translate("keys", "selects the entry below")),
    LocalKey("entries.first", ("Home",), lambda: translate("keys", "selects the first entry")),
    LocalKey("entries.last", ("End",), lambda: translate("keys", "selects the last entry")),
)
_GAP = 2
_DIMMED = 0.72  # share of the panel's colour in a cell that is not used
_NUMBER_SHARE = 0.86  # of a cell that its number may fill


class EntryCells(PaintedWidget):
    """A click or the arrow keys select a cell.

    columns:  cells in a row; 0 for as many as fit
    smallest, largest: side of a cell in logical pixels
    selected_changed(index): by the user
    """

    selected_changed = Signal(int)

    def __init__(
        self, columns: int = 0, smallest: int = 14, largest: int = 40, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._columns, self._smallest, self._largest = columns, smallest, largest
        self._entries: tuple[int, ...] = ()
        self._dimmed: frozenset[int] = frozenset()
        self._selected = -1
        self._text: Callable[[int], str] = lambda index: str(self._entries[index])
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._set_policy()

    def _set_policy(self) -> None:
        """In a given number of columns, low cells are smaller: their height does not follow the width."""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(not self._columns)
        self.setSizePolicy(policy)

    @property
    def entries(self) -> tuple[int, ...]:
        """The entry of each cell, row by row."""
        return self._entries

    @property
    def selected(self) -> int:
        """Index of the selected cell; -1 for none."""
        return self._selected

    def set_entries(
        self, entries: Sequence[int], columns: int | None = None, dimmed: frozenset[int] = frozenset()
    ) -> None:
        """Show these entries; dimmed: those that are hardly visible. columns: None for as many as before."""
        columns = self._columns if columns is None else columns
        state = tuple(entries), columns, dimmed
        if state == (self._entries, self._columns, self._dimmed):
            return
        resized = (len(entries), columns) != (len(self._entries), self._columns)
        self._entries, self._columns, self._dimmed = state
        self._selected = min(self._selected, len(self._entries) - 1)
        self._describe()
        if resized:
            self._set_policy()
            self.updateGeometry()
        self.update()

    def set_selected(self, index: int) -> None:
        """Select a cell, without a signal; -1 for none."""
        if index != self._selected and -1 <= index < len(self._entries):
            self._selected = index
            self._describe()
            self.update()

    def set_text(self, text: Callable[[int], str]) -> None:
        """Set what describes the cell of an index, in its tooltip and for screen readers."""
        self._text = text

    def _describe(self) -> None:
        chosen = 0 <= self._selected < len(self._entries)
        self.setAccessibleDescription(self._text(self._selected) if chosen else "")

    # ---- geometry -------------------------------------------------------------------------------------

    def columns_for(self, width: int) -> int:
        """Cells in a row at this width."""
        if self._columns:
            return self._columns
        return max(1, width // current_theme().px(self._smallest + _GAP))

    def side_for(self, width: int) -> int:
        """Side of a cell with its gap, at this width: whole pixels, so that all gaps are equal."""
        theme = current_theme()
        if not self._columns:
            return theme.px(self._smallest + _GAP)
        return max(1, min(theme.px(self._largest), width // self._columns))

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._entries) // self.columns_for(width))
        return max(1, rows * self.side_for(width))

    def hasHeightForWidth(self) -> bool:
        return not self._columns

    def sizeHint(self) -> QSize:
        columns = self._columns or 12
        width = columns * current_theme().px(self._smallest + 4 + _GAP)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        side = current_theme().px(self._smallest)
        rows = -(-len(self._entries) // self._columns) if self._columns else 1
        return QSize((self._columns or 1) * side, rows * side)

    def _side(self, width: int, height: int) -> int:
        rows = max(1, -(-len(self._entries) // self.columns_for(width)))
        side = self.side_for(width)
        return max(1, min(side, height // rows)) if self._columns else side

    def cell_rect(self, index: int) -> QRectF:
        """The rectangle of a cell."""
        side, columns = self._side(self.width(), self.height()), self.columns_for(self.width())
        row, column = divmod(index, columns)
        gap = min(current_theme().px(_GAP), side // 4)
        return QRectF(column * side, row * side, side - gap, side - gap)

    def index_at(self, point: QPoint) -> int:
        """Index of the cell at this point, -1 for none."""
        side, columns = self._side(self.width(), self.height()), self.columns_for(self.width())
        column, row = int(point.x() // side), int(point.y() // side)
        index = row * columns + column
        inside = 0 <= column < columns and row >= 0 and index < len(self._entries)
        return index if inside else -1

    # ---- input ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._select(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self.columns_for(self.width())
        steps = {"entries.left": -1, "entries.right": 1, "entries.up": -columns, "entries.down": columns}
        ends = {"entries.first": 0, "entries.last": len(self._entries) - 1}
        key = KEYS.command(event)
        if key in steps:
            target = max(0, self._selected) + steps[key] if self._selected >= 0 else 0
        elif key in ends:
            target = ends[key]
        else:
            event.ignore()
            return
        if 0 <= target < len(self._entries):
            self._select(target)

    def _select(self, index: int) -> None:
        self.set_selected(index)
        self.selected_changed.emit(index)

    def help_at(self, point: QPoint) -> str | None:
        index = self.index_at(point)
        return f"{self._text(index)}\n{self.toolTip()}" if index >= 0 else None

    # ---- painting -------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        with painting(self) as painter:
            if not self._entries:
                return
            text_font = font(
                theme, min(theme.caption_size, max(7, int(0.6 * self.cell_rect(0).height() / theme.scale)))
            )
            painter.setFont(text_font)
            metrics = QFontMetricsF(text_font)
            widest = metrics.horizontalAdvance(str(max(self._entries)))
            rect = self.cell_rect(0)
            fits = widest <= _NUMBER_SHARE * rect.width() and metrics.capHeight() <= 0.8 * rect.height()
            for index, entry in enumerate(self._entries):
                if self.cell_rect(index).intersects(QRectF(event.rect())):
                    self._paint_cell(painter, index, entry, fits)
            if 0 <= self._selected < len(self._entries):
                self._paint_selection(painter, self.cell_rect(self._selected))

    def _paint_cell(self, painter: QPainter, index: int, entry: int, numbered: bool) -> None:
        theme, rect, colour = current_theme(), self.cell_rect(index), entry_colour(entry)
        text = text_on(colour)
        if entry in self._dimmed:
            colour, text = mix(colour, theme.panel, _DIMMED), theme.muted
        painter.fillRect(rect, QColor(colour))
        if numbered:
            painter.setPen(QColor(text))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(entry))

    def _paint_selection(self, painter: QPainter, rect: QRectF) -> None:
        theme = current_theme()
        thick = theme.px(3 if self.hasFocus() else 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner = rect.adjusted(thick, thick, -thick, -thick)
        painter.setPen(QPen(QColor(theme.panel), 1))
        painter.drawRect(inner)
        painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.text), thick))
        half = thick / 2
        painter.drawRect(rect.adjusted(half, half, -half, -half))
