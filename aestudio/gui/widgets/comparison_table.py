"""A table of several runs: a row for each setting or result, a column for each run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.theme.tokens import colour_of
from aestudio.gui.widgets.glossary import explained
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.theme.tokens import ColourRole

_TITLE, _RUN, _ROW, _MARK = 216, 132, 30, 10  # logical pixels
_LONGEST = 60


@dataclass(frozen=True)
class Line:
    """A row of the table.

    differs: whether it stands out as a setting that differs
    alarms:  of each run whether its text is an alarm; () for none
    terms:   keys of the glossary that explain the title
    """

    title: str
    texts: tuple[str, ...]
    differs: bool = False
    alarms: tuple[bool, ...] = ()
    terms: tuple[str, ...] = ()


class ComparisonTable(QTableWidget):
    """Read only; its cells can be selected and read out."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """name: for screen readers"""
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._colours: tuple[ColourRole | int, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it shows."""
        return self._lines

    @property
    def texts(self) -> list[list[str]]:
        """What the rows say, the title first."""
        return [
            [self._item(row, column).text() for column in range(self.columnCount())]
            for row in range(self.rowCount())
        ]

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self.item(row, column)
        assert item is not None
        return item

    def is_marked(self, row: int) -> bool:
        """Whether a row stands out as a setting that differs."""
        return self._item(row, 0).font().bold()

    def show_lines(
        self, labels: tuple[str, ...], lines: tuple[Line, ...], colours: tuple[ColourRole | int, ...] = ()
    ) -> None:
        """Show these rows; a column for each run, with the colour of its curve.

        colours: of the curves; () for the colours of the first classes
        """
        self._labels, self._lines, self._colours = labels, lines, colours or tuple(range(len(labels)))
        self.clear()
        self.setRowCount(len(lines))
        self.setColumnCount(1 + len(labels))
        self.setHorizontalHeaderItem(0, QTableWidgetItem(""))
        for number, label in enumerate(labels):
            heading = QTableWidgetItem(_mark(self._colours[number]), one_line(label, _LONGEST))
            heading.setToolTip(label)
            heading.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(1 + number, heading)
        for row, line in enumerate(lines):
            for column, text in enumerate((line.title, *line.texts)):
                self.setItem(row, column, self._cell(line, column, text))
        self._fit()

    def _cell(self, line: Line, column: int, text: str) -> QTableWidgetItem:
        theme, item = current_theme(), QTableWidgetItem(text)
        item.setToolTip(text if column else explained(text, *line.terms))
        if line.differs:
            item.setFont(font(theme, weight=QFont.Weight.Bold))
            item.setBackground(QBrush(QColor(theme.selection)))
        elif not column:
            item.setForeground(QBrush(QColor(theme.muted)))
        if column and line.alarms and line.alarms[column - 1]:
            item.setForeground(QBrush(QColor(theme.warn)))
        return item

    def _fit(self) -> None:
        px, header = current_theme().px, self.horizontalHeader()
        self.verticalHeader().setDefaultSectionSize(px(_ROW))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        if not self._labels:
            return
        left = self.viewport().width() - px(_TITLE)
        each = max(px(_RUN), left // len(self._labels))
        header.resizeSection(0, px(_TITLE))
        for number in range(len(self._labels)):
            header.resizeSection(1 + number, each)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event) and self._labels:
            self.show_lines(self._labels, self._lines, self._colours)


def _mark(role: ColourRole | int) -> QIcon:
    """The colour of the run's curve."""
    side = current_theme().px(_MARK)
    pixmap = QPixmap(side, side)
    pixmap.fill(QColor(colour_of(current_theme(), role)))
    return QIcon(pixmap)
