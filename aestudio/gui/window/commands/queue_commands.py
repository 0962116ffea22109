"""The queue of trainings, in the Training menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.next_training import sets_up_next
from aestudio.gui.state.training_queue import is_busy
from aestudio.gui.window.commands.command import Command

if TYPE_CHECKING:
    from aestudio.gui.window.commands.target import CommandTarget


def queue_commands(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """Set up the next training, add it, and show what waits."""
    translate = QCoreApplication.translate
    session = window.session

    def set_up_next() -> None:
        window.show_next_training()
        session.recipe.show_next(not sets_up_next(session.state))

    def nothing_runs() -> str:
        text = translate("commands", "No training runs: the recipe is that of the next one.")
        return "" if session.state.training.active else text

    return (
        Command(
            "queue.set_up",
            translate("commands", "Set up the next training"),
            translate("commands", "Shows a recipe for later while a training runs, or its own again."),
            set_up_next,
            menu=menu,
            shortcut="Ctrl+Shift+N",
            section="queue",
            checked=lambda: sets_up_next(session.state),
            obstacle=nothing_runs,
        ),
        Command(
            "queue.add",
            translate("commands", "Add to the queue"),
            translate("commands", "Trains the recipe of the sidebar after all others that wait."),
            session.queue.add,
            menu=menu,
            shortcut="Ctrl+Shift+Return",
            section="queue",
            obstacle=session.queue.obstacle,
        ),
        Command(
            "queue.add_first",
            translate("commands", "Train next"),
            translate("commands", "Adds the recipe of the sidebar to the queue, before all others."),
            lambda: session.queue.add(first=True),
            menu=menu,
            section="queue",
            obstacle=session.queue.obstacle,
        ),
        *_going(window, menu),
        Command(
            "queue.show",
            translate("commands", "Queue of trainings"),
            translate("commands", "Opens the trainings that wait: order, remove or begin them."),
            window.dialogs.show_queue,
            menu=menu,
            shortcut="Ctrl+Shift+Q",
            section="queue",
        ),
    )


def _going(window: CommandTarget, menu: str) -> tuple[Command, ...]:
    """Begin what waits, or let it wait."""
    translate = QCoreApplication.translate
    session = window.session

    def none_waits() -> str:
        queue = session.state.queue
        return "" if queue.next is not None else translate("commands", "No training waits in the queue.")

    def goes_on_already() -> str:
        said = translate("commands", "The queue goes on already: its next training begins after this one.")
        return none_waits() or (said if busy() and not session.state.queue.waits else "")

    def waits_already() -> str:
        said = translate("commands", "The queue waits already, until you start it.")
        return none_waits() or (said if session.state.queue.waits else "")

    def busy() -> bool:
        return is_busy(session.state)

    def go_on() -> None:
        after_this_one = busy()
        session.queue.go_on()
        if after_this_one:
            session.show_message(translate("commands", "The queue goes on when this training has ended."))

    def hold() -> None:
        session.queue.hold()
        session.show_message(translate("commands", "The queue waits until you start it."))

    return (
        Command(
            "queue.go_on",
            translate("commands", "Start the queue"),
            translate("commands", "Trains what waits, one after another."),
            go_on,
            menu=menu,
            section="queue",
            obstacle=goes_on_already,
        ),
        Command(
            "queue.hold",
            translate("commands", "Hold the queue"),
            translate("commands", "The training goes on; the next one waits until you start the queue."),
            hold,
            menu=menu,
            section="queue",
            obstacle=waits_already,
        ),
    )
