"""Hundreds of classes as a list with a filter: a tick shows or hides a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from aestudio.gui.theme.style import current_theme, is_theme_change
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import column, fill, row
from aestudio.gui.widgets.painting import painting
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

_Index = QModelIndex | QPersistentModelIndex
_DOT = 10  # logical pixels


class _Classes(QAbstractListModel):
    """The classes whose names contain the filter; `shown`: the indices of the visible classes."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._rows: list[int] = []
        self._dots: tuple[object, list[QPixmap]] = (None, [])
        self.shown: set[int] = set()

    def set_names(self, names: tuple[str, ...]) -> None:
        """Show these classes, all of them visible on the map."""
        self.beginResetModel()
        self._names, self._rows = names, list(range(len(names)))
        self.shown = set(self._rows)
        self.endResetModel()

    def filter(self, text: str) -> None:
        """List only the classes whose names contain a text, in upper or lower case."""
        self.beginResetModel()
        wanted = text.strip().casefold()
        self._rows = [index for index, name in enumerate(self._names) if wanted in name.casefold()]
        self.endResetModel()

    def show_only(self, row: int) -> None:
        """Show only this row's class on the map, or all if it was the only one."""
        only = {self._rows[row]}
        self.set_shown(set(range(len(self._names))) if self.shown == only else only)

    def set_shown(self, shown: set[int]) -> None:
        """Show these classes on the map."""
        self.shown = shown
        self._all_changed()
        self.changed.emit()

    def _all_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def restyle(self) -> None:
        """Paint the dots in another theme's colours."""
        self._all_changed()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        label = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return one_line(self._names[label])
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if label in self.shown else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DecorationRole:
            return self._dot(label)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        label = self._rows[index.row()]
        ticked = Qt.CheckState(value) == Qt.CheckState.Checked
        (self.shown.add if ticked else self.shown.discard)(label)
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def _dot(self, label: int) -> QPixmap:
        theme = current_theme()
        if self._dots[0] != theme:
            self._dots = (theme, [_dot_of(colour, theme.px(_DOT)) for colour in theme.class_colours])
        return self._dots[1][label % len(theme.class_colours)]


def _dot_of(colour: str, side: int) -> QPixmap:
    image = QPixmap(side, side)
    image.fill(Qt.GlobalColor.transparent)
    with painting(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(0, 0, side, side)
    return image


class ClassList(QWidget):
    """shown_changed: the indices of the visible classes, as a frozenset.

    Enter and a double click show only one class; a second time, all.
    """

    shown_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes = _Classes(self)
        self._classes.changed.connect(lambda: self.shown_changed.emit(self.shown))
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setAccessibleName(self.tr("Filter of the classes"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._classes.filter)
        self.all = IconButton("reset", self.tr("Show all classes"))
        self.all.clicked.connect(self._show_all)
        self.view = QListView()
        self.view.setModel(self._classes)
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName(self.tr("Classes"))
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.activated.connect(lambda index: self._classes.show_only(index.row()))
        column(row(fill(self.filter), self.all, gap=4), fill(self.view), gap=4, on=self)

    @property
    def shown(self) -> frozenset[int]:
        """The indices of the visible classes."""
        return frozenset(self._classes.shown)

    def set_names(self, names: tuple[str, ...]) -> None:
        """List these classes, all of them visible."""
        self.filter.clear()
        self._classes.set_names(names)

    def _show_all(self) -> None:
        self.filter.clear()
        self._classes.set_shown(set(range(self._classes.rowCount())))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._classes.restyle()
