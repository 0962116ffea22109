"""Sweeps, in the Training menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Argument, Command

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


def sweep_commands(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """Vary settings of the recipe, and look at what came of it."""
    translate = QCoreApplication.translate
    return (
        Command(
            "sweep.vary",
            translate("commands", "Vary settings ..."),
            translate("commands", "Trains the recipe with several values of its settings and compares them."),
            window.dialogs.show_vary,
            menu=menu,
            section="sweeps",
            obstacle=window.session.sweeps.obstacle,
            arguments=(Argument("name", str, ""),),
        ),
        Command(
            "sweep.show",
            translate("commands", "Sweeps"),
            translate("commands", "Opens the sweeps: table, parallel coordinates, heat map, curves."),
            window.dialogs.show_sweeps,
            menu=menu,
            section="sweeps",
        ),
    )
