"""What is written at which event of a training."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.data.library import dataset_menu
from aestudio.errors import StudioError
from aestudio.printable import printable
from aestudio.runs.checkpoint_writer import CheckpointWriter
from aestudio.runs.files import WRITING
from aestudio.runs.lock import FILE as LOCK
from aestudio.runs.metrics_file import MetricsFile, read_points, rewrite
from aestudio.runs.moments import MomentsWriter
from aestudio.runs.newest_state import holds_state, live_settings, put_aside, would_undo
from aestudio.runs.run_digits import FILE as OWN_DIGITS
from aestudio.runs.run_digits import keep_with, origin_of
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
from aestudio.runs.weights_file import write_checkpoint, write_snapshot
from aestudio.training.events import (
    CheckpointTaken,
    Ended,
    Event,
    LiveChange,
    MetricPoint,
    MomentKept,
    MomentTaken,
    Paused,
    Pulse,
    SnapshotTaken,
    Started,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aestudio.runs.metrics_file import Point
    from aestudio.training.events import Checkpoint, Snapshot
    from aestudio.training.spec import RunSpec

RECORD_SECONDS = 2.0
WEIGHTS_SECONDS = 10.0


class Recorder:
    """Writes one run's folder. `problem` is why the newest state is not in it, or None."""

    def __init__(
        self, spec: RunSpec, folder: Path, on_problem: Callable[[StudioError], None] | None = None
    ) -> None:
        self.spec = spec
        self.folder = folder
        self.problem: StudioError | None = None
        self._on_problem = on_problem
        self._record: RunRecord | None = None
        self._metrics: MetricsFile | None = None
        self._snapshot: Snapshot | None = None
        self._checkpoint: Checkpoint | None = None
        self._moments = MomentsWriter(folder)
        self._checkpoints = CheckpointWriter(folder)
        self._state_kept = False
        self._written_at = {"record": -math.inf, "weights": -math.inf}
        self._resumed_at = 0.0
        self._paused = False

    def begin(self, event: Started) -> None:
        """Set the folder up, or go on in it; raises StudioError where that cannot be."""
        kept = self._kept(event)
        self._moments.begin(event.step, event.steps_per_epoch)
        if kept is None:
            # Before everything else: a folder without a record is a damaged run.
            self._record = self._first_record(event)
            write_record(self.folder, self._record)
            rewrite(self.folder, ())
        else:
            points = self._points_before(event.step)
            put_aside(self.folder, event.step)
            self._record = self._next_record(kept, event, points)
            rewrite(self.folder, points)
            write_record(self.folder, self._record)
        self._metrics = MetricsFile(self.folder)
        self._resumed_at = time.monotonic()

    def take(self, event: Event) -> None:
        """Write what the event says; a disk that refuses is remembered in `problem`."""
        if self._record is None:
            return
        self._count_time(event)
        match event:
            case MetricPoint():
                last = self._record.last | {event.split: dict(event.terms)}
                self._change(last=last, step=event.step, epoch=event.epoch)
                self._try(self._metrics_file().add, event)
            case LiveChange():
                self._change(live=self._record.live | {event.name: event.value})
                self._try(self._metrics_file().add, event)
            case SnapshotTaken():
                self._snapshot = event.snapshot
            case CheckpointTaken():
                self._take_checkpoint(event)
            case MomentTaken():
                self._moments.add(event.checkpoint)
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

    def states_kept(self) -> list[MomentKept | CheckpointTaken]:
        """The moments, and checkpoints by the clock, that came to the folder since the last call.

        What the disk refused is a problem; once it takes a checkpoint, all that it refused is tried again.
        """
        kept: list[MomentKept | CheckpointTaken] = []
        for result in (*self._moments.results(), *self._checkpoints.results()):
            if isinstance(result, StudioError):
                self._remember(result)
                continue
            self._state_kept = True
            kept.append(result if isinstance(result, CheckpointTaken) else MomentKept(result))
            if isinstance(result, CheckpointTaken) and self.problem is not None and self._metrics is not None:
                self._write_all()
        return kept

    def turned(self) -> None:
        """It is this training's turn again: the time since the last event was the others'."""
        self._resumed_at = time.monotonic()

    def close(self) -> None:
        """Write what is not written yet and close the files; may be called twice."""
        self._moments.close()
        self._checkpoints.close()
        if self._metrics is not None and self._record is not None:
            self._write_all()
            self._metrics.close()
            self._metrics = None

    # ---- the beginning ----------------------------------------------------------------------------

    def _kept(self, event: Started) -> RunRecord | None:
        """The record of the run to go on with, None in a new folder."""
        if not (self.folder / FILE).exists():
            self._refuse_strangers()
            return None
        kept = read_record(self.folder)
        self._refuse_to_undo(kept, event.step)
        self._refuse_others(kept, event)
        return kept

    def _refuse_to_undo(self, kept: RunRecord, step: int) -> None:
        """A run that is further than this step is not begun again, nor gone on with from there."""
        undoes = would_undo(self.folder, step, kept)
        ended = kept.status not in UNDER_WAY and not holds_state(self.folder, step)
        if step == 0 and (undoes or ended):
            raise StudioError(
                "There is a run in this folder already", where=str(self.folder),
                advice="Go on with it, or choose another folder.",
            )  # fmt: skip
        if undoes:
            raise StudioError(
                "This run has gone on elsewhere", where=str(self.folder),
                advice="Open it again to go on from where it is.",
            )  # fmt: skip

    def _refuse_strangers(self) -> None:
        if any(path.name not in (LOCK, OWN_DIGITS) for path in self.folder.iterdir()):
            raise StudioError(
                "This folder holds other files", where=str(self.folder),
                advice="Choose a new or an empty folder for the run.",
            )  # fmt: skip

    def _refuse_others(self, kept: RunRecord, event: Started) -> None:
        same = {"epochs": self.spec.recipe.training.epochs}
        if kept.recipe.with_settings(same) != self.spec.recipe:
            raise StudioError(
                "The run in this folder has other settings", where=str(self.folder),
                advice="Go on with its own recipe, or choose another folder.",
            )  # fmt: skip
        if not _same_digits(kept, event, self.folder, self.spec.dataset):
            raise StudioError(
                f"This run was trained on {kept.dataset_title or kept.dataset}, not on these digits",
                where=str(self.folder), advice="Choose that dataset to go on, or begin a new run.",
            )  # fmt: skip

    def _first_record(self, event: Started) -> RunRecord:
        spec = self.spec
        return RunRecord(
            name=spec.run, title=spec.title or printable(spec.run), recipe=spec.recipe, data=event.data,
            dataset=keep_with(self.folder, spec.dataset), dataset_title=_title(event, spec.dataset),
            seed=spec.recipe.training.seed, device=event.device,
            status="running", created=now(), step=event.step, steps_per_epoch=event.steps_per_epoch,
            epoch=event.step / event.steps_per_epoch, training_images=event.training_images,
            versions=dict(versions()),
        )  # fmt: skip

    def _next_record(self, kept: RunRecord, event: Started, points: tuple[Point, ...]) -> RunRecord:
        """The kept record as it was at the step that is gone on from."""
        return kept.changed(
            dataset=keep_with(self.folder, self.spec.dataset), data=event.data or kept.data,
            recipe=self.spec.recipe, device=event.device, status="running", step=event.step,
            epoch=event.step / event.steps_per_epoch, advice="", evaluation=None, versions=dict(versions()),
            live={point.name: point.value for point in points if isinstance(point, LiveChange)},
            last=last_terms(points),
        )  # fmt: skip

    def _points_before(self, step: int) -> tuple[Point, ...]:
        """The kept points up to the step; a setting moved at that very step may be newer than the state."""
        live = live_settings(self.folder, step)

        def before(point: Point) -> bool:
            moved_since = isinstance(point, LiveChange) and live.get(point.name) != point.value
            return point.step < step or (point.step == step and not moved_since)

        return tuple(filter(before, read_points(self.folder)))

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

    def _take_checkpoint(self, event: CheckpointTaken) -> None:
        snapshot = event.checkpoint.snapshot
        self._change(step=snapshot.step, epoch=snapshot.epoch)
        if event.by_clock:
            self._checkpoints.put(event)
        else:
            self._checkpoint, self._snapshot = event.checkpoint, snapshot
            self._write_all()

    def _take_end(self, event: Ended) -> None:
        status: Status = event.reason
        self._change(status=status, step=event.step, epoch=event.epoch, advice=event.advice)
        if event.last_step > event.step:
            self._change(last=self._last_at(event.step))
        self._write_all()

    def _last_at(self, step: int) -> dict[str, dict[str, float]]:
        """The newest terms by split at a step that is past; {} where they cannot be read."""
        if self._try(self._metrics_file().sync):
            with suppress(StudioError):
                return last_terms(point for point in read_points(self.folder) if point.step <= step)
        return {}

    def _write_if_due(self) -> None:
        moment = time.monotonic()
        if moment - self._written_at["weights"] >= WEIGHTS_SECONDS:
            self._write_all()
        elif moment - self._written_at["record"] >= RECORD_SECONDS:
            self._try(self._write_record)

    def _write_all(self) -> None:
        """Metrics, then checkpoint, then weights, then the record: each whole, whatever happens between."""
        self._written_at["weights"] = time.monotonic()
        writes = (self._metrics_file().sync, self._write_weights, self._write_record)
        if all(self._try(write) for write in writes):
            self.problem = None

    def _write_weights(self) -> None:
        """The checkpoint and its weights; where no state was kept yet, at least weights to look at.

        Between two checkpoints the weights stay as they were: what is shown of a run that was killed is
        what it goes on from.
        """
        assert self._record is not None
        rests = self._checkpoint is not None or self._record.status not in UNDER_WAY
        if self._checkpoint is not None:
            self._checkpoints.forget()  # an older one must not be written over it
            write_checkpoint(self.folder, self._checkpoint)
            self._checkpoint, self._state_kept = None, True
        if self._snapshot is not None and (rests or not self._state_kept):
            write_snapshot(self.folder, self._snapshot)
            self._snapshot = None

    def _write_record(self) -> None:
        assert self._record is not None
        with WRITING:
            # The title may have been changed by the window meanwhile.
            with suppress(StudioError):
                self._change(title=read_record(self.folder).title)
            write_record(self.folder, self._record)
        self._written_at["record"] = time.monotonic()

    def _try(self, write: Callable[..., None], *arguments: Any) -> bool:
        """Whether writing went well; the training goes on in any case."""
        try:
            write(*arguments)
        except StudioError as problem:
            self._remember(problem)
            return False
        return True

    def _remember(self, problem: StudioError) -> None:
        news = self.problem is None
        self.problem = StudioError(
            f"The newest state of this run is not kept ({problem.what})", where=str(self.folder),
            advice="Make room or give permission: writing is tried again as long as the training goes on.",
        )  # fmt: skip
        if news and self._on_problem is not None:
            self._on_problem(self.problem)

    def _change(self, **values: Any) -> None:
        assert self._record is not None
        self._record = self._record.changed(**values)

    def _metrics_file(self) -> MetricsFile:
        assert self._metrics is not None
        return self._metrics


def _same_digits(kept: RunRecord, event: Started, folder: Path, origin: str) -> bool:
    """Whether the digits at hand are those of the run, wherever they were found this time."""
    if kept.data is not None and event.data is not None:
        return not kept.data.difference(event.data)
    counted = kept.training_images in (0, event.training_images)
    return counted and same_dataset(origin_of(kept, folder), origin)


def _title(event: Started, origin: str) -> str:
    return title_of(origin) if event.data is None else event.data.title


def last_terms(points: Iterable[Point]) -> dict[str, dict[str, float]]:
    """The newest terms by split."""
    return {point.split: dict(point.terms) for point in points if isinstance(point, MetricPoint)}


def same_dataset(one: str, other: str) -> bool:
    """Whether two origins, names or paths, mean the same data."""
    return one == other or Path(one).resolve() == Path(other).resolve()


def title_of(dataset: str) -> str:
    """What people call the dataset of this origin."""
    titles = {name: title for name, title, _ in dataset_menu()}
    return titles.get(dataset) or printable(Path(dataset).name or dataset)
