"""A menu that is refilled each time it opens does not leak objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QLabel, QMenu, QWidgetAction

from aestudio.gui.widgets.menus import empty_menu

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def _fill(menu: QMenu) -> None:
    menu.addAction("One")
    menu.addMenu("More").addAction("Two")
    group = QActionGroup(menu)
    group.addAction(menu.addAction("Three"))
    action = QWidgetAction(menu)
    action.setDefaultWidget(QLabel("Four"))
    menu.addAction(action)


def test_emptying_a_menu_deletes_submenus_groups_and_widgets(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    counts = []
    for _ in range(4):
        empty_menu(menu)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        _fill(menu)
        counts.append(len(menu.findChildren(QObject)))
    assert len(set(counts)) == 1
    empty_menu(menu)
    assert menu.isEmpty()
