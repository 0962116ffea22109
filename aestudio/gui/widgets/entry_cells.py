"""Cells with a number each, in the colour of the number: the places of a code, or the entries to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPen
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
_WIDTH_SHARE, _HEIGHT_SHARE = 0.9, 0.8  # of a cell that its number may fill
_SMALLEST_NUMBER = 7  # font size in logical pixels


class EntryCells(PaintedWidget):
    """A click or the arrow keys select a cell.

    columns:  cells in a row; 0 for as many as fit, see `set_available_height`
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
        self._available_height = 0
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

    def set_available_height(self, height: int) -> None:
        """Let cells in as many columns as fit grow while all rows fit into this height, in pixels.

        If they do not fit, the cells are as small as allowed, and what is around them has to scroll.
        """
        if height != self._available_height:
            self._available_height = height
            self.updateGeometry()
            self.update()

    def columns_for(self, width: int) -> int:
        """Cells in a row at this width."""
        return self._columns or max(1, width // self.side_for(width))

    def side_for(self, width: int) -> int:
        """Side of a cell with its gap, at this width: whole pixels, so that all gaps are equal."""
        theme = current_theme()
        largest = theme.px(self._largest)
        if self._columns:
            return max(1, min(largest, width // self._columns))
        least = theme.px(self._smallest + _GAP)
        sides = range(min(largest, width), least, -1)
        return next(
            (side for side in sides if self._rows(width // side) * side <= self._available_height), least
        )

    def _rows(self, columns: int) -> int:
        return -(-len(self._entries) // columns)

    def heightForWidth(self, width: int) -> int:
        return max(1, self._rows(self.columns_for(width)) * self.side_for(width))

    def hasHeightForWidth(self) -> bool:
        return not self._columns

    def sizeHint(self) -> QSize:
        columns = self._columns or 12
        width = columns * current_theme().px(self._smallest + 4 + _GAP)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        side = current_theme().px(self._smallest)
        rows = self._rows(self._columns) if self._columns else 1
        return QSize((self._columns or 1) * side, rows * side)

    def _side(self, width: int, height: int) -> int:
        side = self.side_for(width)
        if not self._columns:
            return side
        return max(1, min(side, height // max(1, self._rows(self._columns))))

    def cell_rect(self, index: int) -> QRectF:
        """The rectangle of a cell."""
        side = self._side(self.width(), self.height())
        row, column = divmod(index, self._columns or max(1, self.width() // side))
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

    def number_font(self) -> QFont | None:
        """The largest font in which the longest number fits into a cell; None if none does."""
        theme, rect = current_theme(), self.cell_rect(0)
        longest = str(max(self._entries, default=0))
        for size in range(theme.label_size, _SMALLEST_NUMBER - 1, -1):
            candidate = font(theme, size)
            metrics = QFontMetricsF(candidate)
            fits = metrics.horizontalAdvance(longest) <= _WIDTH_SHARE * rect.width()
            if fits and metrics.capHeight() <= _HEIGHT_SHARE * rect.height():
                return candidate
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            if not self._entries:
                return
            number_font = self.number_font()
            if number_font is not None:
                painter.setFont(number_font)
            for index, entry in enumerate(self._entries):
                if self.cell_rect(index).intersects(QRectF(event.rect())):
                    self._paint_cell(painter, index, entry, numbered=number_font is not None)
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
