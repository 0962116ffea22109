"""The View menu's entries for the size of the text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Argument, Command

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


translate = QCoreApplication.translate


def text_size_commands(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """Larger, smaller and normal text. Ctrl+0, usual for normal text, belongs to the image's code here."""
    preferences = window.session.preferences
    return (
        Command(
            "text.larger",
            translate("commands", "Larger text"),
            translate("commands", "Text and controls one step larger: 110, 125, 150 %."),
            partial(preferences.change_text_size, 1),
            menu=menu,
            section="text",
            shortcut="Ctrl++",
            alternatives=("Ctrl+=",),  # the same key without Shift on many keyboards
        ),
        Command(
            "text.smaller",
            translate("commands", "Smaller text"),
            translate("commands", "Text and controls one step smaller, down to the normal size."),
            partial(preferences.change_text_size, -1),
            menu=menu,
            section="text",
            shortcut="Ctrl+-",
        ),
        Command(
            "text.normal",
            translate("commands", "Normal text size"),
            translate("commands", "Text and controls at 100 %."),
            preferences.restore_text_size,
            menu=menu,
            section="text",
            shortcut="Ctrl+Shift+T",
        ),
        Command(
            "text.choose",
            translate("commands", "Text size"),
            translate("commands", "Text and controls of this size, in per cent of the normal one."),
            preferences.choose_text_size,
            arguments=(Argument("size", int),),
        ),
    )
