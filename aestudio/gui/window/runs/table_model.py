"""The rows of runs as Qt's model: which of them are shown, and in which order, is decided by `run_rows`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.plain_text import one_line
from aestudio.runs.run_rows import COLUMNS, column_of, matching_rows, sorted_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import QObject

    from aestudio.runs.run_rows import RunColumn, RunRow

    Index = QModelIndex | QPersistentModelIndex

translate = QCoreApplication.translate

EDITABLE = ("name", "tags")  # a note has several lines
_DESCENDING_FIRST = ("epochs", "size", "date")
_LONGEST = 400  # characters of a cell
_ROLE = Qt.ItemDataRole


class RunTableModel(QAbstractTableModel):
    """A row for each run, a column for each of `COLUMNS`.

    edited(row, column, text): the user typed another text into a cell
    """

    edited = Signal(object, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[RunRow, ...] = ()
        self._longest: dict[int, str] = {}
        self._rows: tuple[RunRow, ...] = ()
        self._filter = ""
        self._sorted_by, self._descending = "", False
        self._on_show: Path | None = None

    @property
    def rows(self) -> tuple[RunRow, ...]:
        """The rows that are shown, in their order."""
        return self._rows

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The name of the column, "" for the order of the list, and whether the largest is first."""
        return self._sorted_by, self._descending

    def set_rows(self, rows: tuple[RunRow, ...], on_show: Path | None) -> None:
        """Show these rows. on_show: the folder of the run whose model the window shows"""
        self._on_show = on_show
        self._all, self._longest = rows, {}
        self._arrange()

    def longest_text(self, number: int) -> str:
        """The longest text of a column in any row, shown or not: its width does not follow the filter."""
        if number not in self._longest:
            column = COLUMNS[number]
            self._longest[number] = max((_text(column, row) for row in self._all), key=len, default="")
        return self._longest[number]

    def set_filter(self, text: str) -> None:
        """Show only the rows that have every word of the text."""
        if text != self._filter:
            self._filter = text
            self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order of the list."""
        name = COLUMNS[column].name if 0 <= column < len(COLUMNS) else ""
        self._sorted_by, self._descending = name, order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def _arrange(self) -> None:
        rows = matching_rows(self._all, self._filter)
        if self._sorted_by:
            rows = sorted_rows(rows, self._sorted_by, self._descending)
        if [row.run.folder for row in rows] == [row.run.folder for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    # ---- what Qt asks -----------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's default
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        editable = index.isValid() and COLUMNS[index.column()].name in EDITABLE
        if editable and not self._rows[index.row()].run.shipped:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        match role:
            case _ROLE.DisplayRole:
                return column.title
            case _ROLE.TextAlignmentRole:
                return _alignment(column)
            case _ROLE.ToolTipRole:
                return _column_help(column.name)
            case _ROLE.InitialSortOrderRole:
                descending = column.name in _DESCENDING_FIRST
                return Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        match role:
            case _ROLE.DisplayRole:
                return _marked_name(row) if column.name == "name" else _text(column, row)
            case _ROLE.EditRole:
                return column.text(row)
            case _ROLE.TextAlignmentRole:
                return _alignment(column)
            case _ROLE.FontRole if column.name == "name" and row.run.folder == self._on_show:
                return font(current_theme(), weight=QFont.Weight.Bold)
            case _ROLE.ToolTipRole:
                return _help(row, row.run.folder == self._on_show)
            case _ROLE.AccessibleTextRole:
                return f"{column.title}: {_text(column, row)}"
        return None

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        if role != _ROLE.EditRole or not index.isValid():
            return False
        text = str(value).strip()
        if text != self.data(index, _ROLE.EditRole):
            self.edited.emit(self._rows[index.row()], COLUMNS[index.column()].name, text)
        return True


def column_number(name: str) -> int:
    """The number of a column."""
    return next(number for number, column in enumerate(COLUMNS) if column.name == name)


def _text(column: RunColumn, row: RunRow) -> str:
    """What a cell shows. Every loss is per image, which the heading says once."""
    return one_line(column.text(row), _LONGEST).removesuffix(" per image")


def _marked_name(row: RunRow) -> str:
    """The name; of a run that is being trained the word comes first, where nothing cuts it off."""
    name = _text(column_of("name"), row)
    if not row.under_way:
        return name
    paused = row.status == "paused"
    text = translate("RunTable", "Paused: {}") if paused else translate("RunTable", "Training: {}")
    return text.format(name)


def _alignment(column: RunColumn) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _help(row: RunRow, on_show: bool) -> str:
    lines: Sequence[str] = (
        row.name,
        translate("RunTable", "The window shows this model.") if on_show else "",
        row.run.describe(),
    )
    return "\n".join(filter(None, lines))


def _column_help(name: str) -> str:
    texts = {
        "best": translate(
            "RunTable",
            "The lowest loss per image, on images that are held back from the training, since the last "
            "change of a weight of the loss. Only losses of the same unit can be compared.",
        ),
        "epochs": translate("RunTable", "How many epochs it was trained, of how many"),
        "latent": translate("RunTable", "How many numbers a code has"),
        "beta": translate("RunTable", "The weight of the KL term, the newest if it was moved while training"),
        "seed": translate("RunTable", "From it follow the initial weights and the order of the images"),
        "size": translate("RunTable", "What the files of the run take on the disk"),
        "date": translate("RunTable", "When the training began"),
        "tags": translate("RunTable", "Your tags; the filter finds a whole one as #tag"),
        "note": translate("RunTable", "The first line of your note"),
    }
    return texts.get(name, "")
