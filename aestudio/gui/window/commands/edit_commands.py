"""The Edit menu: undo, the clipboard, finding anything by typing, preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Command
from aestudio.gui.window.commands.thing_commands import copy_commands

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget

translate = QCoreApplication.translate


def edit_commands(window: CommandTarget) -> tuple[Command, ...]:
    """Undo, redo, copy, paste, find, preferences."""
    menu = translate("commands", "&Edit")
    return (
        *_undo(window, menu),
        *copy_commands(window, menu),
        Command(
            "picture.paste",
            translate("commands", "Paste picture"),
            translate("commands", "Puts a copied picture on the drawing pad, or opens copied files."),
            window.opener.paste,
            menu=menu,
            shortcut="Ctrl+V",
            section="copy",
            obstacle=window.opener.nothing_to_paste,
        ),
        Command(
            "palette.open",
            translate("commands", "Find anything ..."),
            translate("commands", "Finds a command, recipe, run, data set, view or panel by typing."),
            window.dialogs.show_palette,
            menu=menu,
            shortcut="Ctrl+K",
            section="find",
        ),
        Command(
            "window.preferences",
            translate("commands", "Preferences ..."),
            translate("commands", "Theme, how grey images are drawn, and where everything is kept."),
            window.dialogs.show_preferences,
            menu=menu,
            shortcut="Ctrl+,",
            section="preferences",
        ),
    )


def _undo(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    session = window.session

    def nothing_to_undo() -> str:
        return "" if session.state.undo.past else translate("commands", "There is nothing more to undo.")

    def nothing_to_redo() -> str:
        return "" if session.state.undo.future else translate("commands", "There is nothing more to redo.")

    return (
        Command(
            "edit.undo",
            translate("commands", "Undo"),
            translate("commands", "Undoes the last change of sliders, bookmarks or selection."),
            session.workspace.undo,
            menu=menu,
            shortcut="Ctrl+Z",
            section="undo",
            obstacle=nothing_to_undo,
        ),
        Command(
            "edit.redo",
            translate("commands", "Redo"),
            translate("commands", "Redoes the change that was undone last."),
            session.workspace.redo,
            menu=menu,
            shortcut="Ctrl+Shift+Z",
            section="undo",
            obstacle=nothing_to_redo,
        ),
    )
