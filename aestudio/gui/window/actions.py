"""Every command of the window, declared once: menu, shortcut, and the list in Help come from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow, QMenuBar


@dataclass(frozen=True)
class Command:
    """One entry: menu and text are translated already; help is one sentence."""

    menu: str
    text: str
    shortcut: str
    help: str
    act: Callable[[], object]
    checkable: bool = False


def add_commands(window: QMainWindow, commands: tuple[Command, ...]) -> dict[str, QAction]:
    """Put the commands into the menu bar; the actions by their texts."""
    bar: QMenuBar = window.menuBar()
    menus = {}
    actions = {}
    for command in commands:
        if command.menu not in menus:
            menus[command.menu] = bar.addMenu(command.menu)
            menus[command.menu].setToolTipsVisible(True)
        action = QAction(command.text, window)
        action.setShortcut(QKeySequence(command.shortcut))
        action.setToolTip(command.help)
        action.setStatusTip("")
        action.setCheckable(command.checkable)
        action.triggered.connect(lambda *_, act=command.act: act())
        menus[command.menu].addAction(action)
        window.addAction(action)  # its shortcut works also while the menu bar is hidden
        actions[command.text] = action
    return actions


def shortcut_table(commands: tuple[Command, ...]) -> list[tuple[str, str, str]]:
    """(shortcut as this system writes it, text, help) of every command that has one."""
    rows = []
    for command in commands:
        if command.shortcut:
            keys = QKeySequence(command.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            rows.append((keys, command.text.replace("&", ""), command.help))
    return rows
