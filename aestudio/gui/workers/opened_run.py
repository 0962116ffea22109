"""A kept run, read from its folder on a task's thread, with all that the window shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.gui.state.series import Series
from aestudio.gui.state.subject import home_of
from aestudio.runs.view_file import read_view
from aestudio.training.events import LiveChange, MetricPoint

if TYPE_CHECKING:
    from aestudio.errors import StudioError
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.metrics_file import Point
    from aestudio.runs.model_preview import ModelPreview
    from aestudio.runs.view_file import KeptView
    from aestudio.training.checkpoint_history import HistoryCheckpoint
    from aestudio.training.events import Checkpoint, Snapshot


@dataclass(frozen=True, eq=False)
class OpenedRun:
    """A run read from its folder.

    checkpoint:  the newest complete one, to resume from; None if there is none
    newer_problem: why newer ones cannot be read
    weights_problem: why the weights are those of a checkpoint, None if they are from their own file
    changes:     of its settings while it was trained; code_uses: validations with the use of the code
    view:        what the user had set up in it; None if nothing was kept
    """

    run: KeptRun
    snapshot: Snapshot
    checkpoint: Checkpoint | None
    training: Series
    validation: Series
    preview: ModelPreview | None
    history_checkpoints: tuple[HistoryCheckpoint, ...] = ()
    parent: Series = field(default_factory=Series)
    newer_problem: StudioError | None = None
    weights_problem: StudioError | None = None
    changes: tuple[LiveChange, ...] = ()
    code_uses: tuple[MetricPoint, ...] = ()
    view: KeptView | None = None


def read_run(wanted: str | KeptRun) -> OpenedRun:
    """Read a run, by name, folder or entry of the list; raises BadChoice, StudioError."""
    run = _find(wanted)
    if run.preview is not None:  # read here, on the task's thread, and kept by the run
        _ = run.preview.sample.plainest
    newest = run.newest_state()
    points = run.points()
    by_split = {split: _series(points, split) for split in ("training", "validation")}
    problems: list[StudioError] = []
    snapshot = replace(run.snapshot(problems.append), home=home_of(run.name, run.folder))
    return OpenedRun(
        run,
        snapshot,
        None if run.imported is not None and run.imported.newer else newest.checkpoint,
        by_split["training"],
        by_split["validation"],
        run.preview,
        run.history_checkpoints(),
        parent=_parent_of(run),
        newer_problem=newest.newer_problem,
        weights_problem=problems[0] if problems else None,
        changes=tuple(point for point in points if isinstance(point, LiveChange)),
        code_uses=tuple(p for p in points if isinstance(p, MetricPoint) and p.code_use is not None),
        view=None if run.shipped else read_view(run.folder),
    )


def read_run_until(run: KeptRun, step: int) -> OpenedRun:
    """A run as it was at a step that its history has: nothing later is told of it. Raises StudioError.

    It cannot be resumed: what came after the step is in its folder.
    """
    record = run.require_record()
    points = tuple(point for point in run.points() if point.step <= step)
    epoch = step / max(1, record.steps_per_epoch)
    then = record.changed(status="stopped", step=step, epoch=epoch, evaluation=None, latent=None)
    snapshot = replace(run.history_weights(step), home=home_of(run.name, run.folder))
    return OpenedRun(
        replace(run, record=then),
        snapshot,
        None,
        _series(points, "training"),
        _series(points, "validation"),
        None,
        tuple(one for one in run.history_checkpoints() if one.step <= step),
        changes=tuple(point for point in points if isinstance(point, LiveChange)),
        code_uses=tuple(p for p in points if isinstance(p, MetricPoint) and p.code_use is not None),
    )


def _find(wanted: str | KeptRun) -> KeptRun:
    """The run as its files are now. An entry of the list is that run, whatever else has its name."""
    from aestudio.errors import BadChoice
    from aestudio.runs.index import find_run
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.missing_run import can_be_restored, check_there, missing_run

    if isinstance(wanted, str):
        try:
            return find_run(wanted)
        except BadChoice:
            path = Path(wanted)
            if path.is_absolute() or can_be_restored(path.name):
                raise missing_run(wanted, path.name) from None
            raise
    check_there(wanted.folder)
    run = KeptRun.at(wanted.folder, wanted.shipped)
    run.require_record()
    return run


def _series(points: tuple[Point, ...], split: str, after: int = -1) -> Series:
    selected = [p for p in points if isinstance(p, MetricPoint) and p.split == split and p.step > after]
    return Series().with_points(selected)


def _parent_of(run: KeptRun) -> Series:
    """Training points of the parent run after the branch; empty if they are gone."""
    from aestudio.errors import StudioError
    from aestudio.runs.metrics_file import read_points

    origin = run.require_record().branched_from
    if origin is None:
        return Series()
    try:
        return _series(read_points(run.folder.parent / origin.run), "training", origin.step)
    except StudioError:
        return Series()
