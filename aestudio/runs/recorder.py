"""What is written at which event of a training."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.data.library import dataset_menu
from aestudio.errors import StudioError
from aestudio.runs.files import WRITING
from aestudio.runs.metrics_file import MetricsFile, read_points, rewrite
from aestudio.runs.moments import MomentsWriter, remove_leftovers
from aestudio.runs.room import Room
from aestudio.runs.run_record import (
    FILE,
    UNDER_WAY,
    RunRecord,
    Status,
    now,
    read_record,
    versions,
    write_record,
)
from aestudio.runs.sayings import Sayings
from aestudio.runs.weights_file import checkpoint_step, write_checkpoint, write_snapshot
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    Event,
    LiveChange,
    MetricPoint,
    MomentKept,
    MomentsDropped,
    MomentTaken,
    Paused,
    Pulse,
    RunMoved,
    SnapshotTaken,
    Started,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.runs.held_folder import HeldFolder
    from aestudio.runs.metrics_file import Point
    from aestudio.training.events import Checkpoint, Snapshot
    from aestudio.training.spec import RunSpec

RECORD_SECONDS = 2.0
WEIGHTS_SECONDS = 10.0
LOOK_SECONDS = 0.25


class Recorder:
    """Writes one run's folder."""

    def __init__(
        self, spec: RunSpec, place: HeldFolder, on_problem: Callable[[StudioError], None] | None = None
    ) -> None:
        self.spec = spec
        self._place = place
        self._sayings = Sayings(on_problem)
        self._record: RunRecord | None = None
        self._metrics: MetricsFile | None = None
        self._snapshot: Snapshot | None = None
        self._checkpoint: Checkpoint | None = None
        # All that a folder needs that takes the place of a lost one; the trainer holds the same arrays.
        self._points: list[Point] = []
        self._state: Checkpoint | None = None
        self._seen: Snapshot | None = None
        self._moments = MomentsWriter(self.folder)
        self._room = Room(self.folder, self._moments)
        self._news: list[MomentKept | MomentsDropped | RunMoved] = []
        self._looked_at = -math.inf
        self._written_at = {"record": -math.inf, "weights": -math.inf}
        self._resumed_at = 0.0
        self._paused = False

    @property
    def problem(self) -> StudioError | None:
        """Why the newest state is not in the folder, or why it is another folder; None where all is well."""
        return self._sayings.problem

    @property
    def folder(self) -> Path:
        """Where the run lies now."""
        return self._place.path

    def begin(self, event: Started) -> None:
        """Set the folder up, or go on in it; raises StudioError where that cannot be."""
        kept = self._kept(event)
        points = () if kept is None else read_points(self.folder)
        points = tuple(point for point in points if point.step <= event.step)
        self._record = self._first_record(event) if kept is None else self._next_record(kept, event, points)
        remove_leftovers(self.folder)
        self._moments.begin(event.step, event.steps_per_epoch)
        self._points = list(points)
        self._room.write(partial(rewrite, self.folder, points))
        self._metrics = MetricsFile(self.folder)
        self._room.write(partial(write_record, self.folder, self._record))
        self._resumed_at = time.monotonic()

    def take(self, event: Event) -> None:
        """Write what the event says; a disk that refuses is remembered in `problem`."""
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
                self._take_checkpoint(event.checkpoint)
            case MomentTaken():
                self._take_moment(event.checkpoint)
            case Pulse():
                self._change(step=event.step, epoch=event.epoch)
                self._write_if_due()
            case Paused():
                self._change(status="paused")
                self._moments.flush()
                self._write_all()
            case Ended():
                self._take_end(event)
            case _:
                pass

    def news(self) -> list[MomentKept | MomentsDropped | RunMoved]:
        """What happened in the folder since the last call, in order; what the disk refused is said."""
        self._take_results()
        news, self._news = self._news, []
        return news

    def turned(self) -> None:
        """It is this training's turn again: the time since the last event was the others'."""
        self._resumed_at = time.monotonic()

    def close(self) -> None:
        """Write what is not written yet and close the files; may be called twice."""
        if self._metrics is not None and self._record is not None:
            self._look(at_once=True)
        self._moments.close()
        if self._metrics is not None and self._record is not None:
            self._write_all()
            self._room.close()
            self._metrics.close()
            self._metrics = None

    # ---- the beginning ----------------------------------------------------------------------------

    def _kept(self, event: Started) -> RunRecord | None:
        """The record of the run to go on with, None in a new folder."""
        if not (self.folder / FILE).exists():
            self._place.refuse_strangers()
            return None
        kept = read_record(self.folder)
        step = checkpoint_step(self.folder)
        if event.step == 0 and (step or (step is None and kept.status not in UNDER_WAY)):
            raise StudioError(
                "There is a run in this folder already", where=str(self.folder),
                advice="Go on with it, or choose another folder.",
            )  # fmt: skip
        if step is not None and event.step < step:
            raise StudioError(
                "This run has gone on elsewhere", where=str(self.folder),
                advice="Open it again to go on from where it is.",
            )  # fmt: skip
        self._refuse_others(kept)
        return kept

    def _refuse_others(self, kept: RunRecord) -> None:
        same = {"epochs": self.spec.recipe.training.epochs}
        if kept.recipe.with_settings(same) != self.spec.recipe:
            raise StudioError(
                "The run in this folder has other settings", where=str(self.folder),
                advice="Go on with its own recipe, or choose another folder.",
            )  # fmt: skip
        if not same_dataset(kept.dataset, self.spec.dataset):
            raise StudioError(
                f"This run was trained on {kept.dataset_title or kept.dataset}, not on these digits",
                where=str(self.folder), advice="Choose that dataset to go on, or begin a new run.",
            )  # fmt: skip

    def _first_record(self, event: Started) -> RunRecord:
        spec = self.spec
        return RunRecord(
            name=spec.run, title=spec.title or spec.run, recipe=spec.recipe, dataset=spec.dataset,
            dataset_title=title_of(spec.dataset), seed=spec.recipe.training.seed, device=event.device,
            status="running", created=now(), step=event.step, steps_per_epoch=event.steps_per_epoch,
            epoch=event.step / event.steps_per_epoch, training_images=event.training_images,
            versions=dict(versions()),
        )  # fmt: skip

    def _next_record(self, kept: RunRecord, event: Started, points: tuple[Point, ...]) -> RunRecord:
        """The kept record as it was at the step that is gone on from."""
        return kept.changed(
            recipe=self.spec.recipe, device=event.device, status="running", step=event.step,
            epoch=event.step / event.steps_per_epoch, advice="", evaluation=None, versions=dict(versions()),
            live={point.name: point.value for point in points if isinstance(point, LiveChange)},
            last={point.split: dict(point.terms) for point in points if isinstance(point, MetricPoint)},
        )  # fmt: skip

    # ---- on the way -------------------------------------------------------------------------------

    def _count_time(self, event: Event) -> None:
        """Seconds between events belong to the training, except after a pause."""
        moment = time.monotonic()
        assert self._record is not None
        if self._paused and not isinstance(event, Paused | LiveChange):
            self._change(status="running")
        elif not self._paused:
            self._change(seconds=self._record.seconds + moment - self._resumed_at)
        self._paused = isinstance(event, Paused) or (self._paused and isinstance(event, LiveChange))
        self._resumed_at = moment

    def _add_point(self, point: Point) -> None:
        self._points.append(point)
        self._metrics_file().put(point)
        self._try(self._metrics_file().flush)

    def _take_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = self._state = checkpoint
        self._snapshot = self._seen = checkpoint.snapshot
        self._change(step=checkpoint.snapshot.step, epoch=checkpoint.snapshot.epoch)
        self._require_room(checkpoint)
        self._write_all()

    def _take_moment(self, checkpoint: Checkpoint) -> None:
        # One on the way may come later than a newer checkpoint, which was waited for.
        if self._state is None or checkpoint.counters["step"] >= self._state.counters["step"]:
            self._state = checkpoint
        self._require_room(checkpoint)
        self._moments.add(checkpoint)

    def _require_room(self, checkpoint: Checkpoint) -> None:
        """Reserve what the end writes before it takes the place of what is there."""
        if not self._room.require(checkpoint):
            self._sayings.no_room(self.folder, self._room.needed)

    def _take_end(self, event: Ended) -> None:
        status: Status = event.reason
        self._change(status=status, step=event.step, epoch=event.epoch, advice=event.advice)
        self._write_all()

    def _write_if_due(self) -> None:
        moment = time.monotonic()
        if moment - self._written_at["weights"] >= WEIGHTS_SECONDS:
            self._write_all()
        elif moment - self._written_at["record"] >= RECORD_SECONDS:
            self._try(self._write_record)

    def _write_all(self) -> None:
        """Metrics, checkpoint, weights, then the record: each whole, whatever happens between.

        What one of them meets keeps no other from being written. The record says that the run has ended
        only where all of it is there.
        """
        self._written_at["weights"] = time.monotonic()
        writes = (self._metrics_file().sync, self._write_checkpoint, self._write_snapshot)
        whole = False not in [self._try(write) for write in writes]
        if self._try(self._write_record, whole) and whole:
            self._sayings.kept()

    def _write_checkpoint(self) -> None:
        if self._checkpoint is not None:
            write_checkpoint(self.folder, self._checkpoint)
            self._checkpoint = None

    def _write_snapshot(self) -> None:
        if self._snapshot is not None:
            write_snapshot(self.folder, self._snapshot)
            self._snapshot = None

    def _write_record(self, whole: bool = True) -> None:
        assert self._record is not None
        with WRITING:
            # The title may have been changed by the window meanwhile.
            with suppress(StudioError):
                self._change(title=read_record(self.folder).title)
            write_record(self.folder, self._record if whole else self._record.changed(status="running"))
        self._written_at["record"] = time.monotonic()

    def _try(self, write: Callable[..., None], *arguments: Any) -> bool:
        """Whether writing went well; the training goes on in any case."""
        try:
            self._room.write(partial(write, *arguments))
        except StudioError as problem:
            self._sayings.not_kept(self.folder, problem)
            return False
        return True

    def _take_results(self) -> None:
        for result in self._moments.results():
            if isinstance(result, StudioError):
                if self._place.is_there():
                    self._sayings.history_gives_way(self.folder, result)
            elif isinstance(result, MomentsDropped):
                self._news.append(result)
                self._sayings.history_gives_way(self.folder)
            else:
                self._news.append(MomentKept(result))

    # ---- a folder that is gone --------------------------------------------------------------------

    def _look(self, at_once: bool = False) -> None:
        """See whether the folder and the curves' file are still there, a few times a second."""
        moment = time.monotonic()
        if not at_once and moment - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = moment
        if not self._place.is_there():
            self._move()
        elif self._metrics_file().is_gone():
            self._refill()

    def _move(self) -> None:
        """Keep all that is in memory in another folder, and go on there."""
        gone = self.folder
        with WRITING:  # what the history's thread tells belongs to one of the two folders
            self._take_results()
            try:
                self._place.replace()
            except StudioError as problem:
                self._sayings.not_kept(self.folder, problem)
                return
            self._moments.move(self.folder)
            self._room.move(self.folder)
            self._news.append(RunMoved(self.folder))
        self._write_again()
        self._sayings.moved(gone, self.folder)

    def _refill(self) -> None:
        """The folder is the same and its files are gone: write all that is in memory again."""
        if self._try(self._place.hold_again):
            self._sayings.deleted(self.folder)
            self._moments.miss()
            self._room.move(self.folder)
            self._write_again()

    def _write_again(self) -> None:
        self._checkpoint, self._snapshot = self._state, self._seen
        if self._try(self._renew_metrics):
            self._write_all()

    def _renew_metrics(self) -> None:
        """Write all points again, into a file of which there is one."""
        rewrite(self.folder, self._points)
        self._metrics_file().close()
        self._metrics = MetricsFile(self.folder)

    def _change(self, **values: Any) -> None:
        assert self._record is not None
        self._record = self._record.changed(**values)

    def _metrics_file(self) -> MetricsFile:
        assert self._metrics is not None
        return self._metrics


def same_dataset(one: str, other: str) -> bool:
    """Whether two origins, names or paths, mean the same data."""
    return one == other or Path(one).resolve() == Path(other).resolve()


def title_of(dataset: str) -> str:
    """What people call the dataset of this origin."""
    titles = {name: title for name, title, _ in dataset_menu()}
    return titles.get(dataset) or Path(dataset).name or dataset
