"""The commands of the window: menus, shortcuts and the list in Help are made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow, QMenuBar


@dataclass(frozen=True)
class Command:
    """A menu entry with its shortcut; menu, text and help are translated, help is one sentence."""

    menu: str
    text: str
    shortcut: str
    help: str
    act: Callable[[], object]
    checkable: bool = False


def add_commands(window: QMainWindow, commands: tuple[Command, ...]) -> dict[str, QAction]:
    """Add the commands to the menu bar; return their actions by text."""
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
    """Return (shortcut in the notation of this system, text, help) of every command with a shortcut."""
    rows = []
    for command in commands:
        if command.shortcut:
            keys = QKeySequence(command.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            rows.append((keys, command.text.replace("&", ""), command.help))
    return rows
