"""The training loop: `train(spec, dataset)` yields events until the run has ended.

The steps themselves are in `loop` and `step`; here they become events. Metrics stay on the device and are
fetched a few times a second. Which steps make a point depends on the step only: the same seed and number of
threads give the same curves on any machine, however often the training was paused.

One file, although it is long: the order of events of a training is read from top to bottom.
"""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.recipes.part import running
from aestudio.training.checkpoint_history import is_history_checkpoint, next_history_checkpoint
from aestudio.training.commands import Commands
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    HistoryCheckpointTaken,
    LiveChange,
    MetricPoint,
    Paused,
    SnapshotTaken,
    Started,
    TrainingProgress,
    Yielded,
)
from aestudio.training.loop import TrainingLoop
from aestudio.training.objective_errors import is_of_objective
from aestudio.training.report_clock import ReportClock
from aestudio.training.threads import use_threads

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint, EndReason, Event, Snapshot
    from aestudio.training.side_stream import PendingValue
    from aestudio.training.spec import RunSpec

# Between two checkpoints. The end of an epoch is better, because the weights were just validated.
# Within a long epoch checkpoints are taken as well: a process that is killed loses this time, the current
# step and the time of writing, together at most five seconds while the last two are below one and a half.
CHECKPOINT_SECONDS = 2.5
IN_EPOCH_SECONDS = 3.5
# A copy of 100 million numbers takes a third of a second: so large a model is copied less often.
LARGEST_SHARE = 0.01


def train(
    spec: RunSpec,
    dataset: Dataset,
    commands: Commands | None = None,
    checkpoint: Checkpoint | None = None,
    *,
    yield_every: int = 0,
) -> Iterator[Event]:
    """Train, or resume from a checkpoint; the last event is `Ended`.

    yield_every: yield `Yielded` at each multiple of this number of steps, so that a driver can pull several
                trainings in turn; snapshots are then taken only after `Commands.request_snapshot`. 0: never

    Raises StudioError if recipe, data and device do not fit together, or a user's own part fails. Closing
    the generator ends the training without a last event.
    """
    objective, network = spec.recipe.objective, spec.recipe.network
    with running(objective, network, otherwise=is_of_objective):
        loop = TrainingLoop(spec, dataset, checkpoint)
        yield from _Trainer(loop, commands or Commands(), yield_every).events()


class _Trainer:
    """Executes the loop's steps and commands, and decides when to yield which event."""

    def __init__(self, loop: TrainingLoop, commands: Commands, yield_every: int = 0) -> None:
        self.loop = loop
        self.commands = commands
        self.yield_every = yield_every
        self.started_at = time.monotonic()
        self.clock = ReportClock(loop.step)
        self.validations: deque[PendingValue[MetricPoint]] = deque()
        self.snapshots: deque[PendingValue[Snapshot]] = deque()
        self.history_checkpoints: deque[PendingValue[Checkpoint]] = deque()
        self.next_history_checkpoint = (
            loop.step if is_history_checkpoint(loop.step) else next_history_checkpoint(loop.step)
        )
        self.history_step = -1
        self.phase = ""  # the only one that was executed in the last step
        self.checkpoints: deque[PendingValue[Checkpoint]] = deque()
        self.checkpointed_at = -math.inf
        self.copy_seconds = 0.0
        # `good` was confirmed by later losses or a validation; `newest` may be finite and yet broken.
        self.good: Snapshot = loop.snapshot()
        self.newest = self.good
        self.good_checkpoint = self.newest_checkpoint = loop.checkpoint()  # the same for resuming

    def events(self) -> Iterator[Event]:
        loop = self.loop
        yield Started(
            run=loop.spec.run,
            device=str(loop.device),
            step=loop.step,
            steps_per_epoch=loop.steps_per_epoch,
            epochs=loop.settings.epochs,
            parameter_count=loop.architecture.parameter_count,
            training_images=len(loop.training),
            validation_images=len(loop.validation),
            data=loop.data,
            memory=loop.memory_needed,
            precision=loop.model.precision,
        )
        yield SnapshotTaken(self.good)
        yield from self._history_checkpoint()
        while loop.step < loop.total_steps:
            if self.commands.waiting:
                yield from self._handle_commands()
                if self.commands.stopped:
                    yield from self._end("stopped")
                    return
            if self.yield_every:
                # Another training on this thread may use a different number.
                use_threads(loop.threads)
            if self.commands.waiting:
                self.phase = self.commands.phase if loop.has_phase(self.commands.phase) else ""
                loop.advance(1, self.phase)
            else:
                self.phase = ""
                loop.advance(self._steps_to_event())
            yield from self._report()
            ending = self._end_reason()
            if ending:
                yield from self._end(ending)
                return
            if self.yield_every and loop.step % self.yield_every == 0:
                yield from self._yield_turn()
        yield from self._end("finished")

    def _steps_to_event(self) -> int:
        """Steps until the next checkpoint of the history or turn, which no chunk of steps may pass."""
        steps = self.next_history_checkpoint - self.loop.step
        return min(steps, self.yield_every - self.loop.step % self.yield_every) if self.yield_every else steps

    def _yield_turn(self) -> Iterator[Yielded]:
        since = time.monotonic()
        yield Yielded(self.loop.step)
        self.started_at += time.monotonic() - since  # without the time of the other trainings

    def _handle_commands(self) -> Iterator[Event]:
        """Carry out commands between two steps; returns when the next step may be done."""
        paused = False
        while True:
            if self.commands.take_snapshot_request():
                yield from self._fetch_points()
                yield from self._take_snapshot()
            for name, value in self.commands.take_changes():
                if name in self.loop.live:
                    yield from self._finish_validations()  # with the loss weights that they were started with
                    self.loop.change_setting(name, value)
                    yield LiveChange(self.loop.step, name, value)
            if self.commands.stopped or self.commands.may_step():
                if paused:
                    self.clock.restart(self.loop.step)
                return
            if not paused:
                yield from self._fetch_points()
                yield from self._take_snapshot()
                yield from self._take_checkpoint()
                paused = True
            since = time.monotonic()
            yield Paused(self.loop.step, self.phase)
            self.commands.wait_while_paused()
            self.started_at += time.monotonic() - since

    def _report(self) -> Iterator[Event]:
        loop = self.loop
        if loop.validation_due():
            self.validations.append(loop.begin_validation())
            # Validations that may end the training, or choose its weights, are waited for.
            if loop.side_stream.immediate or loop.settings.patience:
                yield from self._finish_validations()
            if loop.epoch_ended() and time.monotonic() - self.checkpointed_at >= self._interval(
                CHECKPOINT_SECONDS
            ):
                yield from self._begin_checkpoint(time.monotonic())
        yield from self._history_checkpoint()
        if self.clock.due(loop.step):
            if self.clock.last_time - max(self.checkpointed_at, self.started_at) >= self._interval(
                IN_EPOCH_SECONDS
            ):
                yield from self._begin_checkpoint(self.clock.last_time)
            yield from self._fetch_points()
            if self.validations and self.validations[-1].ready():
                yield from self._finish_validations()
            yield self._progress()
            if not self.yield_every and self.clock.snapshot_due():
                self.snapshots.append(loop.begin_snapshot())
            if self.snapshots and self.snapshots[0].ready():
                yield from self._oldest_snapshot()
        while self.checkpoints and (loop.side_stream.immediate or self.checkpoints[0].ready()):
            yield from self._oldest_checkpoint()

    def _history_checkpoint(self) -> Iterator[MetricPoint | HistoryCheckpointTaken]:
        """Start a checkpoint of the history if one is due; yield those that are ready."""
        loop = self.loop
        if loop.step == self.next_history_checkpoint:
            self.next_history_checkpoint = next_history_checkpoint(loop.step)
            yield from self._take_history_checkpoint()
        while self.history_checkpoints and (
            loop.side_stream.immediate or self.history_checkpoints[0].ready()
        ):
            yield from self._oldest_history_checkpoint()

    def _take_history_checkpoint(self) -> Iterator[MetricPoint]:
        """Start a checkpoint of the history at this step, unless its losses are out of bounds."""
        yield from self._finish_validations()
        self.loop.update_divergence()
        if not self.suspect:
            self._begin_history_checkpoint()

    def _begin_history_checkpoint(self) -> None:
        if self.history_step != self.loop.step:
            self.history_step = self.loop.step
            self.history_checkpoints.append(self.loop.begin_checkpoint())

    def _oldest_history_checkpoint(self) -> Iterator[MetricPoint | HistoryCheckpointTaken]:
        checkpoint = self.history_checkpoints.popleft().value()
        yield from self._fetch_points()  # a run resumed from it has every point before it
        if _finite(checkpoint.snapshot):
            yield HistoryCheckpointTaken(checkpoint)

    def _fetch_points(self) -> Iterator[MetricPoint]:
        yield from self.loop.fetch_points()

    def _finish_validations(self) -> Iterator[MetricPoint]:
        """Every validation that was started, after the training points before it."""
        if self.validations:
            yield from self._fetch_points()
        while self.validations:
            yield self.validations.popleft().value()

    def _oldest_snapshot(self) -> Iterator[SnapshotTaken]:
        """The oldest snapshot that was started, unless it is broken."""
        snapshot = self.snapshots.popleft().value()
        if not self.suspect and _finite(snapshot):
            self._accept(snapshot)
            yield SnapshotTaken(snapshot)

    def _take_snapshot(self) -> Iterator[SnapshotTaken]:
        """A snapshot of the current weights, waited for."""
        self.snapshots.clear()
        self.snapshots.append(self.loop.begin_snapshot())
        yield from self._oldest_snapshot()

    def _interval(self, seconds: float) -> float:
        """Seconds between two checkpoints: more if taking one is slow, so that it costs 1 % of the time."""
        longest = self.copy_seconds / LARGEST_SHARE
        return longest if longest > IN_EPOCH_SECONDS else seconds

    def _begin_checkpoint(self, now: float) -> Iterator[MetricPoint]:
        """Start a checkpoint of this step; the steps continue meanwhile."""
        self.checkpointed_at = now
        yield from self._finish_validations()
        started_at = time.perf_counter()
        self.checkpoints.append(self.loop.begin_checkpoint())
        self.copy_seconds = time.perf_counter() - started_at

    def _take_checkpoint(self) -> Iterator[MetricPoint | CheckpointTaken]:
        """A checkpoint of this step, waited for."""
        self.checkpoints.clear()
        yield from self._begin_checkpoint(time.monotonic())
        yield from self._oldest_checkpoint(periodic=False)

    def _oldest_checkpoint(self, periodic: bool = True) -> Iterator[MetricPoint | CheckpointTaken]:
        """The checkpoint that was started first, unless its weights are suspect: keep the last good one."""
        checkpoint = self.checkpoints.popleft().value()
        yield from self._fetch_points()  # as for the history
        if not self.suspect and _finite(checkpoint.snapshot):
            self._accept(checkpoint.snapshot)
            if self.newest_checkpoint.snapshot.step <= self.good.step:
                self.good_checkpoint = self.newest_checkpoint
            self.newest_checkpoint = checkpoint
            yield CheckpointTaken(checkpoint, periodic)

    def _accept(self, snapshot: Snapshot) -> None:
        if self.loop.validated(snapshot.step):
            self.good = snapshot
        elif self.loop.divergence.last_step > self.newest.step:
            self.good = self.newest
        self.newest = snapshot

    @property
    def suspect(self) -> bool:
        """Whether the newest losses are out of bounds; then no snapshot or checkpoint is kept."""
        return self.loop.divergence.diverged or self.loop.divergence.in_spike

    def _end_reason(self) -> EndReason | None:
        if self.loop.divergence.diverged:
            return "diverged"
        patience = self.loop.settings.patience
        if patience and self.loop.divergence.without_progress >= patience:
            return "early_stopping"
        return None

    def _end(self, reason: EndReason) -> Iterator[Event]:
        loop = self.loop
        yield from self._fetch_points()
        yield from self._finish_validations()
        if reason == "finished" and not loop.validated(loop.step):
            yield loop.validate()
        if self._has_diverged(reason):
            reason = "diverged"
        else:
            self._begin_history_checkpoint()
        while self.history_checkpoints:
            yield from self._oldest_history_checkpoint()
        shown = yield from self._last_weights(reason)
        yield replace(self._progress(), step=shown.step, epoch=shown.epoch)
        seconds = time.monotonic() - self.started_at
        yield Ended(reason, shown.step, shown.epoch, seconds, self._advice(reason, shown.step), loop.step)

    def _has_diverged(self, reason: EndReason) -> bool:
        """Whether the training has diverged at its end; one that finishes in a spike cannot recover."""
        divergence = self.loop.divergence
        broken = divergence.diverged or (reason == "finished" and divergence.validation_in_spike)
        return broken or not _finite(self.loop.snapshot())

    def _last_weights(self, reason: EndReason) -> Generator[Event, None, Snapshot]:
        """Yield the checkpoint to resume from, then the weights that are kept; returns the latter."""
        loop = self.loop
        shown = self.good if reason == "diverged" else loop.snapshot()
        if reason == "diverged":
            if self.newest_checkpoint.snapshot.step > shown.step:
                yield CheckpointTaken(self.good_checkpoint)
        else:
            yield CheckpointTaken(loop.checkpoint())
        if reason == "early_stopping" and loop.best is not None:
            # The checkpoint is the state after the last step: all of its parts belong to the same step.
            shown = replace(loop.best, recipe=loop.spec.recipe)
        yield SnapshotTaken(shown)
        return shown

    def _advice(self, reason: EndReason, step: int) -> str:
        if reason != "diverged":
            return ""
        rate = self.loop.live["learning_rate"]
        return (
            f"{self._diverged_loss()} grew out of bounds. "
            f"Try a learning rate of {rate / 10:.0e} instead of {rate:.0e}, "
            f"or gradient clipping at 1. The last good snapshot was kept, of step {step:,}."
        )

    def _diverged_loss(self) -> str:
        """Which loss has diverged; with a single phase, or weights that broke unnoticed, simply the loss."""
        phase = self.loop.divergence.broken_phase
        if phase is None or len(self.loop.phases) == 1:
            return "The loss"
        return f"The loss of the phase “{phase.title}”"

    def _progress(self) -> TrainingProgress:
        loop = self.loop
        speed = self.clock.steps_per_second
        left = (loop.total_steps - loop.step) / speed if speed else math.inf
        return TrainingProgress(
            step=loop.step,
            epoch=loop.epoch,
            images_per_second=speed * loop.images_per_step,
            seconds_left=left,
            memory=loop.memory(),
            learning_rate=loop.rate,
        )


def _finite(snapshot: Snapshot) -> bool:
    return all(np.isfinite(weights).all() for weights in snapshot.weights.values())
