"""A submenu of names: each an entry while they are few, and a list with a bar when there are more.

A menu that is higher than the screen would hide its entries behind an arrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QWidgetAction

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.plain_text import menu_text, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtWidgets import QWidget

MOST_ENTRIES = 12  # fit also on a screen of 600 pixels, and in the large type of a presentation
_ROWS = 12  # of a list
_WIDEST = 360  # logical pixels


class NameEntry(NamedTuple):
    """name: as it comes from a file; choose: called when it is chosen; why_not: why it cannot be, or ""."""

    name: str
    choose: Callable[[], object]
    why_not: str = ""


def add_name_menu(menu: QMenu, title: str, entries: Iterable[NameEntry]) -> QMenu:
    """Add a submenu of these names, disabled if there are none, and return it."""
    entries = tuple(entries)
    names = menu.addMenu(title)
    names.setEnabled(bool(entries))
    names.setToolTipsVisible(True)
    if len(entries) > MOST_ENTRIES:
        action = QWidgetAction(names)
        action.setDefaultWidget(NameList(title, entries, menu))
        names.aboutToShow.connect(action.defaultWidget().setFocus)
        names.addAction(action)
        return names
    for entry in entries:
        action = names.addAction(menu_text(entry.name), lambda choose=entry.choose: choose())
        action.setEnabled(not entry.why_not)
        action.setToolTip(entry.why_not)
    return names


class NameList(QListWidget):
    """Names of which one is chosen by a click or Enter, which closes the menu; typing goes to a name."""

    def __init__(
        self, title: str, entries: tuple[NameEntry, ...], menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._entries, self._menu = entries, menu
        self.setAccessibleName(title)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for entry in entries:
            item = QListWidgetItem(one_line(entry.name), self)
            item.setToolTip(entry.why_not or item.text())
            if entry.why_not:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.setCurrentRow(0)
        frame, bar = 2 * self.frameWidth(), self.verticalScrollBar().sizeHint().width()
        widest = min(current_theme().px(_WIDEST), self.sizeHintForColumn(0))
        self.setFixedSize(widest + frame + bar, _ROWS * self.sizeHintForRow(0) + frame)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def _choose(self, item: QListWidgetItem) -> None:
        entry = self._entries[self.row(item)]
        if self._menu.isVisible():  # a click may also activate: chosen once
            self._menu.close()
            entry.choose()
