"""A training as events: `train(spec, dataset)` yields them until the run has ended.

The steps themselves are in `loop`; here is what happens between two of them, from top to bottom: commands,
reports, the end. Metrics stay on the device and are fetched a few times a second. Which steps make a point
depends on the step only: the same seed and number of threads give the same curves on any machine, however
often the training was paused (docs/decisions.md: "Curves depend on the step").
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.recipes.part import running
from aestudio.training.checkpoint_history import is_history_checkpoint, next_history_checkpoint
from aestudio.training.commands import Commands
from aestudio.training.device import memory_used
from aestudio.training.events import (
    Checkpoint,
    CheckpointTaken,
    Ended,
    HistoryCheckpointTaken,
    LiveChange,
    MetricPoint,
    Paused,
    SabotageBegun,
    Snapshot,
    SnapshotTaken,
    Started,
    TrainingProgress,
    Yielded,
)
from aestudio.training.last_good import LastGood, is_finite
from aestudio.training.loop import TrainingLoop
from aestudio.training.objective_errors import is_of_objective
from aestudio.training.report_clock import ReportClock
from aestudio.training.side_stream import PendingQueue
from aestudio.training.threads import use_threads

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import EndReason, Event
    from aestudio.training.spec import RunSpec

# Between two checkpoints. The end of an epoch is better, because the weights were just validated.
# Within a long epoch checkpoints are taken as well: a process that is killed loses this time, the current
# step and the time of writing, together at most five seconds while the last two are below one and a half
# (docs/decisions.md: "Checkpoints come by the clock").
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
    """Executes the loop's steps, and decides what is done between them."""

    def __init__(self, loop: TrainingLoop, commands: Commands, yield_every: int) -> None:
        self.loop = loop
        self.commands = commands
        self.yield_every = yield_every
        self.started_at = time.monotonic()
        self.clock = ReportClock(loop.step)
        self.phase = ""  # the only one that was executed in the last step
        self.good = LastGood(loop.divergence, loop.checkpoint())
        self.validations: PendingQueue[MetricPoint] = PendingQueue()
        self.snapshots: PendingQueue[Snapshot] = PendingQueue()
        self.checkpoints: PendingQueue[Checkpoint] = PendingQueue()
        self.checkpointed_at = -math.inf
        self.copy_seconds = 0.0
        self.history: PendingQueue[Checkpoint] = PendingQueue()
        belongs = is_history_checkpoint(loop.step)
        # What is in the history at the step where a sabotage began is the state before it.
        begins = loop.sabotage is not None and loop.sabotage.step == loop.step
        belongs = belongs and not begins
        self.history_step = loop.step if begins else -1  # of the newest one
        self.next_history_step = loop.step if belongs else next_history_checkpoint(loop.step)

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
            sabotage=loop.sabotage,
        )
        yield SnapshotTaken(self.good.snapshot)
        yield from self._history_checkpoint()
        reason = yield from self._until_end()
        yield from self._end(reason)

    def _until_end(self) -> Generator[Event, None, EndReason]:
        """Commands, steps, reports, again and again; returns why the training ends."""
        loop, commands, patience = self.loop, self.commands, self.loop.settings.patience
        while loop.step < loop.total_steps:
            if commands.waiting:
                yield from self._handle_commands()
                if commands.stopped:
                    return "stopped"
            self._advance()
            yield from self._report()
            if loop.divergence.diverged:
                return "diverged"
            if patience and loop.divergence.without_progress >= patience:
                return "early_stopping"
            if self.yield_every and loop.step % self.yield_every == 0:
                yield from self._wait_after(Yielded(loop.step))
        return "finished"

    def _advance(self) -> None:
        """One step while there are commands, otherwise at most those before the next thing that is due."""
        loop, commands = self.loop, self.commands
        if self.yield_every:
            # Another training on this thread may use a different number.
            use_threads(loop.threads)
        if commands.waiting:
            known = commands.phase in (phase.name for phase in loop.phases)
            self.phase = commands.phase if known else ""
            loop.advance(1, self.phase)
            return
        self.phase = ""
        most = self.next_history_step - loop.step
        loop.advance(min(most, self.yield_every - loop.step % self.yield_every) if self.yield_every else most)

    def _wait_after(self, event: Yielded | Paused) -> Iterator[Event]:
        """Yield an event after which others have the thread; that is no time of this training."""
        since = time.monotonic()
        yield event
        if isinstance(event, Paused):
            self.commands.wait_while_paused()
        self.started_at += time.monotonic() - since

    def _handle_commands(self) -> Iterator[Event]:
        """Carry out commands between two steps; returns when the next step may be done."""
        loop, commands, paused = self.loop, self.commands, False
        while True:
            if commands.take_snapshot_request():
                yield from self._take_snapshot()
            for name, value in commands.take_changes():
                if name in loop.live:
                    yield from self._finish_validations()  # with the loss weights that they were started with
                    loop.change_setting(name, value)
                    yield LiveChange(loop.step, name, value)
            sabotage = commands.take_sabotage()
            if sabotage and not loop.sabotage_refused(sabotage):
                yield from self._sabotage(sabotage)
            if commands.stopped or commands.may_step():
                if paused:
                    self.clock.restart(loop.step)
                return
            if not paused:
                paused = True
                yield from self._take_snapshot()
                self.checkpoints.clear()
                yield from self._begin_checkpoint(time.monotonic())
                yield from self._give(self.checkpoints.take_all(), periodic=False)
            yield from self._wait_after(Paused(loop.step, self.phase))

    def _sabotage(self, name: str) -> Iterator[Event]:
        """Keep the state before, then the first under the sabotage: each says which one it is."""
        loop = self.loop
        yield from self._finish_validations()
        yield from self._give_history(self.history.take_all())
        if self.history_step != loop.step:
            self.history_step = loop.step
            self.history.append(loop.begin_checkpoint())
            yield from self._give_history(self.history.take_all())
        yield SabotageBegun(loop.begin_sabotage(name))
        self.checkpoints.clear()
        yield from self._begin_checkpoint(time.monotonic())
        yield from self._give(self.checkpoints.take_all(), periodic=False)
        yield from self._take_snapshot()

    def _report(self) -> Iterator[Event]:
        """What follows a step: validation and history depend on its number, all else on the clock."""
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
            now = self.clock.last_time
            if now - max(self.checkpointed_at, self.started_at) >= self._interval(IN_EPOCH_SECONDS):
                yield from self._begin_checkpoint(now)
            yield from loop.fetch_points()
            yield from self.validations.take_ready()
            yield self._progress()
            if not self.yield_every and self.clock.snapshot_due():
                self.snapshots.append(loop.begin_snapshot())
            for snapshot in self.snapshots.take_ready():
                yield from self._accept(snapshot)
        yield from self._give(self.checkpoints.take_ready(), periodic=True)

    def _finish_validations(self) -> Iterator[MetricPoint]:
        """Every validation that was started, after the training points before it."""
        if self.validations:
            yield from self.loop.fetch_points()
        yield from self.validations.take_all()

    def _progress(self) -> TrainingProgress:
        loop = self.loop
        speed = self.clock.steps_per_second
        return TrainingProgress(
            step=loop.step,
            epoch=loop.epoch,
            images_per_second=speed * loop.images_per_step,
            seconds_left=(loop.total_steps - loop.step) / speed if speed else math.inf,
            memory=memory_used(loop.device),
            learning_rate=loop.rate,
        )

    def _take_snapshot(self) -> Iterator[MetricPoint | SnapshotTaken]:
        """A snapshot of the current weights, waited for."""
        yield from self.loop.fetch_points()
        self.snapshots.clear()
        yield from self._accept(self.loop.snapshot())

    def _accept(self, snapshot: Snapshot) -> Iterator[SnapshotTaken]:
        if self.good.accept(snapshot, self.loop.last_validation):
            yield SnapshotTaken(snapshot)

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

    def _give(
        self, checkpoints: Iterator[Checkpoint], periodic: bool
    ) -> Iterator[MetricPoint | CheckpointTaken]:
        for checkpoint in checkpoints:
            yield from self.loop.fetch_points()  # a run resumed from it has every point before it
            if self.good.accept_checkpoint(checkpoint, self.loop.last_validation):
                yield CheckpointTaken(checkpoint, periodic)

    def _history_checkpoint(self) -> Iterator[MetricPoint | HistoryCheckpointTaken]:
        """Start a checkpoint of the history if one is due and its losses are in bounds; yield those ready."""
        loop = self.loop
        if loop.step == self.next_history_step:
            self.next_history_step = next_history_checkpoint(loop.step)
            yield from self._finish_validations()
            loop.update_divergence()
            if not self.good.suspect:
                self.history_step = loop.step
                self.history.append(loop.begin_checkpoint())
        yield from self._give_history(self.history.take_ready())

    def _give_history(
        self, checkpoints: Iterator[Checkpoint]
    ) -> Iterator[MetricPoint | HistoryCheckpointTaken]:
        for checkpoint in checkpoints:
            yield from self.loop.fetch_points()  # as above
            if is_finite(checkpoint.snapshot):
                yield HistoryCheckpointTaken(checkpoint)

    def _end(self, reason: EndReason) -> Iterator[Event]:
        """The last validation and checkpoints, the weights that are kept, and why the training ended."""
        loop = self.loop
        yield from loop.fetch_points()
        yield from self._finish_validations()
        if reason == "finished" and loop.last_validation != loop.step:
            yield loop.validate()
        last, divergence = loop.checkpoint(), loop.divergence
        # A training that finishes in a spike cannot recover from it.
        broken = divergence.diverged or (reason == "finished" and divergence.validation_in_spike)
        if broken or not is_finite(last.snapshot):
            reason = "diverged"
        yield from self._give_history(self.history.take_all())
        shown, kept = last.snapshot, last
        if reason == "diverged":
            shown, kept = self.good.snapshot, self.good.checkpoint_to_restore()
        elif self.history_step != loop.step:
            yield HistoryCheckpointTaken(last)
        if kept is not None:
            yield CheckpointTaken(kept)
        if reason == "early_stopping" and loop.best is not None:
            # The checkpoint is the state after the last step: all of its parts belong to the same step.
            shown = replace(loop.best, recipe=loop.spec.recipe)
        yield SnapshotTaken(shown)
        yield replace(self._progress(), step=shown.step, epoch=shown.epoch)
        seconds = time.monotonic() - self.started_at
        advice = divergence.advice(loop.live["learning_rate"], shown.step) if reason == "diverged" else ""
        yield Ended(reason, shown.step, shown.epoch, seconds, advice, loop.step)
