"""Every command of the table is run in every state: it does something that is seen, or says why not.

Menus, keys and palette are made of this table. What a command does is looked at from outside: another picture
of the window, a dialog, a menu, a message, the clipboard, a folder that is opened. Right clicks on every part
of every view are in `test_context_menus.py`.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.window.perform import perform
from tests.end_to_end.conftest import LONG, pixels, small
from tests.guards import LoggedErrors
from tests.latent_models import snapshot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aestudio.gui.window.commands.command import Command
    from tests.end_to_end.conftest import Person

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)

QUITS = {"window.close"}
MOST_CHOICES = 2  # of each command that has some
PATIENCE = 3.0  # seconds until the views show what was computed; a training computes for ever


# ---- states ---------------------------------------------------------------------------------------------


def shows(person: Person, run: str) -> bool:
    return person.state.snapshot is not None and person.state.snapshot.run == run


def open_shipped(person: Person) -> None:
    if not shows(person, "conv-vae-2d"):
        stop(person)
        person.window.session.runs.open("conv-vae-2d")
        person.wait(lambda: shows(person, "conv-vae-2d"))


def stop(person: Person) -> None:
    """End every training, also one that is hidden, and empty the queue."""
    session = person.window.session
    session.queue.hold()
    for entry in person.state.queue.entries:
        session.queue.remove(entry.key)
    person.wait(lambda: person.state.trained_phase not in ("preparing", "stopping"))
    if person.state.trained_phase not in ("idle", "ended"):
        session.training.stop(group="comparison" if person.state.comparison.active else "training")
    person.wait(lambda: person.state.trained_phase in ("idle", "ended"))


def show_nothing(person: Person) -> None:
    stop(person)
    if person.state.model is not None:
        person.window.session.update(model=None)


def show_tiny(kind: str) -> Callable[[Person], None]:
    """A model without an encoder, or with a discrete code."""
    model = ExploredModel(snapshot_of(kind), kind, "kept")

    def show(person: Person) -> None:
        stop(person)
        if person.state.model is None or person.state.model.title != kind:
            person.window.session.update(model=model)

    return show


def trained(recipe: str) -> Callable[[Person], None]:
    """A short training of this recipe has ended."""

    def show(person: Person) -> None:
        stop(person)
        snapshot = person.state.snapshot
        if person.training.phase != "ended" or snapshot is None or snapshot.recipe.name != recipe:
            train(person, small(recipe, epochs=1))
            person.wait_phase("ended")

    return show


def train(person: Person, recipe: Any) -> None:
    person.window.session.recipe.choose_recipe(recipe)
    person.window.session.training.start()
    person.wait(lambda: person.training.phase in ("running", "ended"))


def pause(person: Person) -> None:
    session = person.window.session
    if person.state.hidden_training is not None:
        session.runs.show_training()
    person.wait(lambda: person.training.phase not in ("preparing", "stopping"))
    if person.training.phase in ("idle", "ended"):
        stop(person)
        train(person, small(epochs=LONG))
        person.wait(lambda: person.step > 3)
    if person.training.phase == "running":
        session.training.pause()
    person.wait(lambda: person.training.phase == "paused")


def compare(person: Person) -> None:
    stop(person)
    if not person.state.comparison.runs:
        person.window.session.recipe.choose_recipe(small(epochs=1))
        person.window.session.training.start(group="comparison")
        person.wait(lambda: {run.phase for run in person.state.comparison.runs} == {"ended"})


def present(person: Person) -> None:
    open_shipped(person)
    if not person.state.presentation:
        person.window.toggle_presentation()


STATES: dict[str, tuple[str, Callable[[Person], None]]] = {
    "nothing trained": ("reconstruct", show_nothing),
    "a model at rest": ("train", open_shipped),
    "a training that is paused": ("train", pause),
    "a training that has ended": ("compress", trained("vae")),
    "principal components": ("latent", trained("pca")),
    "a classifier": ("latent", trained("digit-classifier")),
    "a generator": ("latent", show_tiny("gan")),
    "a codebook": ("reconstruct", show_tiny("codebook")),
    "a comparison": ("compare", compare),
    "a presentation": ("latent", present),
}
"""By its name: the view in front, and what brings the window into the state."""


# ---- looking --------------------------------------------------------------------------------------------


def rest(person: Person) -> None:
    """Wait until what was asked for has been computed and shown."""
    end = time.monotonic() + PATIENCE
    while (set(person.state.pending) - {"axis names"} or person.state.tasks) and time.monotonic() < end:
        person.live(5)
    person.settle()


def closed(person: Person) -> list[str]:
    """Close all that lies over the window; returns what that was."""
    found = []
    window = person.window
    while (over := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
        found.append(type(over).__name__)
        over.close()
        QApplication.processEvents()
    beside = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not window]
    for one in beside:
        found.append(type(one).__name__)
        one.close()
    if window.dialogs.palette.isVisible():
        found.append("palette")
        window.dialogs.palette.close_palette()
    QApplication.processEvents()
    if QApplication.activeWindow() is not window:
        window.activateWindow()
        person.wait(window.isActiveWindow)
    return found


def arguments(command: Command) -> Iterator[dict[str, Any]]:
    """What a command is told, in turn; nothing of one that needs to be told a number or a text."""
    if command.choices is not None:
        for choice in list(command.choices())[:MOST_CHOICES]:
            yield command.chosen(choice)
    elif command.complete:
        yield {}


def is_there_already(person: Person, command: Command) -> bool:
    """Whether it chooses what is chosen: the menu has a mark, and nothing is to be done."""
    on = command.checked is not None and command.checked()
    return on and command.id.startswith(("view.", "theme."))


def silence(person: Person, command: Command, values: dict[str, Any]) -> str:
    """Run a command; what is wrong with what can be seen of it, "" if nothing is."""
    session, there = person.window.session, is_there_already(person, command)
    session.show_message("")
    QGuiApplication.clipboard().clear()
    opened.clear()
    rest(person)
    why_not, before = command.obstacle(), pixels(person.window).tobytes()
    perform(session, command, **values)
    over = closed(person) if QApplication.activePopupWidget() or QApplication.activeModalWidget() else []
    rest(person)
    message = person.state.message
    if why_not:
        return "" if message.text else "does not say why it cannot be done"
    copied = not QGuiApplication.clipboard().image().isNull() or QGuiApplication.clipboard().text()
    if message.text or there or over or closed(person) or opened or copied:
        return ""
    return "" if is_seen(person, before) else "is silent"


def is_seen(person: Person, before: bytes) -> bool:
    """Whether the window changes: a step of a training is shown some frames after it."""
    end = time.monotonic() + PATIENCE
    while pixels(person.window).tobytes() == before:
        if time.monotonic() > end:
            return False
        person.live(20)
    return True


opened: list[str] = []


@pytest.mark.slow
@pytest.mark.parametrize("name", STATES)
def test_every_command_does_something_or_says_why_not(
    person: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    view, enter = STATES[name]
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    errors, found = LoggedErrors(), []
    logging.getLogger().addHandler(errors)
    try:
        for command in person.window.commands.values():
            if command.id in QUITS or command.keys_in in ("presentation", "escape"):
                continue
            for values in arguments(command):
                if person.state.presentation and name != "a presentation":
                    person.window.toggle_presentation()
                enter(person)
                person.window.show_view(view)
                wrong = silence(person, command, values)
                found += [f"{command.id} {values}: {wrong}"] if wrong else []
                found += [f"{command.id}: {record.getMessage()}" for record in errors.records]
                errors.records.clear()
    finally:
        logging.getLogger().removeHandler(errors)
        if person.state.presentation:
            person.window.toggle_presentation()
        stop(person)
    assert found == [], "\n".join(found)
