"""Every command of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.window.commands.command import CommandTable
from aestudio.gui.window.commands.explore import explore_commands
from aestudio.gui.window.commands.help import help_commands
from aestudio.gui.window.commands.history import history_commands
from aestudio.gui.window.commands.training import training_commands
from aestudio.gui.window.commands.view import view_commands

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


def window_commands(window: CommandTarget) -> CommandTable:
    """The table for this window, in the order of the menus; texts are in the language of the moment."""
    return CommandTable(
        [
            *training_commands(window),
            *explore_commands(window),
            *history_commands(window),
            *view_commands(window),
            *help_commands(window),
        ]
    )
