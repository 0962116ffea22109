"""Intents about the training: start, pause, step, resume, stop, reset.

One controller for a single run and for compared ones: only one group of runs is trained at a time. Each
button belongs to a group, and does nothing to another one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.errors import StudioError
from aestudio.gui.controllers.broken_run import newest_state, resume_message, with_newest
from aestudio.gui.controllers.chosen_parts import with_loaded_recipe
from aestudio.gui.controllers.memory_check import memory_problem
from aestudio.gui.controllers.training_messages import begin_message, end_message, pause_message, refusal
from aestudio.gui.state.effects.reactions import BeginTraining, CancelStart
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.reducers import with_training_events
from aestudio.gui.state.run_list_changes import begun_folders, with_begun_run
from aestudio.gui.state.run_state import PendingStart, RunState
from aestudio.gui.state.sabotage_state import no_sabotage, with_guess
from aestudio.gui.state.shown_run import with_training_shown
from aestudio.gui.state.studio_state import Message
from aestudio.gui.state.training_group import (
    group_phase,
    prepared,
    recipes_of,
    runs_of,
    with_end,
    with_phase,
    with_problem,
    without_start,
)
from aestudio.gui.workers.messages import SaveFailed, Trained, TrainingEnded, TryReplaced
from aestudio.gui.workers.recorded_runs import prepared_run
from aestudio.gui.workers.training_job import TrainingJob
from aestudio.recipes.run_titles import title_among
from aestudio.training.events import Paused
from aestudio.training.lockstep import LockstepCommands

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.run_state import TrainingGroup
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.training.events import Event, Snapshot

translate = QCoreApplication.translate


class TrainingController:
    """Begins, commands and ends what is trained."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._job: TrainingJob | None = None
        store.react_with(BeginTraining, lambda _: self._begin())
        store.react_with(CancelStart, lambda reaction: self._cancel_start(reaction.problem))

    # ---- buttons ----------------------------------------------------------------------------------

    def start(self, *, group: TrainingGroup = "training") -> None:
        """Start new runs, continue after a pause, or resume a reopened run."""
        if group_phase(self._store.state, group) != "running":
            self._go_on(PendingStart(group))

    def start_queued(self, refused: Callable[[str], None]) -> None:
        """Start a new run of the recipe, which the queue has chosen: no field that is being typed hinders it.

        refused: gets why it cannot begin
        """
        self._prepare(PendingStart("training"), refused)

    def toggle(self, *, group: TrainingGroup = "training") -> None:
        """Start, pause or resume."""
        if group_phase(self._store.state, group) == "running":
            self.pause(group=group)
        else:
            self.start(group=group)

    def step(self, phase: str = "", *, group: TrainingGroup = "training") -> None:
        """Do one step of each run and pause again; starts them if they are not being trained.

        phase: the name of the only phase to execute in it, "" for a whole step; runs without it do one
        """
        if group_phase(self._store.state, group) == "running":
            self.pause(group=group)
        else:
            self._go_on(PendingStart(group, one_step=True, phase=phase))

    def pause(self, *, group: TrainingGroup = "training") -> None:
        """Pause after the current step, all runs at the same one."""
        if self._job is not None and group_phase(self._store.state, group) == "running":
            self._job.commands.pause()

    def resume(self, *, group: TrainingGroup = "training") -> None:
        """Continue exactly where the pause began."""
        if self._job is not None and group_phase(self._store.state, group) == "paused":
            self._job.commands.resume()
            self._store.set_state(with_phase(self._store.state, group, "running"))

    def stop(self, *, group: TrainingGroup = "training") -> None:
        """End the runs; what they learned is kept."""
        state = self._store.state
        if self._job is not None and group == state.trained_group:
            self._job.commands.stop()
            self._store.set_state(with_phase(state, group, "stopping"))
        elif group_phase(state, group) == "preparing":
            self._cancel_start(None)

    def change(self, name: str, value: float) -> None:
        """Change a live setting of the runs that are being trained, unless they differ in it."""
        state = self._store.state
        compared = state.comparison.difference if state.comparison.active else None
        if self._job is not None and (compared is None or compared.name != name):
            self._job.commands.change(name, value)

    def sabotage(self, name: str) -> None:
        """Put a sabotage over the training, unless something is in the way; a message says what."""
        problem = no_sabotage(self._store.state, name)
        if problem:
            self._store.show_message(problem, "warn")
        elif self._job is not None:
            self._job.commands.sabotage(name)

    def guess(self, diagnostic: str) -> None:
        """Guess which diagnostic would catch the sabotage of the shown run; the first guess counts."""
        self._store.set_state(with_guess(self._store.state, diagnostic))

    def reset(self) -> None:
        """Back to the same initial weights: same seed, same order of the images. The old run is kept."""
        training = self._store.state.training
        if training.active and self._job is not None:
            self._store.update_quietly(training=replace(training, reset_when_stopped=True))
            self.stop()
        else:
            self.stop()
            self._show_initial()

    def _show_initial(self) -> None:
        recipe, data, reset = self._store.state.recipe, self._store.state.data_shape, RunState()
        self._store.update(training=reset)

        def initial(progress: object) -> Snapshot:  # noqa: ARG001 - quick enough to need none
            from aestudio.training.initial import initial_snapshot

            return initial_snapshot(recipe, data)

        def after(message: TaskDone) -> None:
            if self._store.state.training is reset:  # otherwise another run has begun, or was opened
                self._initial_ready(message)

        self._store.run_task("reset", "the weights were being reset", initial, after)

    def _initial_ready(self, message: TaskDone) -> None:
        if message.value is not None:
            state = with_training_shown(self._store.state)
            title = title_among(message.value.recipe, state.recipes)
            model = ExploredModel(message.value, title, "training")
            self._store.set_state(replace(state, model=model, history=state.history.of_run("", None, ())))
            self._store.show_message(translate("session", "Back at the initial weights."))
        elif message.problem is not None:
            self._store.show_message(str(message.problem), "bad")

    # ---- from start to end ------------------------------------------------------------------------

    def _go_on(self, start: PendingStart) -> None:
        """Begin what is wanted, or continue after a pause, unless something prevents it."""
        store, single = self._store, start.group == "training"
        # The runs of a comparison have recipes of their own: what is typed meanwhile does not concern them.
        if (single or not store.state.comparison.active) and store.refuses_to_start(comparison=not single):
            return
        match group_phase(store.state, start.group):
            case "paused" if self._job is not None and start.one_step:
                self._job.commands.advance(1, start.phase)
            case "paused":
                self.resume(group=start.group)
            case "idle" | "ended":
                self._prepare(start)

    def _prepare(self, start: PendingStart, refused: Callable[[str], None] | None = None) -> None:
        """Let the runs wait for images and torch. refused: gets why not, instead of a message"""
        store, group = self._store, start.group

        def refuse(message: Message) -> None:
            self._say(message) if refused is None else refused(message.text)

        why = refusal(store.state)
        if why is not None:
            refuse(why)
            return
        try:
            if group == "comparison" or not store.state.training.resumable:
                # Otherwise a file that was changed and allowed during the last training would be the old one.
                store.set_state(with_loaded_recipe(store.state))
            state = prepared(with_training_shown(store.state), start)
        except StudioError as problem:
            refuse(Message(str(problem), "warn"))
            return
        problem = memory_problem(recipes_of(state, group), state)
        if problem is not None:
            refuse(Message(str(problem), "bad" if group == "training" else "warn"))
            return
        store.set_state(state)
        if not state.data.usable and state.data.phase != "loading":
            store.intents.load_data()

    def _cancel_start(self, problem: StudioError | None) -> None:
        """Nothing can begin; what was started is idle again."""
        self._store.set_state(without_start(self._store.state, problem))

    def _begin(self) -> None:
        store, state, start = self._store, self._store.state, self._store.state.pending_start
        dataset = state.data.dataset
        assert start is not None
        assert dataset is not None
        runs, recipes = runs_of(state, start.group), recipes_of(state, start.group)
        problem = memory_problem(recipes, state)
        if problem is not None:  # the data may have come since Start was pressed
            self._cancel_start(problem)
            store.show_message(str(problem), "bad")
            return
        from_queue = state.queue.running is not None
        store.update_quietly(pending_start=None, queue=replace(state.queue, failed=""))
        self._say(begin_message(state, start.group, dataset.title))
        pairs = zip(runs, recipes, strict=True)
        # What the queue has trained is wanted, also if it diverged in its first epoch.
        tries = () if from_queue or start.group == "comparison" else state.run_list.tries
        planned = [
            prepared_run(run, recipe, dataset, state.device, tries, self._replaced) for run, recipe in pairs
        ]
        self._job = TrainingJob(store.mailbox, planned, _first_commands(runs, start))

    def _replaced(self, removed: RemovedRun) -> None:
        """Called on the thread of the training."""
        self._store.mailbox.put(TryReplaced(removed))

    def take(self, messages: Sequence[object]) -> None:
        """Put the messages of the current job into the state."""
        store, job, group = self._store, self._job, self._store.state.trained_group
        if job is None:
            return
        happened: dict[int, list[Event]] = {}
        failures: list[SaveFailed] = []
        ended: TrainingEnded | None = None
        for message in messages:
            match message:
                case Trained(token, number, event) if token == job.token:
                    happened.setdefault(number, []).append(event)
                case SaveFailed(token) if token == job.token:
                    failures.append(message)
                case TrainingEnded(token) if token == job.token:
                    ended = message
        if happened:
            self._take_events(happened, group)
        for failure in failures:  # the run's folder cannot be written for now; the training goes on
            store.set_state(with_problem(store.state, group, failure.number, failure.problem))
            if group == "comparison":
                store.show_message(str(failure.problem), "bad")
        if ended is not None:
            self._ended(group, ended.problem)

    def _take_events(self, happened: Mapping[int, Sequence[Event]], group: TrainingGroup) -> None:
        store, before = self._store, self._store.state
        after = with_training_events(before, happened, group)
        store.set_state(with_begun_run(before, after))
        begun = begun_folders(before, after)
        if begun:
            store.intents.runs_begun(begun)
        self._say_phase(runs_of(before, group), happened, group)

    def _say_phase(
        self, before: Sequence[RunState], happened: Mapping[int, Sequence[Event]], group: TrainingGroup
    ) -> None:
        """Say which phase was stepped alone, once for each such step."""
        pauses = [event for events in happened.values() for event in events if isinstance(event, Paused)]
        said = [run.pause for run in before]
        new = [pause for pause in pauses if pause.phase and pause not in said]
        if new:
            self._say(pause_message(self._store.state, group, new[-1]))

    def _ended(self, group: TrainingGroup, problem: StudioError | None) -> None:
        """The thread has ended. problem: why it ended early, or None"""
        store, training = self._store, self._store.state.training
        self._job = None
        if problem is not None and group == "training" and training.run:
            self._read_newest_state(training, problem)
            return
        store.set_state(with_end(store.state, group, problem))
        self._say(end_message(store.state, group) if problem is None else Message(str(problem), "bad"))
        store.intents.refresh_runs()
        if problem is None and training.reset_when_stopped:
            self._show_initial()

    def _read_newest_state(self, broken: RunState, problem: StudioError) -> None:
        """Let Resume continue a run that broke from its newest state; until that is read, it is stopping."""
        store = self._store
        store.update(training=replace(broken, phase="stopping"))
        store.show_message(str(problem), "bad")

        def after(message: TaskDone) -> None:
            if store.state.training.run != broken.run:
                return  # reset meanwhile
            store.set_state(with_end(store.state, "training", problem))
            if message.value is not None:
                store.update(training=with_newest(store.state.training, message.value))
                self._say(resume_message(store.state.training, message.value, problem))
            store.intents.refresh_runs()

        doing = "the newest state of the run was being read"
        store.run_task("newest state", doing, lambda _: newest_state(broken), after)

    def _say(self, message: Message) -> None:
        self._store.show_message(message.text, message.tone)

    def alive(self) -> bool:
        """Whether the training thread has not ended yet."""
        return self._job is not None and self._job.alive()

    def close(self) -> None:
        """Ask the training to end, keeping its state, because the window closes."""
        self._store.update_quietly(pending_start=None)
        if self._job is not None:
            self._job.commands.stop()


def _first_commands(runs: Sequence[RunState], start: PendingStart) -> LockstepCommands:
    """What the runs obey from the first step on."""
    commands = LockstepCommands(len(runs))
    for run in runs:
        kept = run.live if run.checkpoint is None else run.checkpoint.live
        for name, value in run.live.items():
            if value != kept.get(name):  # moved since it was stopped
                commands.change(name, value)
    if start.one_step:
        commands.advance(1, start.phase)
    return commands
