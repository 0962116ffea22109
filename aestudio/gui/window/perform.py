"""Carries out a command that the user chose by a menu, a key or the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.window.commands.command import Command


def perform(session: Session, command: Command, **values: object) -> None:
    """Run the command; if it cannot be done now, or fails, a message says why."""
    obstacle = command.obstacle()
    if obstacle:
        session.show_message(obstacle, "warn")
        return
    try:
        command.run(**values)
    except StudioError as problem:
        session.show_message(str(problem), "bad")
