"""A new run that branches off a kept one at a checkpoint, with changed settings."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.branching import branchable, branched
from aestudio.runs.data_record import copy_data_record
from aestudio.runs.first_record import last_terms
from aestudio.runs.history_files import link_history
from aestudio.runs.import_note import refuse_newer
from aestudio.runs.index import new_run_folder
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.metrics_file import rewrite
from aestudio.runs.run_dataset import keep_with
from aestudio.runs.run_record import BranchedFrom, now, versions, write_record
from aestudio.runs.weights_file import write_checkpoint, write_snapshot
from aestudio.sabotage.sabotage import sabotage_of_counters
from aestudio.sabotage.sabotage_list import marked
from aestudio.storage.os_errors import writing
from aestudio.training.divergence import reset_counters
from aestudio.training.events import LiveChange, MetricPoint
from aestudio.training.phase_divergence import phase_prefixes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.metrics_file import Point
    from aestudio.runs.run_record import RunRecord
    from aestudio.training.events import Checkpoint


def branch_run(run: KeptRun, step: int, changes: Mapping[str, Any], folder: Path | None = None) -> KeptRun:
    """A new run, stopped at a checkpoint of another run; `resume` continues it.

    Without changes it continues bit for bit like the other run. Its curves and its history begin with those
    of the other run up to this step; its record names the other run. A live setting changes as if the user
    had changed it at this step.

    folder: the folder of kept runs; None for the user's own
    Raises BadChoice for an impossible change, StudioError if the checkpoint or the folder cannot be used, and
    for a run of a newer version, which is only looked at.
    """
    refuse_newer(run.imported, run.name)
    recipe = branched(run.recipe, changes, run.require_record().shape)
    last = recipe.training.epochs * run.require_record().steps_per_epoch
    if step >= last:
        least = math.floor(step / max(1, run.require_record().steps_per_epoch)) + 1
        raise BadChoice("epochs", recipe.training.epochs, f"from {least}: at this step the training is over")
    checkpoint = run.history_checkpoint(step)
    _require_same_weights(run, recipe, checkpoint, changes)
    target = new_run_folder(recipe, folder)
    try:
        _write(run, target, recipe, _changed(checkpoint, target.name, recipe, changes), dict(changes))
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return KeptRun.at(target)


def _require_same_weights(
    run: KeptRun, recipe: Recipe, checkpoint: Checkpoint, changes: Mapping[str, Any]
) -> None:
    """Raises BadChoice if the changed recipe's model has other weights or buffers than the checkpoint.

    Layers were compared before; what a module keeps besides them, a codebook, only the model itself shows.
    """
    from aestudio.training.model import build_model

    if not changes:
        return
    shape = run.require_record().shape
    state = build_model(Architecture(recipe, shape)).state_dict()
    shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    if shapes != {name: array.shape for name, array in checkpoint.snapshot.weights.items()}:
        fits = ", ".join(info.name for info in branchable(recipe, shape) if info.name not in changes)
        raise BadChoice("setting of a branch", next(iter(changes)), fits)


def _changed(checkpoint: Checkpoint, name: str, recipe: Recipe, changes: Mapping[str, Any]) -> Checkpoint:
    snapshot = replace(checkpoint.snapshot, run=name, recipe=recipe)
    best = checkpoint.best and replace(checkpoint.best, run=name, recipe=recipe)
    changed = {setting: float(changes[setting]) for setting in changes if setting in checkpoint.live}
    live = dict(checkpoint.live) | changed
    counters = dict(checkpoint.counters)
    if any(setting in _objective(recipe) for setting in changes):
        # The loss has changed: earlier values are not comparable and must not be averaged into its points.
        counters = {key: value for key, value in counters.items() if not key.startswith(("sum/", "count/"))}
        counters |= {"steps_summed": 0}
        for phase in phase_prefixes(recipe.objective.phases()):
            # A phase that only the branch has begins without any loss.
            counters = {f"{phase}last_loss": math.nan} | counters
            counters |= {f"{phase}{name}": value for name, value in reset_counters(counters["step"]).items()}
        best = None
    return replace(checkpoint, snapshot=snapshot, best=best, live=live, counters=counters)


def _objective(recipe: Recipe) -> set[str]:
    return {info.name for info in recipe.settings()["objective"]}


def _write(run: KeptRun, folder: Path, recipe: Recipe, state: Checkpoint, changes: dict[str, Any]) -> None:
    step = int(state.counters["step"])
    points = _points(run, step, recipe, state, changes)
    with writing(folder):
        rewrite(folder, points)
        link_history(run.folder, folder, step)
        keep_with(folder, run.origin)
        copy_data_record(run.folder, folder)
        write_checkpoint(folder, state)
        write_snapshot(folder, state.snapshot)
        write_record(folder, _record(run, folder.name, recipe, state, points, changes))


def _points(
    run: KeptRun, step: int, recipe: Recipe, state: Checkpoint, changes: dict[str, Any]
) -> list[Point]:
    """The other run's points up to the step, with a gap for each loss term that only the branch has."""
    known = {term.name for term in run.recipe.objective.terms()}
    gaps = {term.name: math.nan for term in recipe.objective.terms() if term.name not in known}
    points: list[Point] = [
        replace(point, terms=gaps | dict(point.terms)) if isinstance(point, MetricPoint) else point
        for point in run.points()
        if point.step <= step
    ]
    changed = [name for name in changes if name in state.live]
    return [*points, *(LiveChange(step, name, state.live[name]) for name in changed)]


def _record(
    run: KeptRun, name: str, recipe: Recipe, state: Checkpoint, points: list[Point], changes: dict[str, Any]
) -> RunRecord:
    old, step = run.require_record(), int(state.counters["step"])
    return old.changed(
        name=name,
        title=_title(run, step, recipe, changes),
        recipe=recipe,
        seed=recipe.training.seed,
        status="stopped",
        created=now(),
        seconds=0.0,
        step=step,
        epoch=step / max(1, old.steps_per_epoch),
        live={point.name: point.value for point in points if isinstance(point, LiveChange)},
        last=last_terms(points, recipe.objective),
        advice="",
        evaluation=None,
        resumed=0,
        versions=dict(versions()),
        sabotage=sabotage_of_counters(state.counters),
        branched_from=BranchedFrom(run=run.name, step=step, changes=changes),
    )


def _title(run: KeptRun, step: int, recipe: Recipe, changes: dict[str, Any]) -> str:
    """Its title: "Title of the run, β 4 from step 1,234"."""
    own = run.unmarked_title
    if run.sabotage:  # a title that the user took over with its mark; the branch may be a repaired run
        own = own.removeprefix(marked("", run.sabotage)).strip()
    title = run.require_record().recipe.title if own == run.name else own
    changed = ", ".join(f"{recipe.info(name).title} {_text(value)}" for name, value in changes.items())
    return f"{title}, {changed or 'the same'} from step {step:,}"


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
