"""Finds the newest complete checkpoint of a run whose training broke."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.paths import runs_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.errors import StudioError
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.newest_state import NewestState
    from aestudio.training.events import Checkpoint

translate = QCoreApplication.translate

TASK = "newest state"


class BrokenRun:
    """Reads the newest checkpoint of a run whose training broke, and lets Resume continue from there.

    The window knows the last checkpoint only; the history in the folder can be newer.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._then: Callable[[], None] | None = None
        self._reading = False

    def read_newest_checkpoint(self, problem: StudioError) -> None:
        """Read the newest checkpoint of the current run; `problem` is why its training broke."""
        training, recipe = self._store.state.training, self._store.state.recipe
        if not training.run:
            return  # it broke before the first step
        folder = training.folder or runs_folder() / training.run
        self._reading = True

        def work(progress: Progress) -> NewestState:  # noqa: ARG001 - a second at most
            from aestudio.runs.kept_run import KeptRun

            return KeptRun.at(folder).newest_state()

        def after(message: TaskDone) -> None:
            self._reading = False
            state = self._store.state
            same = state.training.run == training.run and state.recipe == recipe
            if message.value is not None and same and not state.training.active:
                self._offer(message.value, problem)
            then, self._then = self._then, None
            if then is not None:
                then()

        self._store.run_task(TASK, "the newest state of the run was being read", work, after)

    def wait(self, then: Callable[[], None]) -> bool:
        """Whether the folder is still being read; `then` is called when it has been."""
        if self._reading:
            self._then = then
        return self._reading

    def _offer(self, newest: NewestState, problem: StudioError) -> None:
        training = self._store.state.training
        checkpoint = newest.checkpoint
        if checkpoint is None or _step(checkpoint) < _step(training.checkpoint):
            checkpoint = training.checkpoint  # the newer one could not be written
        if checkpoint is None:
            return
        live = MappingProxyType({**checkpoint.live, **training.live})
        self._store.update(training=replace(training, checkpoint=checkpoint, live=live))
        newer_problem = "" if newest.newer_problem is None else f" {newest.newer_problem}"
        text = translate("session", "{} Resume continues from step {}.").format(
            f"{problem}{newer_problem}", f"{_step(checkpoint):,}"
        )
        self._store.show_message(text, "bad")


def _step(checkpoint: Checkpoint | None) -> int:
    return -1 if checkpoint is None else int(checkpoint.counters["step"])
