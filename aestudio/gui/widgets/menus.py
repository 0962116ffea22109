"""Menus that are filled each time they open, and leave no objects behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint


def empty_menu(menu: QMenu) -> None:
    """Remove and delete all entries; `QMenu.clear` alone leaks submenus and action groups."""
    menu.clear()
    for kind in (QMenu, QActionGroup):
        for child in menu.findChildren(kind, options=Qt.FindChildOption.FindDirectChildrenOnly):
            child.deleteLater()


def open_once(menu: QMenu, position: QPoint) -> None:
    """Open a menu at a position of the screen; it is deleted when it closes."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(position)
