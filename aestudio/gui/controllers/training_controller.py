"""Intents about the training: start, pause, step, resume, stop, reset, and live settings.

Longer than other files, because every intent depends on the same training thread and its phase.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from aestudio.errors import StudioError
from aestudio.gui.controllers.broken_run import BrokenRun
from aestudio.gui.controllers.chosen_parts import take_network, take_objective, with_loaded_parts
from aestudio.gui.controllers.memory_check import memory_problem
from aestudio.gui.state.effects.reactions import BeginTraining, CancelStart
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.training_state import TrainingState
from aestudio.gui.workers.recorded_runs import new_run, resumed_run
from aestudio.gui.workers.training_job import TrainingJob
from aestudio.paths import runs_folder
from aestudio.training.events import Ended, Paused
from aestudio.training.lockstep import LockstepCommands
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Event, Snapshot

translate = QCoreApplication.translate


class TrainingController:
    """Starts and steers the training, and changes the recipe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._job: TrainingJob | None = None
        self.token = 0
        self._broken = BrokenRun(store)
        self._stepped = (0, -1)  # training and step of the last pause
        store.react_with(BeginTraining, lambda _: self._begin())
        store.react_with(CancelStart, lambda reaction: self._cancel_start(reaction.problem))

    # ---- the recipe -------------------------------------------------------------------------------

    def choose_recipe(self, recipe: Recipe) -> None:
        """Take another recipe; refused, with a message, while a training runs."""
        if self.locked(translate("session", "The recipe")):
            return
        self._store.update(recipe=recipe, training=self._after_edit())

    def set_value(self, name: str, value: Any) -> None:
        """Change a setting of the recipe.

        A live setting acts on the running training, or on the one that Resume continues.
        """
        state = self._store.state
        training, live = state.training, state.recipe.info(name).live
        recipe = state.recipe.with_settings({name: value})  # refuses what is out of bounds
        if training.active and (not live or self._job is None or training.phase == "stopping"):
            text = translate("session", "This setting is fixed while a training runs: stop it first.")
            self._store.show_message(text, "warn")
        elif live and (training.active or training.resumable):
            if self._job is not None:
                self._job.commands.change(name, float(value))
            values = MappingProxyType({**training.live, name: float(value)})
            self._store.update(training=replace(training, live=values))
        elif recipe != state.recipe:
            self._store.update(recipe=recipe, training=self._after_edit())
            if live:
                self._store.intents.live_setting_changed(name, float(value))

    def set_values(self, values: dict[str, Any]) -> None:
        """Change several settings of the recipe together: each alone may not fit the others as they are."""
        recipe = self._store.state.recipe.with_settings(values)  # refuses what does not fit
        if len(values) == 1:
            self.set_value(*next(iter(values.items())))
        elif not self.locked(translate("session", "The recipe")):
            self._store.update(recipe=recipe, training=self._after_edit())

    def set_invalid(self, owner: str, reasons: Mapping[str, str], *, showing: bool = False) -> None:
        """Record which fields of an owner are invalid and so prevent Start, one sentence per field.

        showing: found while a state is being shown; the views get it with the next one, at once
        """
        if showing:
            self._store.after_showing(partial(self.set_invalid, owner, reasons))
            return
        before = self._store.state.invalid
        others = {field: reason for field, reason in before.items() if not field.startswith(f"{owner}.")}
        after = others | {f"{owner}.{name}": reason for name, reason in reasons.items()}
        if after != before:
            self._store.update(invalid=MappingProxyType(after))

    def choose_network(self, kind: str) -> None:
        """Take another network, keeping the latent size if it allows it."""
        if self.locked(translate("session", "The network")):
            return
        state = self._store.state
        self._combine(lambda: take_network(state.recipe, kind, state.own.parts))

    def choose_objective(self, kind: str) -> None:
        """Take another objective with its default settings."""
        if self.locked(translate("session", "The objective")):
            return
        state = self._store.state
        self._combine(lambda: take_objective(state.recipe, kind, state.own.parts))

    def take_loaded_parts(self) -> bool:
        """Take the user's own parts of the recipe as they are loaded now; a training keeps those that it has.

        Without it, what is started after a file was changed and allowed would still be the old file.
        Returns whether they can be used together; otherwise a message says why, and the recipe stays.
        """
        state = self._store.state
        if state.training.active:
            return True
        try:
            recipe = with_loaded_parts(state.recipe, state.own.parts)
        except StudioError as problem:
            self._store.show_message(str(problem), "warn")
            return False
        if recipe is not state.recipe:
            self._store.update(recipe=recipe, training=self._after_edit())
        return True

    def choose_device(self, name: str) -> None:
        """Train on another device; applies at the next start."""
        if not self.locked(translate("session", "The device")):
            self._store.update(device=name)

    def _combine(self, combined: Callable[[], Recipe]) -> None:
        """Take the recipe that is made now; say so if its parts do not fit, or a user's own part fails."""
        try:
            recipe = combined()
        except StudioError as problem:
            self._store.show_message(str(problem), "warn")
        else:
            self._store.update(recipe=recipe, training=self._after_edit())

    def _after_edit(self) -> TrainingState:
        # Another recipe cannot resume from the old checkpoint; the old curves stay for comparison.
        return replace(self._store.state.training, checkpoint=None)

    def locked(self, what: str) -> bool:
        """Whether a training runs, during which this cannot change; shows a message if so."""
        if self._store.state.training.active:
            self._store.show_message(
                translate("session", "{} cannot change while a training runs: stop it first.").format(what),
                "warn",
            )
            return True
        return False

    # ---- buttons ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start a new run, continue after a pause, or resume a reopened run."""
        if self._broken.wait(self.start) or self._store.refuses_to_start():
            return
        training = self._store.state.training
        if training.phase == "paused":
            self.resume()
        elif not training.active:
            self._prepare(one_step=False)

    def toggle(self) -> None:
        """Start, pause or resume."""
        if self._store.state.training.phase == "running":
            self.pause()
        else:
            self.start()

    def pause(self) -> None:
        """Pause after the current step."""
        if self._job is not None and self._store.state.training.phase == "running":
            self._job.commands.pause()

    def resume(self) -> None:
        """Continue exactly where the pause began."""
        training = self._store.state.training
        if self._job is not None and training.phase == "paused":
            self._job.commands.resume()
            self._store.update(training=replace(training, phase="running"))

    def step(self, phase: str = "") -> None:
        """Do one step and pause again; starts a run if there is none.

        phase: the name of the only phase to execute in it, "" for a whole step
        """
        training = self._store.state.training
        if training.phase == "running":
            self.pause()
        elif self._broken.wait(partial(self.step, phase)) or self._store.refuses_to_start():
            return
        elif training.phase == "paused" and self._job is not None:
            self._job.commands.advance(1, phase)
        elif not training.active:
            self._prepare(one_step=True, phase=phase)

    def stop(self) -> None:
        """End the run; what it learned is kept."""
        training = self._store.state.training
        if training.phase == "preparing" and self._job is None:
            self._store.update(training=replace(training, phase="idle", start_when_ready=False))
        elif self._job is not None and training.active:
            self._job.commands.stop()
            self._store.update(training=replace(training, phase="stopping"))

    def reset(self) -> None:
        """Back to the same initial weights: same seed, same order of the images. The old run is kept."""
        if self._job is not None:
            training = replace(self._store.state.training, reset_when_stopped=True)
            self._store.update_quietly(training=training)
            self.stop()
        else:
            self.stop()
            self._show_initial()

    def _show_initial(self) -> None:
        recipe, data = self._store.state.recipe, self._store.state.data_shape
        self._store.update(training=TrainingState())

        def initial(progress: object) -> Snapshot:  # noqa: ARG001 - quick enough to need none
            from aestudio.training.initial import initial_snapshot

            return initial_snapshot(recipe, data)

        self._store.run_task("reset", "the weights were being reset", initial, self._initial_ready)

    def _initial_ready(self, message: TaskDone) -> None:
        if message.value is not None:
            self._store.update(
                model=ExploredModel(message.value, message.value.recipe.title, "training"),
                history=self._store.state.history.of_run("", None, ()),
            )
            self._store.show_message(translate("session", "Back at the initial weights."))
        elif message.problem is not None:
            self._store.show_message(str(message.problem), "bad")

    # ---- a run's life -----------------------------------------------------------------------------

    def _prepare(self, one_step: bool, phase: str = "") -> None:
        store = self._store
        # They may have changed during the last training.
        if not store.state.training.resumable and not self.take_loaded_parts():
            return
        state = store.state
        if state.comparison.active:
            store.show_message(translate("session", "A comparison is being trained: stop it first."), "warn")
            return
        if state.torch_phase == "failed":
            store.show_message(
                translate("session", "PyTorch could not be loaded, so nothing can be trained."), "bad"
            )
            return
        problem = memory_problem((state.recipe,), state)
        if problem is not None:
            store.show_message(str(problem), "bad")
            return
        resuming = state.training.resumable
        training = state.training if resuming else TrainingState()
        live = training.live if resuming else MappingProxyType(live_values(state.recipe))
        training = replace(training, phase="preparing", ended=None, problem=None, live=live)
        training = replace(training, start_when_ready=True, first_step_only=one_step, first_phase=phase)
        store.update(training=training)
        if not state.data.usable and state.data.phase != "loading":
            store.intents.load_data()

    def _cancel_start(self, problem: StudioError | None) -> None:
        """Nothing can begin; what was started is idle again."""
        training = replace(self._store.state.training, phase="idle", problem=problem, start_when_ready=False)
        self._store.update(training=training)

    def _begin(self) -> None:
        problem = memory_problem((self._store.state.recipe,), self._store.state)
        if problem is not None:  # the data may have come since Start was pressed
            self._cancel_start(problem)
            self._store.show_message(str(problem), "bad")
            return
        self._cancel_pending_start()
        state = self._store.state
        dataset, training = state.data.dataset, state.training
        assert dataset is not None
        commands = LockstepCommands(1)
        if training.checkpoint is None:
            run = new_run(state.recipe, dataset, state.device)
            text = translate("session", "Training {} on {}.").format(state.recipe.title, dataset.title)
        else:
            folder = training.folder or runs_folder() / training.run
            run = resumed_run(folder, dataset, state.device, training.checkpoint)
            step = f"{int(training.checkpoint.counters['step']):,}"
            text = translate("session", "{} on {}: resumed, going on from step {}.").format(
                state.recipe.title, dataset.title, step
            )
            for name, value in training.live.items():
                if value != training.checkpoint.live.get(name):
                    commands.change(name, value)
        if training.first_step_only:
            commands.advance(1, training.first_phase)
        self._store.show_message(text)
        self._job = TrainingJob(self._store.mailbox, (run,), commands)
        self.token = self._job.token

    def after_events(self, happened: Sequence[Event]) -> None:
        """React to events that the reducer has already put into the state."""
        for event in happened:
            if isinstance(event, Ended):
                self._ended(event)
            elif isinstance(event, Paused):
                self._paused(event)

    def _paused(self, event: Paused) -> None:
        """Say which phase was stepped alone, once for each such step."""
        before, self._stepped = self._stepped, (self.token, event.step)
        if event.phase and self._stepped != before:
            phases = self._store.state.recipe.objective.phases()
            title = next((one.title for one in phases if one.name == event.phase), event.phase)
            text = translate("session", "Step {}: phase “{}” alone.")
            self._store.show_message(text.format(f"{event.step:,}", title))

    def _ended(self, event: Ended) -> None:
        self._job = None
        store = self._store
        epochs = translate("session", "{} epochs in {} s").format(
            f"{event.epoch:.3g}", f"{event.seconds:.0f}"
        )
        match event.reason:
            case _ if event.problem is not None:
                store.show_message(str(event.problem), "bad")  # not saved, or not in its folder
            case "finished":
                store.show_message(
                    translate("session", "Finished: {}. The run is kept.").format(epochs), "good"
                )
            case "early_stopping":
                store.show_message(
                    translate(
                        "session",
                        "Stopped early at step {}: no progress. The best weights are kept, of step {}.",
                    ).format(f"{event.last_step:,}", f"{event.step:,}"),
                    "good",
                )
            case "stopped":
                store.show_message(
                    translate("session", "Stopped after {}. The run is kept; Resume continues it.").format(
                        epochs
                    )
                )
            case "diverged":
                store.show_message(event.advice, "bad")
        store.intents.refresh_runs()
        if store.state.training.reset_when_stopped:
            self._show_initial()

    def save_failed(self, problem: StudioError) -> None:
        """The run's folder cannot be written for now; the training goes on."""
        self._store.update(training=replace(self._store.state.training, problem=problem))

    def broke(self, problem: StudioError) -> None:
        """The trainer ended with a problem."""
        self._job = None
        training = self._store.state.training
        phase = "ended" if training.phase == "ended" else "idle"
        training = replace(training, phase=phase, problem=problem, reset_when_stopped=False)
        self._store.update(training=training)
        self._store.show_message(str(problem), "bad")
        self._store.intents.refresh_runs()
        self._broken.read_newest_checkpoint(problem)

    def alive(self) -> bool:
        """Whether the training thread has not ended yet."""
        return self._job is not None and self._job.alive()

    def close(self) -> None:
        """Ask the training to end, keeping its state, because the window closes."""
        self._cancel_pending_start()
        if self._job is not None:
            self._job.commands.stop()

    def _cancel_pending_start(self) -> None:
        training = self._store.state.training
        if training.start_when_ready:
            self._store.update_quietly(training=replace(training, start_when_ready=False))
