"""The menu bar, made from the table of commands, and the table's shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar

    from aestudio.gui.window.commands.command import CommandTable


def add_commands(window: QMainWindow, commands: CommandTable) -> dict[str, QAction]:
    """Add every command with a menu or a shortcut to the window; return their actions by id."""
    bar: QMenuBar = window.menuBar()
    menus: dict[str, QMenu] = {}
    actions: dict[str, QAction] = {}
    for command in commands.values():
        if not command.menu and not command.shortcut:
            continue
        action = QAction(command.text, window)
        action.setObjectName(command.id)
        if command.keys_in != "escape":
            action.setShortcuts([QKeySequence(keys) for keys in command.all_shortcuts])
            action.setEnabled(command.keys_in == "window")
        action.setToolTip(command.help)
        action.setStatusTip("")
        action.triggered.connect(lambda *_, command=command: command.run())
        window.addAction(action)  # its shortcut works also while the menu bar is hidden
        actions[command.id] = action
        if command.menu:
            if command.menu not in menus:
                menus[command.menu] = bar.addMenu(command.menu)
                menus[command.menu].setToolTipsVisible(True)
            menus[command.menu].addAction(action)
    return actions


def enable_in_presentation(
    commands: CommandTable, actions: Mapping[str, QAction], presentation: bool
) -> None:
    """Enable the commands of a presentation during one: otherwise their keys belong to the widgets."""
    for name, action in actions.items():
        if commands[name].keys_in == "presentation":
            action.setEnabled(presentation)


def shortcut_rows(commands: CommandTable) -> list[tuple[str, str, str]]:
    """Return (shortcut in the notation of this system, text, help) of every command with a shortcut."""
    native = QKeySequence.SequenceFormat.NativeText
    return [
        (QKeySequence(keys).toString(native), command.text.replace("&", ""), command.help)
        for command in commands.values()
        for keys in command.all_shortcuts
    ]
