"""The part of the Training menu about the checkpoints of a run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.window.commands.command import Argument, Command
from aestudio.gui.window.commands.obstacles import no_earlier, no_history, no_later

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


def history_commands(window: CommandTarget) -> tuple[Command, ...]:
    """Which checkpoint every view shows, playing them, and branching at one."""
    menu = QCoreApplication.translate("commands", "&Training")
    return (*_steps(window, menu), *_choices(window, menu))


def _steps(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """From checkpoint to checkpoint."""
    translate = QCoreApplication.translate
    session = window.session
    control = session.history
    return (
        Command(
            "history.toggle",
            translate("commands", "Play the history as an animation, or pause it"),
            translate("commands", "Every view shows one checkpoint after the other."),
            control.toggle,
            menu=menu,
            shortcut="Ctrl+Shift+P",
            section="history",
            obstacle=lambda: no_history(session.state),
        ),
        # Not Ctrl+[ and Ctrl+]: many keyboards have brackets only behind another modifier.
        Command(
            "history.previous",
            translate("commands", "Previous checkpoint"),
            translate("commands", "Every view shows an earlier checkpoint."),
            partial(control.back, 1),
            menu=menu,
            submenu=translate("commands", "History"),
            shortcut="Alt+Left",
            section="history",
            obstacle=lambda: no_earlier(session.state),
        ),
        Command(
            "history.next",
            translate("commands", "Next checkpoint"),
            translate(
                "commands", "Every view shows a later checkpoint; after the last one, the newest weights."
            ),
            partial(control.forth, 1),
            menu=menu,
            submenu=translate("commands", "History"),
            shortcut="Alt+Right",
            section="history",
            obstacle=lambda: no_later(session.state),
        ),
    )


def _choices(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """To the first and the newest one, and to one of a number; a branch."""
    translate = QCoreApplication.translate
    session = window.session
    control = session.history
    return (
        Command(
            "history.first",
            translate("commands", "First checkpoint"),
            translate("commands", "Every view shows the weights before the first step."),
            control.first,
            menu=menu,
            submenu=translate("commands", "History"),
            shortcut="Alt+Home",
            section="history",
            obstacle=lambda: no_earlier(session.state),
        ),
        Command(
            "history.now",
            translate("commands", "Back to now"),
            translate("commands", "Every view shows the newest weights again."),
            partial(control.show, None),
            menu=menu,
            submenu=translate("commands", "History"),
            shortcut="Alt+End",
            section="history",
            obstacle=lambda: no_later(session.state),
        ),
        Command(
            "history.branch",
            translate("commands", "Branch from here ..."),
            translate("commands", "Starts a new run at this checkpoint, with one setting changed."),
            window.history.open_branch,
            menu=menu,
            shortcut="Ctrl+Shift+B",
            section="history",
            obstacle=lambda: no_history(session.state),
        ),
        Command(
            "history.show",
            translate("commands", "Show a checkpoint"),
            translate("commands", "Every view shows the checkpoint of this number, from 0 on."),
            control.show,
            arguments=(Argument("index", int),),
        ),
    )
