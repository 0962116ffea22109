"""Every command of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.window.commands.command import CommandTable
from aestudio.gui.window.commands.edit_commands import edit_commands
from aestudio.gui.window.commands.explore_commands import explore_commands
from aestudio.gui.window.commands.file_commands import file_commands
from aestudio.gui.window.commands.help_commands import help_commands
from aestudio.gui.window.commands.history_commands import history_commands
from aestudio.gui.window.commands.thing_commands import image_commands, thing_commands
from aestudio.gui.window.commands.training_commands import training_commands
from aestudio.gui.window.commands.view_commands import view_commands

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


def window_commands(window: CommandTarget) -> CommandTable:
    """The table for this window, in the order of the menus; texts are in the present language."""
    return CommandTable(
        [
            *file_commands(window),
            *edit_commands(window),
            *thing_commands(window),
            *view_commands(window),
            *training_commands(window),
            *history_commands(window),
            *explore_commands(window),
            *image_commands(window),
            *help_commands(window),
        ]
    )
