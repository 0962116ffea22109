"""Menus that are made anew each time they open, and leave nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint


def empty_menu(menu: QMenu) -> None:
    """Take everything out; `QMenu.clear` alone keeps submenus and groups, in memory and for each theme."""
    menu.clear()
    for kind in (QMenu, QActionGroup):
        for part in menu.findChildren(kind, options=Qt.FindChildOption.FindDirectChildrenOnly):
            part.deleteLater()


def open_once(menu: QMenu, at: QPoint) -> None:
    """Open a menu at a place of the screen; it goes when it closes, whether something was chosen or not."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
