"""Intents about sweeps: what one takes, begin it, pause it, go on with it, look at its results."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.sweep_state import RunningSweep, SweepEstimate
from aestudio.gui.workers import sweep_work

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.sweep_state import SweepDraft, SweepsState
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.gui.workers.tasks import TaskReport

translate = QCoreApplication.translate

SWEEP, ESTIMATE, READ = "sweep", "estimate sweep", "read sweeps"


class SweepsController:
    """Carries out one sweep at a time, in processes of its own, beside everything else."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def _sweeps(self) -> SweepsState:
        return self._store.state.run_list.sweeps

    def _update(self, sweeps: SweepsState) -> None:
        self._store.update(run_list=replace(self._store.state.run_list, sweeps=sweeps))

    # ---- before -----------------------------------------------------------------------------------

    def obstacle(self) -> str:
        """Why no sweep can begin now, "" if one can."""
        if self._sweeps.running is not None:
            return translate("sweeps", "A sweep is carried out already: pause it, or wait for its end.")
        if self._store.state.data.dataset is None:
            return translate("sweeps", "Load a data set first.")
        return ""

    def estimate(self, draft: SweepDraft) -> None:
        """Measure what a draft takes; an earlier measurement is given up."""
        dataset = self._store.state.data.dataset
        if dataset is None:
            self._estimated(SweepEstimate(draft, problem=translate("sweeps", "Load a data set first.")))
            return

        def work(report: TaskReport) -> SweepEstimate:
            return sweep_work.estimate(draft, dataset, report)

        def after(message: TaskDone) -> None:
            if message.value is not None:
                self._estimated(message.value)
            elif message.problem is not None:
                self._estimated(SweepEstimate(draft, problem=str(message.problem)))

        doing = "the sweep was being estimated"
        self._store.run_task(ESTIMATE, doing, work, after, part=self._estimated)

    def _estimated(self, estimate: SweepEstimate) -> None:
        self._update(replace(self._sweeps, estimate=estimate))

    def forget_estimate(self) -> None:
        """The dialog is closed."""
        self._store.tasks.cancel(ESTIMATE)
        self._update(replace(self._sweeps, estimate=None))

    # ---- carried out ------------------------------------------------------------------------------

    def begin(self, draft: SweepDraft) -> bool:
        """Keep a new sweep and carry it out; whether it begins: a message says why not."""
        dataset, folder = self._store.state.data.dataset, self._store.state.data.folder
        if self.obstacle() or dataset is None:
            self._store.show_message(self.obstacle(), "warn")
            return False
        self._run(RunningSweep(), lambda report: sweep_work.begin(draft, dataset, folder, report))
        return True

    def go_on(self, name: str) -> None:
        """Carry out what is left of a kept sweep, also after a crash."""
        if self._sweeps.running is not None:
            self._store.show_message(self.obstacle(), "warn")
            return
        folder = self._store.state.data.folder
        self._run(RunningSweep(name), lambda report: sweep_work.go_on(name, folder, report))

    def pause(self) -> None:
        """Let the runs stop after their step. What is done is kept, and `go_on` continues exactly there."""
        running = self._sweeps.running
        if running is not None:
            self._store.tasks.cancel(SWEEP)
            self._update(replace(self._sweeps, running=replace(running, pausing=True)))

    def _run(self, running: RunningSweep, work: Callable[[TaskReport], RunningSweep]) -> None:
        self._update(replace(self._sweeps, running=running))
        self._store.run_task(SWEEP, "the sweep was being carried out", work, self._ended, part=self._told)

    def _told(self, running: RunningSweep) -> None:
        """A run has ended, or the sweep is kept now."""
        before = self._sweeps.running
        pausing = before is not None and before.pausing
        sweeps = replace(self._sweeps, running=replace(running, pausing=pausing))
        if before is None or before.name != running.name:
            sweeps = sweeps.choosing(running.name)
        self._update(sweeps)
        if READ not in self._store.state.tasks:  # what ends meanwhile is read with the next one
            self.refresh()

    def _ended(self, message: TaskDone) -> None:
        running = self._sweeps.running or RunningSweep()
        self._update(replace(self._sweeps, running=None))
        if message.problem is not None:
            self._store.show_message(str(message.problem), "bad")
        elif message.cancelled:
            text = translate("sweeps", "The sweep is paused after {} of {} runs; what is done is kept.")
            self._store.show_message(text.format(running.done, running.runs))
        elif message.value.failed:
            text = translate("sweeps", "The sweep has ended: {} runs, of which {} failed.")
            self._store.show_message(text.format(message.value.runs, message.value.failed), "warn")
        else:
            text = translate("sweeps", "The sweep has ended: {} runs.")
            self._store.show_message(text.format(message.value.runs), "good")
        self.refresh()
        self._store.intents.refresh_runs()

    # ---- results ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the kept sweeps again, and the results of the chosen one."""
        sweeps = self._sweeps

        def work(report: TaskReport) -> sweep_work.Read:
            return sweep_work.read(sweeps.chosen, sweeps.metric, report, first=sweeps.shown is None)

        def take(known: sweep_work.Read) -> None:
            self._update(self._sweeps.with_read(*known))

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif not message.cancelled:
                take(message.value)

        self._store.run_task(READ, "the sweeps were being read", work, after, urgent=True, part=take)

    def choose(self, name: str, metric: str = "") -> None:
        """Look at a sweep. metric: another one than its own"""
        if (name, metric) != (self._sweeps.chosen, self._sweeps.metric):
            self._update(self._sweeps.choosing(name, metric))
            self.refresh()

    def write_csv(self, path: Path) -> None:
        """Write the candidates of the shown sweep with every score."""
        shown = self._sweeps.shown
        if shown is None:
            return

        def work(report: TaskReport) -> None:  # noqa: ARG001 - quick
            sweep_work.write_csv(shown, path)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif not message.cancelled:
                self._store.show_message(
                    translate("sweeps", "Wrote the candidates to {}.").format(path), "good"
                )

        self._store.run_task("write sweep", "the candidates were being written", work, after)
