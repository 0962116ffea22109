"""The first record of a training: a new one, or the kept one at the step from which the run resumes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.datasets.catalogue import dataset_menu
from aestudio.errors import StudioError
from aestudio.printable import printable
from aestudio.runs.history_files import remove_leftovers
from aestudio.runs.metrics_file import read_points
from aestudio.runs.newest_state import holds_state, live_settings, move_aside, would_undo
from aestudio.runs.run_dataset import keep_with, origin_of
from aestudio.runs.run_record import FILE, UNDER_WAY, RunRecord, now, read_record, versions
from aestudio.training.events import LiveChange, MetricPoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aestudio.recipes.objective import Objective
    from aestudio.runs.locked_folder import LockedFolder
    from aestudio.runs.metrics_file import Point
    from aestudio.training.events import Started
    from aestudio.training.spec import RunSpec


@dataclass(frozen=True)
class RunStart:
    """Record and points at the first step of this training session. new: whether the folder was empty."""

    record: RunRecord
    points: tuple[Point, ...] = ()
    new: bool = True


def begin_run(spec: RunSpec, locked: LockedFolder, event: Started) -> RunStart:
    """The record and points that the run begins with; files newer than its first step are moved aside.

    Raises StudioError if the folder holds other files, another run, or this one at a later step.
    """
    folder = locked.path
    remove_leftovers(folder)  # of a training that was killed, also before its first record was whole
    if not (folder / FILE).exists():
        locked.require_empty()
        return RunStart(_first_record(spec, folder, event))
    kept = read_record(folder)
    _require_newest(kept, folder, event.step)
    _require_same_run(kept, spec, folder, event)
    points = _points_before(folder, event.step)
    move_aside(folder, event.step)
    return RunStart(_next_record(kept, spec, folder, event, points), points, new=False)


def _require_newest(kept: RunRecord, folder: Path, step: int) -> None:
    """Raises StudioError if the run in the folder is further than this step."""
    undoes = would_undo(folder, step, kept)
    ended = kept.status not in UNDER_WAY and not holds_state(folder, step)
    if step == 0 and (undoes or ended):
        raise StudioError(
            "This folder already holds a run",
            where=str(folder),
            advice="Resume it, or choose another folder.",
        )
    if undoes:
        raise StudioError(
            "This run was continued elsewhere",
            where=str(folder),
            advice="Open it again to resume it from its newest step.",
        )


def _require_same_run(kept: RunRecord, spec: RunSpec, folder: Path, event: Started) -> None:
    same = {"epochs": spec.recipe.training.epochs}
    if kept.recipe.with_settings(same) != spec.recipe:
        raise StudioError(
            "The run in this folder has other settings",
            where=str(folder),
            advice="Resume it with its own recipe, or choose another folder.",
        )
    if not _same_images(kept, event, folder, spec.dataset):
        raise StudioError(
            f"This run was trained on {kept.dataset_title or kept.dataset}, not on these images",
            where=str(folder),
            advice="Choose that data set to resume it, or start a new run.",
        )


def _first_record(spec: RunSpec, folder: Path, event: Started) -> RunRecord:
    return RunRecord(
        name=spec.run,
        title=spec.title or printable(spec.run),
        recipe=spec.recipe,
        data=event.data,
        dataset=keep_with(folder, spec.dataset),
        dataset_title=_title(event, spec.dataset),
        seed=spec.recipe.training.seed,
        device=event.device,
        precision=event.precision,
        status="running",
        created=now(),
        step=event.step,
        steps_per_epoch=event.steps_per_epoch,
        epoch=event.step / event.steps_per_epoch,
        training_images=event.training_images,
        versions=dict(versions()),
    )


def _next_record(
    kept: RunRecord, spec: RunSpec, folder: Path, event: Started, points: Sequence[Point]
) -> RunRecord:
    """The kept record at the step from which the run resumes."""
    return kept.changed(
        dataset=keep_with(folder, spec.dataset),
        data=event.data or kept.data,
        recipe=spec.recipe,
        device=event.device,
        precision=event.precision,
        status="running",
        step=event.step,
        epoch=event.step / event.steps_per_epoch,
        advice="",
        evaluation=None,
        versions=dict(versions()),
        live={point.name: point.value for point in points if isinstance(point, LiveChange)},
        last=last_terms(points, spec.recipe.objective),
        resumed=kept.resumed + 1,
        sabotage=event.sabotage,
    )


def _points_before(folder: Path, step: int) -> tuple[Point, ...]:
    """The kept points up to the step; a setting changed at this step may be newer than the checkpoint."""
    live = live_settings(folder, step)

    def before(point: Point) -> bool:
        changed_since = isinstance(point, LiveChange) and live.get(point.name) != point.value
        return point.step < step or (point.step == step and not changed_since)

    return tuple(filter(before, read_points(folder)))


def _same_images(kept: RunRecord, event: Started, folder: Path, origin: str) -> bool:
    """Whether the loaded images are those of the run, also if they come from another path."""
    if kept.data is not None and event.data is not None:
        return not kept.data.difference(event.data)
    counted = kept.training_images in (0, event.training_images)
    return counted and same_dataset(origin_of(kept, folder), origin)


def _title(event: Started, origin: str) -> str:
    return title_of(origin) if event.data is None else event.data.title


def last_terms(points: Iterable[Point], objective: Objective) -> dict[str, dict[str, float]]:
    """The newest value of each of the objective's terms, by split."""
    last: dict[str, dict[str, float]] = {}
    for point in points:
        if isinstance(point, MetricPoint):
            last[point.split] = newest_terms(last.get(point.split, {}), point, objective)
    return last


def newest_terms(before: Mapping[str, float], point: MetricPoint, objective: Objective) -> dict[str, float]:
    """The terms of a point, and those before of phases that were not executed in its steps."""
    known = {term.name for term in objective.terms()}
    missing = known - point.terms.keys()
    return {**point.terms, **{name: value for name, value in before.items() if name in missing}}


def same_dataset(one: str, other: str) -> bool:
    """Whether two origins, names or paths, mean the same data."""
    return one == other or Path(one).resolve() == Path(other).resolve()


def title_of(dataset: str) -> str:
    """The title of the data set of this origin."""
    titles = {name: title for name, title, _ in dataset_menu()}
    return titles.get(dataset) or Path(dataset).name or dataset
