"""Intents about the user's own recipes, networks and objectives: read them, allow a Python folder."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.own_models_state import OwnModelsState
from aestudio.recipes import network as networks
from aestudio.recipes import objective as objectives
from aestudio.recipes.library import shipped_recipes, user_recipes
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.own_parts.trust import remember_answer
from aestudio.recipes.part import scan_parts

if TYPE_CHECKING:
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress

translate = QCoreApplication.translate

TASK = "own models"


class OwnModelsController:
    """Reads the user's folders on a thread, as loading a Python file may take any time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._postponed: set[tuple[str, str]] = set()  # questions that were dismissed, until the next start

    def refresh(self) -> None:
        """Read everything again."""

        def read(progress: Progress) -> OwnModelsState:  # noqa: ARG001 - a thread of its own, no progress
            return read_own_models()

        self._store.run_task(TASK, "your own models were being read", read, self._read)

    def answer(self, allowed: bool) -> None:
        """Answer the question that is shown, and load the folder if it is allowed."""
        own = self._store.state.own
        if not own.questions:
            return
        asked = own.questions[0]
        self._next_question()

        def remember(progress: Progress) -> OwnModelsState:  # noqa: ARG001 - as above
            remember_answer(asked, allowed)
            return read_own_models()

        def after(message: TaskDone) -> None:
            self._read(message)
            # Runs that need it can be opened now.
            self._store.intents.refresh_runs()
            available = self._store.state.own.parts.get(f"aestudio.{asked.group}", {})
            if asked.name in available:
                text = translate("session", "{} is loaded.").format(available[asked.name].title)
                self._store.show_message(text)

        self._store.run_task(TASK, "your answer was being kept", remember, after)

    def postpone(self) -> None:
        """Ask the question that is shown at the next start only."""
        own = self._store.state.own
        if own.questions:
            self._postponed.add((own.questions[0].key, own.questions[0].digest))
            self._next_question()

    def _next_question(self) -> None:
        own = self._store.state.own
        self._store.update(own=replace(own, questions=own.questions[1:]))

    def _read(self, message: TaskDone) -> None:
        if message.problem is not None:
            self._store.show_message(str(message.problem), "bad")
        own: OwnModelsState | None = message.value
        if own is None:
            return
        waiting = [asked for asked in own.questions if (asked.key, asked.digest) not in self._postponed]
        own = replace(own, questions=tuple(waiting))
        recipes = (*shipped_recipes(), *own.recipes)
        before = self._store.state
        self._store.update(own=own, recipes=before.recipes if recipes == before.recipes else recipes)


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
