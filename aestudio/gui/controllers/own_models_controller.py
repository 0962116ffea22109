"""Intents about the user's own recipes, networks and objectives: read them, allow a Python folder."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.next_training import set_up_recipe
from aestudio.gui.state.own_models_state import OwnModelsState
from aestudio.recipes import network as networks
from aestudio.recipes import objective as objectives
from aestudio.recipes.library import save_recipe, shipped_recipes, user_recipes
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.own_parts.answers import remember_answer
from aestudio.recipes.part import scan_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.recipes.own_parts.part_folder import PartFolder
    from aestudio.recipes.recipe import Recipe

translate = QCoreApplication.translate

TASK = "own models"
SAVE_TASK, ANSWER_TASK = "save recipe", "own models answer"


class OwnModelsController:
    """Reads the user's folders on a thread, as loading a Python file may take any time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def refresh(self, then: Callable[[], None] = lambda: None) -> None:
        """Read everything again; `then` is called when it is shown."""

        def read(progress: Progress) -> OwnModelsState:  # noqa: ARG001 - it cannot say how far it is
            return read_own_models()

        def after(message: TaskDone) -> None:
            self._read(message)
            then()

        self._store.run_task(TASK, "your own models were being read", read, after)

    def save_recipe(self, title: str) -> None:
        """Keep the recipe, with its settings as they are, among the user's own."""
        recipe = set_up_recipe(self._store.state)

        def save(progress: Progress) -> Recipe:  # noqa: ARG001 - quick
            return save_recipe(recipe, title)

        def after(message: TaskDone) -> None:
            if message.value is None:
                self._show_problem(message)
                return
            text = translate("session", "The recipe is kept as {}, in the gallery and for commands.")
            self._store.show_message(text.format(message.value.name))
            self.refresh()

        self._store.run_task(SAVE_TASK, "the recipe was being written", save, after)

    def answer(self, allowed: bool) -> None:
        """Answer the question that is shown, and load the folder if it is allowed."""
        own = self._store.state.own
        if not own.questions:
            return
        asked = own.questions[0]
        self._next_question()

        def remember(progress: Progress) -> None:  # noqa: ARG001 - quick
            remember_answer(asked, allowed)

        def after(message: TaskDone) -> None:
            self._show_problem(message)
            # A reading that was under way may have missed the answer: this one replaces it.
            self.refresh(lambda: self._answered(asked))

        self._store.run_task(f"{ANSWER_TASK} {asked.key}", "your answer was being kept", remember, after)

    def _answered(self, asked: PartFolder) -> None:
        available = self._store.state.own.parts.get(f"aestudio.{asked.group}", {})
        if asked.name in available:
            text = translate("session", "{} is loaded.").format(available[asked.name].title)
            self._store.show_message(text)
        self._store.intents.refresh_runs()  # those that need it can be opened now

    def postpone(self) -> None:
        """Ask the question that is shown at the next start only."""
        own = self._store.state.own
        if own.questions:
            asked = own.questions[0]
            self._next_question(own.postponed | {(asked.key, asked.digest)})

    def _next_question(self, postponed: frozenset[tuple[str, str]] | None = None) -> None:
        own = self._store.state.own
        postponed = own.postponed if postponed is None else postponed
        self._store.update(own=replace(own, questions=own.questions[1:], postponed=postponed))

    def _read(self, message: TaskDone) -> None:
        self._show_problem(message)
        if message.value is not None:
            self._show(message.value)

    def _show_problem(self, message: TaskDone) -> None:
        if message.problem is not None:
            self._store.show_message(str(message.problem), "bad")

    def _show(self, own: OwnModelsState) -> None:
        before = self._store.state
        postponed = before.own.postponed
        waiting = [asked for asked in own.questions if (asked.key, asked.digest) not in postponed]
        own = replace(own, questions=tuple(waiting), postponed=postponed)
        recipes = (*shipped_recipes(), *own.recipes)
        self._store.update(own=own, recipes=before.recipes if recipes == before.recipes else recipes)
        self._store.intents.own_parts_loaded()


def read_own_models() -> OwnModelsState:
    """Everything in the user's folders and from installed packages; Python files that are allowed are run."""
    scans = {
        networks.PACKAGE: scan_parts(networks.PACKAGE, Network),
        objectives.PACKAGE: scan_parts(objectives.PACKAGE, Objective),
    }
    recipes, problems = user_recipes()
    return OwnModelsState(
        recipes,
        MappingProxyType({package: MappingProxyType(dict(scan.parts)) for package, scan in scans.items()}),
        tuple(asked for scan in scans.values() for asked in scan.waiting),
        (*(problem for scan in scans.values() for problem in scan.problems), *problems),
    )
