"""Intents about the comparison: the difference, start, pause, step, stop, and the code shown in all runs.

Longer than other files, because every intent depends on the same plan and the thread of its runs.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.gui.controllers.memory_check import memory_problem
from aestudio.gui.state.comparison_state import ComparedRun, ComparisonPlan, plan_for, plan_of, problem_of
from aestudio.gui.state.condition_state import with_compared_condition
from aestudio.gui.state.effects.reactions import BeginComparison, CancelComparison
from aestudio.gui.state.reducers import with_comparison_events
from aestudio.gui.state.training_state import TrainingState
from aestudio.gui.workers.messages import SaveFailed, Trained, TrainingEnded
from aestudio.gui.workers.recorded_runs import new_run
from aestudio.gui.workers.training_job import TrainingJob
from aestudio.recipes.differences import (
    FEWEST,
    MOST,
    another_value,
    compared_recipes,
    comparison_title,
    difference,
    suggested_values,
)
from aestudio.training.events import Paused
from aestudio.training.lockstep import LockstepCommands
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.errors import StudioError
    from aestudio.gui.controllers.store import Store
    from aestudio.inference.conditions import ConditionRow
    from aestudio.recipes.differences import Preset
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Event

translate = QCoreApplication.translate


class ComparisonController:
    """Plans, starts and steers the compared runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._job: TrainingJob | None = None
        self.token = 0
        self._stepped = (0, -1)  # comparison and step of the last message about a phase
        store.react_with(BeginComparison, lambda _: self._begin())
        store.react_with(CancelComparison, lambda _: self._cancel_start())

    # ---- the plan ---------------------------------------------------------------------------------

    @property
    def plan(self) -> ComparisonPlan:
        """What Start would train now."""
        state = self._store.state
        return plan_for(state.recipe, state.comparison.plan, state.comparison_context)

    def choose_difference(self, name: str) -> None:
        """Compare another setting, with values that are worth comparing; raises BadChoice."""
        recipe, context = self._store.state.recipe, self._store.state.comparison_context
        info = difference(recipe, name, context)
        self._plan(ComparisonPlan(name, suggested_values(recipe, info)))

    def choose_preset(self, preset: Preset) -> None:
        """Take a preset."""
        if preset.difference:
            self._plan(plan_of(preset))

    def set_value(self, number: int, value: Any) -> None:
        """Give one run another value."""
        values = list(self.plan.values)
        values[number] = value
        self._plan(replace(self.plan, values=tuple(values)))

    def add(self) -> None:
        """Add a run, if there is a value that no run has yet."""
        state, plan = self._store.state, self.plan
        if len(plan.values) >= MOST:
            return
        new = another_value(state.recipe, plan.difference, plan.values, state.comparison_context)
        if new is not None:
            self._plan(replace(plan, values=(*plan.values, new)))

    def remove(self) -> None:
        """Remove the last run."""
        plan = self.plan
        if len(plan.values) > FEWEST:
            self._plan(replace(plan, values=plan.values[:-1]))

    def problem(self) -> StudioError | None:
        """Why the plan cannot be trained, or None."""
        return problem_of(self._store.state.recipe, self.plan, self._store.state.comparison_context)

    def _plan(self, plan: ComparisonPlan) -> None:
        if not self._store.state.comparison.active:
            self._update(plan=plan)

    # ---- buttons ----------------------------------------------------------------------------------

    def start(self, one_step: bool = False, phase: str = "") -> None:
        """Start the planned runs; waits until the data are loaded and torch is imported.

        phase: the name of the only phase of that one step, "" for a whole step
        """
        store = self._store
        if store.state.comparison.active or store.refuses_to_start(comparison=True):
            return
        state = store.state
        problem = self.problem() or memory_problem(self._recipes(), state)
        if state.training.active:
            store.show_message(
                translate("session", "A training runs: stop it before starting a comparison."), "warn"
            )
        elif state.torch_phase == "failed":
            text = translate("session", "PyTorch could not be loaded, so nothing can be trained.")
            store.show_message(text, "bad")
        elif problem is not None:
            store.show_message(str(problem), "warn")
        else:
            if not state.data.usable and state.data.phase != "loading":
                store.intents.load_data()
            info = difference(state.recipe, self.plan.difference, state.comparison_context)
            self._update(
                phase="preparing",
                plan=self.plan,
                runs=self._planned(),
                base=state.recipe,
                difference=info,
                code=None,
                condition=None,
                start_when_ready=True,
                first_step_only=one_step,
                first_phase=phase,
            )

    def _recipes(self) -> tuple[Recipe, ...]:
        state, plan = self._store.state, self.plan
        return compared_recipes(state.recipe, plan.difference, plan.values, state.comparison_context)

    def _planned(self) -> tuple[ComparedRun, ...]:
        state, plan, context = self._store.state, self.plan, self._store.state.comparison_context
        info = difference(state.recipe, plan.difference, context)
        recipes = compared_recipes(state.recipe, info.name, plan.values, context)
        return tuple(
            ComparedRun(
                comparison_title(info, value, context),
                one,
                TrainingState("preparing", live=MappingProxyType(live_values(one))),
                data=context.data,
            )
            for value, one in zip(plan.values, recipes, strict=True)
        )

    def toggle(self) -> None:
        """Start, pause or resume."""
        match self._store.state.comparison.phase:
            case "running":
                self.pause()
            case "paused":
                self.resume()
            case _:
                self.start()

    def pause(self) -> None:
        """Pause all runs at the same step."""
        if self._job is not None:
            self._job.commands.pause()

    def resume(self) -> None:
        """Continue exactly where the pause began."""
        comparison = self._store.state.comparison
        if self._job is not None and comparison.phase == "paused":
            self._job.commands.resume()
            resumed = tuple(
                replace(compared_run, training=replace(compared_run.training, phase="running"))
                if compared_run.training.phase == "paused"
                else compared_run
                for compared_run in comparison.runs
            )
            self._update(phase="running", runs=resumed)

    def step(self, phase: str = "") -> None:
        """Do one step of each run, then pause again; starts the comparison if it is not running.

        phase: the name of the only phase to execute in it, "" for a whole step; runs without it do one
        """
        comparison = self._store.state.comparison
        if comparison.phase == "paused" and self._job is not None:
            self._job.commands.advance(1, phase)
        elif comparison.phase == "running":
            self.pause()
        elif not comparison.active:
            self.start(one_step=True, phase=phase)

    def stop(self) -> None:
        """End all runs; what they learned is kept."""
        comparison = self._store.state.comparison
        if self._job is not None and comparison.active:
            self._job.commands.stop()
            self._update(phase="stopping")
        elif comparison.phase == "preparing":
            self._cancel_start()

    def change(self, name: str, value: float, number: int | None = None) -> None:
        """Change a live setting of one run, or of all runs if they do not differ in it."""
        comparison = self._store.state.comparison
        if self._job is None or comparison.difference is None:
            return
        for one in range(len(comparison.runs)) if number is None else (number,):
            if number is not None or name != comparison.difference.name:
                self._job.commands.change_one(one, name, value)

    # ---- selection --------------------------------------------------------------------------------

    def move_to(self, code: NDArray[np.float32]) -> None:
        """Show the same code, float32 (L,), in all runs with codes of that length."""
        self._update(code=code)

    def choose_condition(self, condition: ConditionRow | None) -> None:
        """Let all conditional runs decode with this class or these factors; None: those of the image."""
        self._store.set_state(with_compared_condition(self._store.state, condition))

    def follow_image(self) -> None:
        """Show the code of the selected image again, as its own class: each run its own."""
        comparison = self._store.state.comparison
        if comparison.code is not None or comparison.condition is not None:
            self._update(code=None, condition=None)

    def select(self, index: int) -> None:
        """Select an image of the test set, here and in every other view whose model takes it."""
        self.follow_image()
        if self._only_compared(index):
            self._store.update(selected=index)
        else:
            self._store.intents.select_image(index)

    def hover(self, index: int) -> None:
        """Set the image under the pointer, in every view; -1 for none."""
        state = self._store.state
        known = state.image_at(index) is not None or self._only_compared(index)
        if index != state.hovered:
            self._store.update(hovered=index if known else -1)

    def _only_compared(self, index: int) -> bool:
        """Whether the compared runs take this image, and the shown model does not."""
        state = self._store.state
        count = sum(map(len, state.compared_image_sets))
        return not state.image_sets and 0 <= index < count

    def use_same_axes(self, same: bool) -> None:
        """Show the same part of the same plane in all maps, or each map its own."""
        self._update(same_axes=same)

    def open(self, number: int) -> None:
        """Open one of the compared runs in the window, as any other run."""
        comparison = self._store.state.comparison
        if comparison.active:
            self._store.show_message(
                translate("session", "The compared runs are being trained: stop them before opening one."),
                "warn",
            )
        elif number < len(comparison.runs) and comparison.runs[number].training.run:
            training = comparison.runs[number].training
            self._store.intents.open_run(str(training.folder or training.run))

    # ---- from start to end ------------------------------------------------------------------------

    def _cancel_start(self) -> None:
        """Nothing can begin; the view shows already what failed."""
        self._update(phase="idle", runs=(), start_when_ready=False)

    def _begin(self) -> None:
        self._update(start_when_ready=False)
        store = self._store
        dataset = store.state.data.dataset
        assert dataset is not None
        base = store.state.comparison.base
        assert base is not None
        runs = store.state.comparison.runs
        if (
            any(compared_run.recipe.objective.needs_labels for compared_run in runs)
            and dataset.train.labels is None
        ):
            self._cancel_start()
            text = translate("session", "One of these recipes needs labels, and the images of {} have none.")
            store.show_message(text.format(dataset.title), "bad")
            return
        recipes = [compared_run.recipe for compared_run in runs]
        problem = memory_problem(recipes, store.state)  # the data may have come since Compare was pressed
        if problem is not None:
            self._cancel_start()
            store.show_message(str(problem), "bad")
            return
        planned = [
            new_run(one.recipe, dataset, store.state.device, f"{base.title}: {one.title}") for one in runs
        ]
        commands = LockstepCommands(len(runs))
        if store.state.comparison.first_step_only:
            commands.advance(1, store.state.comparison.first_phase)
        self._job = TrainingJob(store.mailbox, planned, commands)
        self.token = self._job.token
        text = translate("session", "Comparing {} runs of {} on {}.")
        store.show_message(text.format(len(runs), base.title, dataset.title))

    def take(self, messages: Sequence[object]) -> None:
        """Put the messages of the current comparison into the state."""
        happened: dict[int, list[Event]] = {}
        ended: TrainingEnded | None = None
        for message in messages:
            match message:
                case Trained(token, number, event) if token == self.token:
                    happened.setdefault(number, []).append(event)
                case SaveFailed(token, number, problem) if token == self.token:
                    self._save_failed(number, problem)
                case TrainingEnded(token) if token == self.token:
                    ended = message
                case _:
                    pass
        if happened:
            self._store.update(comparison=with_comparison_events(self._store.state.comparison, happened))
            self._say_phase(happened)
        if ended is not None:
            self._ended(ended.problem)

    def _say_phase(self, happened: Mapping[int, Sequence[Event]]) -> None:
        """Say which phase was stepped alone, once for each such step."""
        runs = self._store.state.comparison.runs
        for number, events in happened.items():
            for event in events:
                if isinstance(event, Paused) and event.phase and (self.token, event.step) != self._stepped:
                    self._stepped = (self.token, event.step)
                    phases = runs[number].recipe.objective.phases()
                    title = next(one.title for one in phases if one.name == event.phase)
                    text = translate("session", "Step {}: phase “{}” alone.")
                    if not all(_has_phase(run.recipe, event.phase) for run in runs):
                        text = translate(
                            "session",
                            "Step {}: phase “{}” alone, a whole step of runs without it.",
                        )
                    self._store.show_message(text.format(f"{event.step:,}", title))

    def _save_failed(self, number: int, problem: StudioError) -> None:
        comparison = list(self._store.state.comparison.runs)
        comparison[number] = replace(
            comparison[number], training=replace(comparison[number].training, problem=problem)
        )
        self._update(runs=tuple(comparison))
        self._store.show_message(str(problem), "bad")

    def _ended(self, problem: StudioError | None) -> None:
        self._job = None
        store = self._store
        began = any(compared_run.training.started is not None for compared_run in store.state.comparison.runs)
        self._update(phase="ended" if began else "idle")
        if problem is None:
            ends = (compared_run.training.ended for compared_run in store.state.comparison.runs)
            problem = next((end.problem for end in ends if end is not None and end.problem is not None), None)
        if problem is not None:
            store.show_message(str(problem), "bad")
        else:
            store.show_message(
                translate("session", "The comparison has ended; each of its runs is kept."), "good"
            )
        store.intents.refresh_runs()

    def _update(self, **parts: Any) -> None:
        self._store.update(comparison=replace(self._store.state.comparison, **parts))

    def alive(self) -> bool:
        """Whether the thread of the comparison has not ended yet."""
        return self._job is not None and self._job.alive()

    def close(self) -> None:
        """Ask the runs to end, keeping their state, because the window closes."""
        if self._job is not None:
            self._job.commands.stop()


def _has_phase(recipe: Recipe, name: str) -> bool:
    return any(phase.name == name for phase in recipe.objective.phases())
