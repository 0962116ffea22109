"""The menu bar, made from the table of commands, and the table's shortcuts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from aestudio.gui.widgets.menus import empty_menu
from aestudio.gui.widgets.plain_text import menu_text
from aestudio.gui.window.perform import perform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.window.commands.command import Command, CommandTable


class MenuBar:
    """The menus of a window. What is checked and what can be done is asked each time a menu opens.

    actions: of every command with a menu or a shortcut, by the command's id
    """

    def __init__(
        self, window: QMainWindow, session: Session, commands: CommandTable, list_of_runs: QWidget
    ) -> None:
        """list_of_runs: where the shortcuts work that do so in it only"""
        self._window, self._session, self._list_of_runs = window, session, list_of_runs
        self._menus: dict[tuple[str, str], QMenu] = {}
        self._content: dict[QMenu, list[Command]] = {}
        self.actions: dict[str, QAction] = {}
        for command in commands.values():
            if command.choices is None and (command.menu or command.shortcut):
                self.actions[command.id] = self._action(command)
            if command.menu:
                self._add_to_menu(command)

    def _action(self, command: Command) -> QAction:
        action = QAction(command.text, self._window)
        action.setObjectName(command.id)
        if command.keys_in != "escape":
            action.setShortcuts([QKeySequence(keys) for keys in command.all_shortcuts])
            action.setEnabled(command.keys_in != "presentation")
        action.setToolTip(command.help)
        action.setStatusTip("")
        action.setCheckable(command.checked is not None)
        action.triggered.connect(lambda *_: self._perform(command))
        if command.keys_in == "runs":
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self._list_of_runs.addAction(action)
        else:
            self._window.addAction(action)  # its shortcut works also while the menu bar is hidden
        return action

    def _perform(self, command: Command, **values: object) -> None:
        perform(self._session, command, **values)
        action = self.actions.get(command.id)
        if action is not None and command.checked is not None:
            action.setChecked(command.checked())  # Qt has switched it, whatever became of it

    def _add_to_menu(self, command: Command) -> None:
        menu = self._menu(command.menu, command.submenu, command.section)
        content = self._content[menu]
        if content and content[-1].section != command.section:
            menu.addSeparator()
        content.append(command)
        if command.choices is None:
            menu.addAction(self.actions[command.id])

    def _menu(self, title: str, submenu: str, section: str) -> QMenu:
        """The menu of this title, or its submenu; made if it is not there yet."""
        menu = self._menus.get((title, submenu))
        if menu is None:
            if submenu:
                parent = self._menu(title, "", section)
                content = self._content[parent]
                if content and content[-1].section != section:
                    parent.addSeparator()
                menu = parent.addMenu(submenu)
            else:
                menu = self._window.menuBar().addMenu(title)
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(partial(self._prepare, menu))
            menu.aboutToHide.connect(partial(self._release, menu))
            self._menus[title, submenu] = menu
            self._content[menu] = []
        return menu

    def _prepare(self, menu: QMenu) -> None:
        """Show what is checked, what can be done now and why the rest cannot."""
        commands = self._content[menu]
        if any(command.choices is not None for command in commands):
            self._fill(menu, commands)
        for command in commands:
            action = self.actions.get(command.id)
            if action is None:
                continue
            obstacle = command.obstacle()
            action.setEnabled(not obstacle)
            action.setToolTip(obstacle or command.help)
            if command.checked is not None:
                action.setChecked(command.checked())

    def _release(self, menu: QMenu) -> None:
        """Enable all again: the shortcut of a disabled entry would reach another widget, without a reason."""
        for command in self._content[menu]:
            if command.id in self.actions:
                self.actions[command.id].setEnabled(True)

    def _fill(self, menu: QMenu, commands: list[Command]) -> None:
        """Write the entries of a menu with choices anew."""
        empty_menu(menu)
        section = ""
        for command in commands:
            if section and command.section != section:
                menu.addSeparator()
            section = command.section
            if command.choices is None:
                menu.addAction(self.actions[command.id])
                continue
            obstacle = command.obstacle()
            for choice in command.choices():
                entry = menu.addAction(menu_text(choice.text))
                entry.setEnabled(not obstacle)
                entry.setToolTip(obstacle or choice.help)
                entry.triggered.connect(
                    lambda *_, command=command, choice=choice: self._perform(
                        command, **command.chosen(choice)
                    )
                )

    def enable_in_presentation(self, commands: CommandTable, presentation: bool) -> None:
        """Enable the commands of a presentation during one: otherwise their keys belong to the widgets."""
        for name, action in self.actions.items():
            if commands[name].keys_in == "presentation":
                action.setEnabled(presentation)


def shortcut_rows(commands: Mapping[str, Command]) -> list[tuple[str, str, str]]:
    """Return (shortcut in the notation of this system, text, help) of every command with a shortcut."""
    native = QKeySequence.SequenceFormat.NativeText
    return [
        (QKeySequence(keys).toString(native), command.text.replace("&", ""), command.help)
        for command in commands.values()
        for keys in command.all_shortcuts
    ]
