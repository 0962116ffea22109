"""Intents about the history: show a checkpoint, play the checkpoints as an animation, branch a run from one.

A checkpoint's weights are read from the run's folder on a task's thread: one at a time, always the one
requested last. The last few stay in memory, so that going back and forth reads nothing twice.

Longer than other files, because showing, playing and branching share the shown step and its folder.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QTimer

from aestudio.errors import BadChoice
from aestudio.gui.inference.requests.exploration_request import Inspect, PrepareSlider
from aestudio.gui.state.effects.reactions import BeginBranch
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.next_training import with_set_up_kept
from aestudio.gui.state.sabotage_state import checkpoint_before
from aestudio.paths import runs_folder
from aestudio.training.checkpoint_history import CheckpointHistory, empty_history

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.history_state import HistoryState
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.gui.workers.opened_run import OpenedRun
    from aestudio.progress import Progress
    from aestudio.training.checkpoint_history import HistoryCheckpoint
    from aestudio.training.events import Snapshot

translate = QCoreApplication.translate

READ, LIST, BRANCH = "read checkpoint", "list checkpoints", "branch"
FRAME_MILLISECONDS = 100
# The animation waits for the quick results, but no longer than this.
LONGEST_FRAME_MILLISECONDS = 400
QUICK = frozenset({PrepareSlider.channel, Inspect.channel, "reconstruction row", "triples"})
CACHE_BYTES = 64_000_000


class HistoryController:
    """Shows, plays and branches the checkpoints of the history."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cached: dict[tuple[object, int], Snapshot] = {}  # by identity of the history and step
        self._animation = QTimer(store)
        self._animation.setInterval(FRAME_MILLISECONDS)
        self._animation.timeout.connect(self._next_frame)
        self._since_frame = QElapsedTimer()
        store.react_with(BeginBranch, lambda _: self._begin_pending_branch())

    @staticmethod
    def first_history() -> CheckpointHistory:
        """An empty history with the budget from the environment; a training reports an invalid budget."""
        try:
            return empty_history()
        except BadChoice:
            return CheckpointHistory()

    @property
    def _history(self) -> HistoryState:
        return self._store.state.history

    # ---- showing ----------------------------------------------------------------------------------

    def show(self, index: int | None) -> None:
        """Show the checkpoint of this index in every view; None: the present model."""
        history_checkpoints = self._history.history_checkpoints
        if index is None:
            self._back_to_present()
        elif 0 <= index < len(history_checkpoints):
            self._request(history_checkpoints[index].step)

    def back(self, count: int = 1) -> None:
        """Show an earlier checkpoint."""
        history = self._history
        if history.usable:
            at = len(history.history_checkpoints) if history.index is None else history.index
            self.show(max(0, at - count))

    def forth(self, count: int = 1) -> None:
        """Show a later checkpoint; after the last one comes the present model."""
        history = self._history
        if history.index is not None:
            index = history.index + count
            self.show(index if index < len(history.history_checkpoints) else None)

    def first(self) -> None:
        """Show the first checkpoint."""
        if self._history.usable:
            self.show(0)

    def _back_to_present(self) -> None:
        self._animation.stop()
        history, model = self._history, self._store.state.model
        if history.step is None and history.requested is None and not history.playing:
            return
        present = history.present
        if present is not None and present.ranges is None and model is not None and model.ranges is not None:
            present = replace(present, ranges=model.ranges)
        self._store.update(model=present or model, history=history.at_present())

    def _request(self, step: int) -> None:
        known = self._cached.get((self._history.identity, step))
        self._store.update_quietly(history=replace(self._history, requested=step))
        if known is not None:
            self._show_snapshot(step, known)
        elif self._history.reading is None:
            self._read(step)

    def _read(self, step: int) -> None:
        history, model, folder = self._history, self._store.state.model, self._folder()
        if model is None:
            return
        self._store.update_quietly(history=replace(history, reading=step))
        run, shown, identity = history.run, model.snapshot, history.identity

        def work(progress: Progress) -> Snapshot:  # noqa: ARG001 - milliseconds
            from aestudio.runs.history_files import read_history_weights

            return replace(read_history_weights(folder, step, run, shown.architecture), home=shown.home)

        def after(message: TaskDone) -> None:
            if identity is self._history.identity:
                self._was_read(step, message)

        self._store.run_task(READ, "a checkpoint was being read", work, after, urgent=True)

    def _was_read(self, step: int, message: TaskDone) -> None:
        requested = None if message.problem is not None else self._history.requested
        self._store.update_quietly(history=replace(self._history, reading=None, requested=requested))
        snapshot: Snapshot | None = message.value
        if message.problem is not None:
            self._store.show_message(str(message.problem), "warn")
            self.pause()
            self._list()
        if snapshot is None:
            return
        self._cache_snapshot(step, snapshot)
        if requested is None:
            return  # meanwhile back at the present, or at a checkpoint that was in memory
        self._show_snapshot(step, snapshot)
        if requested != step:
            self._request(requested)

    def _cache_snapshot(self, step: int, snapshot: Snapshot) -> None:
        identity = self._history.identity
        for other in [key for key in self._cached if key[0] is not identity]:
            del self._cached[other]
        self._cached[identity, step] = snapshot
        size = sum(array.nbytes for array in snapshot.weights.values())
        while len(self._cached) * size > CACHE_BYTES and len(self._cached) > 1:
            del self._cached[next(iter(self._cached))]

    def _show_snapshot(self, step: int, snapshot: Snapshot) -> None:
        """Show a checkpoint instead of the model; the sliders' ranges stay, so that they do not jump."""
        state = self._store.state
        model = state.model
        if model is None:
            return
        self._since_frame.start()
        shown = ExploredModel(snapshot, model.title, model.origin, model.ranges)
        self._store.update(model=shown, history=state.history.showing(step, model))
        if state.history.playing:
            self._read_ahead()

    def _read_ahead(self) -> None:
        """Read the animation's next checkpoint while this one is shown."""
        history = self._history
        index = 0 if history.index is None else history.index + 1
        if history.reading is None and index < len(history.history_checkpoints):
            step = history.history_checkpoints[index].step
            if (history.identity, step) not in self._cached:
                self._read(step)

    def _list(self) -> None:
        """List the folder again: another program has removed something."""
        history, folder, model = self._history, self._folder(), self._store.state.model
        started = self._store.state.shown_run.started
        history_checkpoint = history.history_checkpoints[-1] if history.history_checkpoints else None
        if model is None or history_checkpoint is None:
            return
        per_epoch = (
            started.steps_per_epoch
            if started is not None
            else round(history_checkpoint.step / history_checkpoint.epoch or 1)
        )

        def work(progress: Progress) -> tuple[HistoryCheckpoint, ...]:  # noqa: ARG001 - milliseconds
            from aestudio.runs.history_files import list_history

            return list_history(folder, per_epoch)

        def after(message: TaskDone) -> None:
            now = self._history
            if message.value is not None and now.run == history.run:
                self._store.update(
                    history=replace(
                        now,
                        checkpoint_history=replace(now.checkpoint_history, history_checkpoints=message.value),
                    )
                )
                if not message.value:  # the whole run was moved away: only the model in memory is left
                    self._back_to_present()

        self._store.run_task(LIST, "the history was being listed", work, after)

    def _folder(self) -> Path:
        return self._history.folder or runs_folder() / self._history.run

    # ---- animation --------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play the history as an animation, or pause it."""
        if self._history.playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Show one checkpoint after the other, from the shown one or the first; ends at the present model."""
        history = self._history
        if not history.usable:
            return
        self._store.update(history=replace(history, playing=True))
        self._since_frame.start()
        self._animation.start()
        if history.index is None:
            self.show(0)

    def pause(self) -> None:
        """Pause the animation at the checkpoint that is shown, also if the next one is being read."""
        self._animation.stop()
        if self._history.playing:
            self._store.update(history=replace(self._history, playing=False, requested=None))

    def _next_frame(self) -> None:
        waited, history = self._since_frame.elapsed(), self._history
        if history.reading is not None or history.requested is not None or waited < FRAME_MILLISECONDS - 5:
            return
        if waited < LONGEST_FRAME_MILLISECONDS and QUICK & self._store.state.pending.keys():
            return
        self.forth()
        if self._history.index is None and self._history.requested is None:
            self._back_to_present()

    # ---- branches ---------------------------------------------------------------------------------

    def branch(self, index: int, changes: Mapping[str, Any]) -> None:
        """Branch a new run from this checkpoint with some settings changed; stop and keep a running one."""
        history_checkpoints = self._history.history_checkpoints
        if not 0 <= index < len(history_checkpoints):
            return
        self.pause()
        folder, step = self._folder(), history_checkpoints[index].step
        if self._store.state.training.active:
            self._store.update_quietly(pending_branch=(folder, step, MappingProxyType(dict(changes))))
            self._store.show_message(
                translate("session", "The run is being stopped and kept; then the branch begins.")
            )
            self._store.intents.stop_training()
        else:
            self._begin_branch(folder, step, dict(changes))

    def repair(self) -> None:
        """Branch from the checkpoint before the sabotage of the shown run, as if it had not been."""
        index = checkpoint_before(self._store.state)
        if index is not None:
            self.branch(index, {})

    def _begin_pending_branch(self) -> None:
        """Begin the branch that waited for the end of a training; not if that broke."""
        pending, training = self._store.state.pending_branch, self._store.state.training
        self._drop_pending_branch()
        if pending is not None and (training.ended is not None or training.problem is None):
            self._begin_branch(*pending)

    def _drop_pending_branch(self) -> None:
        if self._store.state.pending_branch is not None:
            self._store.update_quietly(pending_branch=None)

    def _begin_branch(self, folder: Path, step: int, changes: Mapping[str, Any]) -> None:
        def work(progress: Progress) -> OpenedRun:  # noqa: ARG001 - a second at most
            from aestudio.gui.workers.opened_run import read_run
            from aestudio.runs.branch import branch_run
            from aestudio.runs.kept_run import KeptRun

            return read_run(str(branch_run(KeptRun.at(folder), step, changes).folder))

        self._store.run_task(BRANCH, "a branch was being made", work, self._branched)

    def _branched(self, message: TaskDone) -> None:
        store = self._store
        if message.problem is not None:
            store.show_message(str(message.problem), "bad")
        elif message.value is not None and not store.state.training.active:
            set_up = with_set_up_kept(store.state).next_training
            store.intents.show_run(message.value)
            store.intents.start_training()
            if store.state.training.active:  # what was set up is trained later, if the user wants it
                store.update(next_training=set_up)
        store.intents.refresh_runs()

    def close(self) -> None:
        """Stop playback and drop a pending branch."""
        self._animation.stop()
        self._drop_pending_branch()
