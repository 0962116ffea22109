"""The part of the Training menu that breaks a training on purpose, and repairs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.sabotage_state import no_guess, no_repair, no_sabotage, possible_sabotages
from aestudio.gui.window.commands.command import Argument, Choice, Command

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


def sabotage_commands(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """One kind after the other, the guess about it, and the repair."""
    translate = QCoreApplication.translate
    session = window.session

    def choices() -> tuple[Choice, ...]:
        return tuple(
            Choice(kind.name, kind.title, kind.summary) for kind in possible_sabotages(session.state)
        )

    return (
        Command(
            "sabotage.begin",
            translate("commands", "Sabotage the training"),
            translate("commands", "Does one thing wrong from the next step on, to be found out."),
            session.training.sabotage,
            menu=menu,
            submenu=translate("commands", "Sabotage"),
            section="kinds of sabotage",
            arguments=(Argument("name", str),),
            obstacle=lambda: no_sabotage(session.state),
            choices=choices,
        ),
        Command(
            "sabotage.guess",
            translate("commands", "Guess what catches the sabotage ..."),
            translate("commands", "Asks which of four diagnostics shows it, and then explains it."),
            lambda: window.dialogs.show_guess(),
            menu=menu,
            submenu=translate("commands", "Sabotage"),
            section="sabotage",
            obstacle=lambda: no_guess(session.state),
        ),
        Command(
            "sabotage.repair",
            translate("commands", "Repair the sabotaged training"),
            translate("commands", "Trains on from the checkpoint before, as if nothing had happened."),
            session.history.repair,
            menu=menu,
            submenu=translate("commands", "Sabotage"),
            section="sabotage",
            obstacle=lambda: no_repair(session.state),
        ),
    )
