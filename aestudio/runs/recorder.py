"""Writes the run folder during a training, event by event.

One file, although it is long: every event and a lost folder concern the same unwritten state.
"""

from __future__ import annotations

import math
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError, ignore_problem
from aestudio.runs.checkpoint_writer import CheckpointWriter
from aestudio.runs.disk_space import DiskSpace
from aestudio.runs.first_record import begin_run, last_terms, newest_terms
from aestudio.runs.history_files import HistoryWriter
from aestudio.runs.labels_file import read_labels
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
    SabotageBegun,
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
CHECK_SECONDS = 0.25

FolderChange = HistoryCheckpointKept | HistoryCheckpointsDropped | RunMoved | CheckpointTaken


class Recorder:
    """Writes one run's folder."""

    def __init__(self, spec: RunSpec, locked: LockedFolder, on_problem: OnProblem = ignore_problem) -> None:
        self.spec = spec
        self._locked = locked
        self._warnings = RecordingWarnings(on_problem)
        self._record: RunRecord | None = None
        self._metrics: MetricsFile | None = None
        self._unwritten_snapshot: Snapshot | None = None
        self._unwritten_checkpoint: Checkpoint | None = None
        # All that is needed to write a lost folder again; the trainer holds the same arrays.
        self._points: list[Point] = []
        self._newest_state: Checkpoint | None = None
        self._newest_snapshot: Snapshot | None = None
        self._history = HistoryWriter(self.folder, locked.is_there)
        self._disk_space = DiskSpace(locked, self._history)
        self._checkpoints = CheckpointWriter(self.folder, self._disk_space.write, locked.is_there)
        self._state_written = False
        self._changes: list[FolderChange] = []
        self._checked_at = -math.inf
        self._written_at = {"record": -math.inf, "weights": -math.inf}
        self._resumed_at = 0.0
        self._paused = False

    @property
    def problem(self) -> StudioError | None:
        """Why the newest state is not in the folder, or why the folder changed; None if all is well."""
        return self._warnings.problem

    @property
    def folder(self) -> Path:
        """The folder of the run now."""
        return self._locked.path

    def begin(self, event: Started) -> None:
        """Set up the folder, or resume in it; raises StudioError if that is impossible."""
        self._locked.check()  # seconds may pass before the first step
        start = begin_run(self.spec, self._locked, event)
        self._record, self._points = start.record, list(start.points)
        self._history.begin(event.step, event.steps_per_epoch)
        if event.sabotage is not None:
            self._history.let_stay(event.sabotage.step)
        writes = [
            partial(write_record, self.folder, self._record, self._locked.is_there),
            partial(rewrite, self.folder, self._points, self._locked.is_there),
        ]
        # For a new run the record comes first, because a folder without one is a damaged run. For a resumed
        # run the points come first, because the record must not describe points that are not written.
        for write in writes if start.new else reversed(writes):
            self._disk_space.write(write)
        self._metrics = MetricsFile(self.folder, self._locked.open)
        self._resumed_at = time.monotonic()

    def take(self, event: Event) -> None:
        """Write the event's data; an error of the disk is kept in `problem`."""
        if self._record is None:
            return
        self._count_time(event)
        self._check_folder(at_once=isinstance(event, CheckpointTaken | Paused | Ended))
        match event:
            case MetricPoint():
                before = self._record.last.get(event.split, {})
                terms = newest_terms(before, event, self.spec.recipe.objective)
                last = self._record.last | {event.split: terms}
                self._change_record(last=last, step=event.step, epoch=event.epoch)
                self._add_point(event)
            case LiveChange() | SabotageBegun():
                self._take_change(event)
            case SnapshotTaken():
                self._unwritten_snapshot = self._newest_snapshot = event.snapshot
            case CheckpointTaken():
                self._take_checkpoint(event)
            case HistoryCheckpointTaken():
                self._take_history_checkpoint(event.checkpoint)
            case TrainingProgress():
                self._change_record(step=event.step, epoch=event.epoch)
                self._write_if_due()
            case Paused():
                self._change_record(status="paused")
                self._history.flush()
                self._write_all()
            case Ended():
                self._take_end(event)
            case _:
                pass

    def changes(self) -> list[FolderChange]:
        """The changes in the folder since the last call, in order; reports errors of the disk.

        They include periodic checkpoints. Once one of these was written, everything that failed is tried
        again.
        """
        self._take_results()
        changes, self._changes = self._changes, []
        written = any(isinstance(one, CheckpointTaken) for one in changes)
        if written and self._warnings.refused and self._metrics is not None:
            self._write_all()
        return changes

    def skip_time(self) -> None:
        """Do not count the time since the last event: other trainings of the group ran."""
        self._resumed_at = time.monotonic()

    def close(self) -> None:
        """Write what is not written yet and close the files; may be called twice."""
        if self._metrics is not None and self._record is not None:
            self._check_folder(at_once=True)
        self._history.close()
        self._checkpoints.close()
        if self._metrics is not None and self._record is not None:
            self._write_all()
            self._check_folder(at_once=True)  # the last check
            self._warnings.end(self._locked.is_there())
            self._disk_space.close()
            self._metrics.close()
            self._metrics = None

    # ---- during the training -------------------------------------------------------------------------------

    def _count_time(self, event: Event) -> None:
        """Seconds between events belong to the training, except after a pause."""
        now = time.monotonic()
        assert self._record is not None
        if self._paused and not isinstance(event, Paused | LiveChange):
            self._change_record(status="running")
        elif not self._paused:
            self._change_record(seconds=self._record.seconds + now - self._resumed_at)
        self._paused = isinstance(event, Paused) or (self._paused and isinstance(event, LiveChange))
        self._resumed_at = now

    def _add_point(self, point: Point) -> None:
        self._points.append(point)
        self._metrics_file().queue(point)
        self._try(self._metrics_file().flush)

    def _take_change(self, event: LiveChange | SabotageBegun) -> None:
        assert self._record is not None
        if isinstance(event, LiveChange):
            self._change_record(live=self._record.live | {event.name: event.value})
            self._add_point(event)
            return
        self._history.flush()  # the state before is there when the run is said to be sabotaged
        self._history.let_stay(event.applied.step)
        self._change_record(sabotage=event.applied)
        self._try(self._write_record)

    def _take_checkpoint(self, event: CheckpointTaken) -> None:
        checkpoint = event.checkpoint
        self._newest_state, self._newest_snapshot = checkpoint, checkpoint.snapshot
        self._change_record(step=checkpoint.snapshot.step, epoch=checkpoint.snapshot.epoch)
        self._reserve_space(checkpoint)
        if event.periodic:
            self._checkpoints.add(event)
        else:
            self._unwritten_checkpoint, self._unwritten_snapshot = checkpoint, checkpoint.snapshot
            self._write_all()

    def _take_history_checkpoint(self, checkpoint: Checkpoint) -> None:
        # It may arrive after a newer checkpoint, which the steps waited for.
        if self._newest_state is None or checkpoint.counters["step"] >= self._newest_state.counters["step"]:
            self._newest_state = checkpoint
        self._reserve_space(checkpoint)
        self._history.add(checkpoint)

    def _reserve_space(self, checkpoint: Checkpoint) -> None:
        """Reserve space for the final files before existing ones are replaced."""
        if not self._disk_space.require(checkpoint):
            self._warnings.no_space(self.folder, self._disk_space.needed)

    def _take_end(self, event: Ended) -> None:
        status: Status = event.reason
        self._change_record(status=status, step=event.step, epoch=event.epoch, advice=event.advice)
        if event.last_step > event.step:
            kept = (point for point in self._points if point.step <= event.step)
            self._change_record(last=last_terms(kept, self.spec.recipe.objective))
        self._write_all()

    def _write_if_due(self) -> None:
        now = time.monotonic()
        if now - self._written_at["weights"] >= WEIGHTS_SECONDS:
            self._write_all()
        elif now - self._written_at["record"] >= RECORD_SECONDS:
            self._try(self._write_record)

    def _write_all(self) -> None:
        """Metrics, checkpoint, weights, then the record: each complete, whatever happens between.

        If one fails, the others are written all the same. The record says that the run has ended only if all
        of them succeeded.
        """
        self._written_at["weights"] = time.monotonic()
        assert self._record is not None
        at_rest = self._unwritten_checkpoint is not None or self._record.status not in UNDER_WAY
        if self._unwritten_checkpoint is not None:
            self._checkpoints.discard_waiting()  # an older one must not be written over it
        writes = (self._metrics_file().sync, self._write_checkpoint, partial(self._write_snapshot, at_rest))
        complete = False not in [self._try(write) for write in writes]
        if self._try(self._write_record, complete) and complete:
            self._warnings.kept()

    def _write_checkpoint(self) -> None:
        if self._unwritten_checkpoint is not None:
            write_checkpoint(self.folder, self._unwritten_checkpoint, self._locked.is_there)
            self._unwritten_checkpoint, self._state_written = None, True

    def _write_snapshot(self, at_rest: bool) -> None:
        """The weights of a paused or ended run; of a running one only if no state was written yet.

        Between two checkpoints the weights stay unchanged: a killed run shows the state from which it would
        resume.
        """
        if self._unwritten_snapshot is not None and (at_rest or not self._state_written):
            write_snapshot(self.folder, self._unwritten_snapshot, self._locked.is_there)
            self._unwritten_snapshot = None

    def _write_record(self, complete: bool = True) -> None:
        assert self._record is not None
        with WRITING:
            # The user may have named the run meanwhile: earlier versions, and a folder that replaces a lost
            # one, have no other name than the record's.
            with suppress(StudioError):
                title = read_labels(self.folder).title or read_record(self.folder).title
                if self._locked.is_there():
                    self._change_record(title=title)
            record = self._record if complete else self._record.changed(status="running")
            write_record(self.folder, record, self._locked.is_there)
        self._written_at["record"] = time.monotonic()

    def _try(self, write: Callable[..., None], *arguments: Any) -> bool:
        """Whether writing succeeded; the training continues in any case.

        If the folder is gone, the next check finds that out, and everything is written to another folder.
        """
        try:
            self._disk_space.write(partial(write, *arguments))
        except StudioError as problem:
            if self._locked.is_there():
                self._warnings.save_failed(self.folder, problem)
            else:
                self._checked_at = -math.inf
            return False
        return True

    def _take_results(self) -> None:
        for result in self._history.results():
            if isinstance(result, StudioError):
                if self._is_whole():
                    self._warnings.history_shortened(self.folder, result)
            elif isinstance(result, HistoryCheckpointsDropped):
                self._changes.append(result)
                self._warnings.history_shortened(self.folder)
            else:
                self._state_written = True
                self._changes.append(HistoryCheckpointKept(result))
        for result in self._checkpoints.results():
            if isinstance(result, CheckpointTaken):
                self._state_written = True
                self._changes.append(result)
            elif self._is_whole():
                self._warnings.save_failed(self.folder, result)

    # ---- a lost folder --------------------------------------------------------------------

    def _check_folder(self, at_once: bool = False) -> None:
        """Check a few times a second that the folder and the metrics file still exist."""
        now = time.monotonic()
        if not at_once and now - self._checked_at < CHECK_SECONDS:
            return
        self._checked_at = now
        if not self._locked.is_there():
            self._move_folder()
        elif self._metrics_file().was_removed():
            self._rewrite_files()

    def _is_whole(self) -> bool:
        """Whether the folder and its metrics file exist; if not, only that is reported."""
        gone = self._metrics is not None and self._metrics.was_removed()
        return self._locked.is_there() and not gone

    def _move_folder(self) -> None:
        """Write everything in memory to another folder, and continue there."""
        gone = self.folder
        self._checkpoints.discard_waiting()  # before WRITING is held, for which its thread may wait
        with WRITING:  # each result of the history's thread belongs to one of the two folders
            self._take_results()
            self._disk_space.release()
            try:
                self._locked.rescue()
            except StudioError as problem:
                self._warnings.save_failed(self.folder, problem)
                return
            self._history.move(self.folder)
            self._checkpoints.move(self.folder)
            self._state_written = False
            self._changes.append(RunMoved(self.folder))
        self._write_everything()
        self._warnings.moved(gone, self.folder)

    def _rewrite_files(self) -> None:
        """The folder exists but its files are gone: write everything in memory again."""
        if self._try(self._locked.renew_lock):
            self._warnings.deleted(self.folder)
            self._history.forget_deleted()
            self._disk_space.release()
            self._write_everything()

    def _write_everything(self) -> None:
        self._unwritten_checkpoint, self._unwritten_snapshot = self._newest_state, self._newest_snapshot
        if self._try(self._renew_metrics):
            self._write_all()

    def _renew_metrics(self) -> None:
        """Write all metric points again, into a new file."""
        rewrite(self.folder, self._points, self._locked.is_there)
        self._metrics_file().close()
        self._metrics = MetricsFile(self.folder, self._locked.open)

    def _change_record(self, **values: Any) -> None:
        assert self._record is not None
        self._record = self._record.changed(**values)

    def _metrics_file(self) -> MetricsFile:
        assert self._metrics is not None
        return self._metrics
