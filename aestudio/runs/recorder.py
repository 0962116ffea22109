"""Writes the run folder during a training, event by event."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError, ignore_problem
from aestudio.runs.checkpoint_writer import CheckpointWriter
from aestudio.runs.disk_space import DiskSpace
from aestudio.runs.first_record import begin_run, last_terms
from aestudio.runs.history_files import HistoryWriter, remove_leftovers
from aestudio.runs.metrics_file import MetricsFile, rewrite
from aestudio.runs.recording_warnings import RecordingWarnings
from aestudio.runs.run_record import (
    UNDER_WAY,
    RunRecord,
    Status,
    read_record,
    write_record,
)
from aestudio.runs.weights_file import write_checkpoint, write_snapshot
from aestudio.storage.files import WRITING
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    Event,
    HistoryCheckpointKept,
    HistoryCheckpointsDropped,
    HistoryCheckpointTaken,
    LiveChange,
    MetricPoint,
    Paused,
    RunMoved,
    SnapshotTaken,
    Started,
    TrainingProgress,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.errors import OnProblem
    from aestudio.runs.locked_folder import LockedFolder
    from aestudio.runs.metrics_file import Point
    from aestudio.training.events import Checkpoint, Snapshot
    from aestudio.training.spec import RunSpec

RECORD_SECONDS = 2.0
WEIGHTS_SECONDS = 10.0
LOOK_SECONDS = 0.25

News = HistoryCheckpointKept | HistoryCheckpointsDropped | RunMoved | CheckpointTaken


class Recorder:
    """Writes one run's folder."""

    def __init__(self, spec: RunSpec, place: LockedFolder, on_problem: OnProblem = ignore_problem) -> None:
        self.spec = spec
        self._place = place
        self._sayings = RecordingWarnings(on_problem)
        self._record: RunRecord | None = None
        self._metrics: MetricsFile | None = None
        self._snapshot: Snapshot | None = None
        self._checkpoint: Checkpoint | None = None
        # All that a folder needs that takes the place of a lost one; the trainer holds the same arrays.
        self._points: list[Point] = []
        self._state: Checkpoint | None = None
        self._seen: Snapshot | None = None
        self._history_checkpoints = HistoryWriter(self.folder, place.is_there)
        self._room = DiskSpace(place, self._history_checkpoints)
        self._checkpoints = CheckpointWriter(self.folder, self._room.write, place.is_there)
        self._state_kept = False
        self._news: list[News] = []
        self._looked_at = -math.inf
        self._written_at = {"record": -math.inf, "weights": -math.inf}
        self._resumed_at = 0.0
        self._paused = False

    @property
    def problem(self) -> StudioError | None:
        """Why the newest state is not in the folder, or why the folder changed; None if all is well."""
        return self._sayings.problem

    @property
    def folder(self) -> Path:
        """The folder of the run now."""
        return self._place.path

    def begin(self, event: Started) -> None:
        """Set the folder up, or resume in it; raises StudioError if that is impossible."""
        self._place.check()  # a training may take seconds until its first step
        beginning = begin_run(self.spec, self._place, event)
        self._record, self._points = beginning.record, list(beginning.points)
        remove_leftovers(self.folder)
        self._history_checkpoints.begin(event.step, event.steps_per_epoch)
        writes = [
            partial(write_record, self.folder, self._record, self._place.is_there),
            partial(rewrite, self.folder, self._points, self._place.is_there),
        ]
        # Of a new run the record comes first, since a folder without one is a damaged run; of one that is
        # gone on with the points do, since its record tells of none that are not there.
        for write in writes if beginning.new else reversed(writes):
            self._room.write(write)
        self._metrics = MetricsFile(self.folder, self._place.open)
        self._resumed_at = time.monotonic()

    def take(self, event: Event) -> None:
        """Write what belongs to the event; an error of the disk is kept in `problem`."""
        if self._record is None:
            return
        self._count_time(event)
        self._look(at_once=isinstance(event, CheckpointTaken | Paused | Ended))
        match event:
            case MetricPoint():
                last = self._record.last | {event.split: dict(event.terms)}
                self._change(last=last, step=event.step, epoch=event.epoch)
                self._add_point(event)
            case LiveChange():
                self._change(live=self._record.live | {event.name: event.value})
                self._add_point(event)
            case SnapshotTaken():
                self._snapshot = self._seen = event.snapshot
            case CheckpointTaken():
                self._take_checkpoint(event)
            case HistoryCheckpointTaken():
                self._take_history_checkpoint(event.checkpoint)
            case TrainingProgress():
                self._change(step=event.step, epoch=event.epoch)
                self._write_if_due()
            case Paused():
                self._change(status="paused")
                self._history_checkpoints.flush()
                self._write_all()
            case Ended():
                self._take_end(event)
            case _:
                pass

    def news(self) -> list[News]:
        """What changed in the folder since the last call, in order; reports errors of the disk.

        Among it are the checkpoints that came by the clock. Once the disk takes one of these, all that it
        refused is tried again.
        """
        self._take_results()
        news, self._news = self._news, []
        written = any(isinstance(one, CheckpointTaken) for one in news)
        if written and self._sayings.refused and self._metrics is not None:
            self._write_all()
        return news

    def turned(self) -> None:
        """Do not count the time since the last event: other trainings of the group ran."""
        self._resumed_at = time.monotonic()

    def close(self) -> None:
        """Write what is not written yet and close the files; may be called twice."""
        if self._metrics is not None and self._record is not None:
            self._look(at_once=True)
        self._history_checkpoints.close()
        self._checkpoints.close()
        if self._metrics is not None and self._record is not None:
            self._write_all()
            self._look(at_once=True)  # nobody looks after this
            self._sayings.end(self._place.is_there())
            self._room.close()
            self._metrics.close()
            self._metrics = None

    # ---- on the way -------------------------------------------------------------------------------

    def _count_time(self, event: Event) -> None:
        """Seconds between events belong to the training, except after a pause."""
        history_checkpoint = time.monotonic()
        assert self._record is not None
        if self._paused and not isinstance(event, Paused | LiveChange):
            self._change(status="running")
        elif not self._paused:
            self._change(seconds=self._record.seconds + history_checkpoint - self._resumed_at)
        self._paused = isinstance(event, Paused) or (self._paused and isinstance(event, LiveChange))
        self._resumed_at = history_checkpoint

    def _add_point(self, point: Point) -> None:
        self._points.append(point)
        self._metrics_file().put(point)
        self._try(self._metrics_file().flush)

    def _take_checkpoint(self, event: CheckpointTaken) -> None:
        checkpoint = event.checkpoint
        self._state, self._seen = checkpoint, checkpoint.snapshot
        self._change(step=checkpoint.snapshot.step, epoch=checkpoint.snapshot.epoch)
        self._require_room(checkpoint)
        if event.by_clock:
            self._checkpoints.put(event)
        else:
            self._checkpoint, self._snapshot = checkpoint, checkpoint.snapshot
            self._write_all()

    def _take_history_checkpoint(self, checkpoint: Checkpoint) -> None:
        # One on the way may come later than a newer checkpoint, which was waited for.
        if self._state is None or checkpoint.counters["step"] >= self._state.counters["step"]:
            self._state = checkpoint
        self._require_room(checkpoint)
        self._history_checkpoints.add(checkpoint)

    def _require_room(self, checkpoint: Checkpoint) -> None:
        """Reserve space for the final files before existing ones are replaced."""
        if not self._room.require(checkpoint):
            self._sayings.no_room(self.folder, self._room.needed)

    def _take_end(self, event: Ended) -> None:
        status: Status = event.reason
        self._change(status=status, step=event.step, epoch=event.epoch, advice=event.advice)
        if event.last_step > event.step:
            self._change(last=last_terms(point for point in self._points if point.step <= event.step))
        self._write_all()

    def _write_if_due(self) -> None:
        history_checkpoint = time.monotonic()
        if history_checkpoint - self._written_at["weights"] >= WEIGHTS_SECONDS:
            self._write_all()
        elif history_checkpoint - self._written_at["record"] >= RECORD_SECONDS:
            self._try(self._write_record)

    def _write_all(self) -> None:
        """Metrics, checkpoint, weights, then the record: each whole, whatever happens between.

        What one of them meets keeps no other from being written. The record says that the run has ended
        only where all of it is there.
        """
        self._written_at["weights"] = time.monotonic()
        assert self._record is not None
        rests = self._checkpoint is not None or self._record.status not in UNDER_WAY
        if self._checkpoint is not None:
            self._checkpoints.forget()  # an older one must not be written over it
        writes = (self._metrics_file().sync, self._write_checkpoint, partial(self._write_snapshot, rests))
        whole = False not in [self._try(write) for write in writes]
        if self._try(self._write_record, whole) and whole:
            self._sayings.kept()

    def _write_checkpoint(self) -> None:
        if self._checkpoint is not None:
            write_checkpoint(self.folder, self._checkpoint, self._place.is_there)
            self._checkpoint, self._state_kept = None, True

    def _write_snapshot(self, rests: bool) -> None:
        """The weights of a run that rests; of one at work only where no state was kept, to look at.

        Between two checkpoints the weights stay as they were: what is shown of a run that was killed is
        what it goes on from.
        """
        if self._snapshot is not None and (rests or not self._state_kept):
            write_snapshot(self.folder, self._snapshot, self._place.is_there)
            self._snapshot = None

    def _write_record(self, whole: bool = True) -> None:
        assert self._record is not None
        with WRITING:
            # The title may have been changed by the window meanwhile.
            with suppress(StudioError):
                title = read_record(self.folder).title
                if self._place.is_there():
                    self._change(title=title)
            record = self._record if whole else self._record.changed(status="running")
            write_record(self.folder, record, self._place.is_there)
        self._written_at["record"] = time.monotonic()

    def _try(self, write: Callable[..., None], *arguments: Any) -> bool:
        """Whether writing succeeded; the training continues in any case.

        Where the folder is gone, the next look says so, and all is written into another one.
        """
        try:
            self._room.write(partial(write, *arguments))
        except StudioError as problem:
            if self._place.is_there():
                self._sayings.not_kept(self.folder, problem)
            else:
                self._looked_at = -math.inf
            return False
        return True

    def _take_results(self) -> None:
        for result in self._history_checkpoints.results():
            if isinstance(result, StudioError):
                if self._is_whole():
                    self._sayings.history_gives_way(self.folder, result)
            elif isinstance(result, HistoryCheckpointsDropped):
                self._news.append(result)
                self._sayings.history_gives_way(self.folder)
            else:
                self._state_kept = True
                self._news.append(HistoryCheckpointKept(result))
        for result in self._checkpoints.results():
            if isinstance(result, CheckpointTaken):
                self._state_kept = True
                self._news.append(result)
            elif self._is_whole():
                self._sayings.not_kept(self.folder, result)

    # ---- a folder that is gone --------------------------------------------------------------------

    def _look(self, at_once: bool = False) -> None:
        """Check a few times a second that the folder and the metrics file still exist."""
        history_checkpoint = time.monotonic()
        if not at_once and history_checkpoint - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = history_checkpoint
        if not self._place.is_there():
            self._move()
        elif self._metrics_file().is_gone():
            self._refill()

    def _is_whole(self) -> bool:
        """Whether the folder is in its place; if not, only that is reported."""
        gone = self._metrics is not None and self._metrics.is_gone()
        return self._place.is_there() and not gone

    def _move(self) -> None:
        """Write everything in memory to another folder, and continue there."""
        gone = self.folder
        self._checkpoints.forget()  # before WRITING is held, for which its thread may wait
        with WRITING:  # what the history's thread tells belongs to one of the two folders
            self._take_results()
            self._room.leave()
            try:
                self._place.replace()
            except StudioError as problem:
                self._sayings.not_kept(self.folder, problem)
                return
            self._history_checkpoints.move(self.folder)
            self._checkpoints.move(self.folder)
            self._state_kept = False
            self._news.append(RunMoved(self.folder))
        self._write_again()
        self._sayings.moved(gone, self.folder)

    def _refill(self) -> None:
        """The folder exists but its files are gone: write everything in memory again."""
        if self._try(self._place.hold_again):
            self._sayings.deleted(self.folder)
            self._history_checkpoints.miss()
            self._room.leave()
            self._write_again()

    def _write_again(self) -> None:
        self._checkpoint, self._snapshot = self._state, self._seen
        if self._try(self._renew_metrics):
            self._write_all()

    def _renew_metrics(self) -> None:
        """Write all metric points again, into a new file."""
        rewrite(self.folder, self._points, self._place.is_there)
        self._metrics_file().close()
        self._metrics = MetricsFile(self.folder, self._place.open)

    def _change(self, **values: Any) -> None:
        assert self._record is not None
        self._record = self._record.changed(**values)

    def _metrics_file(self) -> MetricsFile:
        assert self._metrics is not None
        return self._metrics
