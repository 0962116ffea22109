"""What a list shows of a run: made from its files, or kept in the index of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aestudio.recipes.run_titles import run_title
from aestudio.runs.best_validation import BestValidation, best_validation
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.run_size import size_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.run_record import RunRecord, Status

_MOST_CACHED = 5_000


@dataclass(frozen=True)
class ListFacts:
    """What is shown of a run whose record can be read.

    title:   the name that it began with; name: the same, but of a run of an earlier version what was changed
    status:  as its writer left it
    recipe, dataset: their titles
    best:    the best validation of the first phase's loss; no value without validation images
    epochs:  trained; planned: of the recipe
    latent_size, beta: the newest values; None if they have no effect
    size:    bytes on the disk
    sabotage: under which it was trained, "" for none
    """

    title: str
    name: str
    status: Status
    created: datetime
    recipe: str
    dataset: str
    best: BestValidation
    epochs: float
    planned: int
    latent_size: int | None
    beta: float | None
    seed: int
    size: int
    sabotage: str = ""


def facts_of(run: KeptRun, record: RunRecord) -> ListFacts:
    """The facts of a run as its files are now. record: its own"""
    name, best = _read_from_files(run, record)
    return ListFacts(
        title=run.first_title,
        name=name,
        status=record.status,
        created=record.created,
        recipe=record.recipe.title,
        dataset=record.dataset_title or record.dataset,
        best=best,
        epochs=record.epoch,
        planned=record.recipe.training.epochs,
        latent_size=_setting(record, "latent_size"),
        beta=_setting(record, "beta"),
        seed=record.seed,
        size=size_of(run.folder),
        sabotage=run.sabotage,
    )


def _setting(record: RunRecord, name: str) -> Any:
    """The newest value of a setting; None if the recipe has none, or it has no effect."""
    recipe = record.recipe
    for rows in recipe.settings().values():
        for info in rows:
            if info.name == name:
                return record.live.get(name, recipe.value(name)) if recipe.has_effect(info) else None
    return None


_Stamp = tuple[tuple[int, ...] | None, ...]
_cache: dict[Path, tuple[_Stamp, str, BestValidation]] = {}


def _read_from_files(run: KeptRun, record: RunRecord) -> tuple[str, BestValidation]:
    """Name and best validation; kept until run.json or metrics.jsonl changes."""
    if run.shipped:
        return run.first_title, best_validation(run)
    stamp = (_stamp(run.folder / RECORD), _stamp(run.folder / METRICS))
    cached = _cache.get(run.folder)
    if cached is None or cached[0] != stamp:
        if len(_cache) >= _MOST_CACHED:
            _cache.clear()
        cached = stamp, _begun_with(run, record), best_validation(run)
        _cache[run.folder] = cached
    return cached[1:]


def _begun_with(run: KeptRun, record: RunRecord) -> str:
    """The name without the user's: runs of earlier versions were called like their folders."""
    return run.first_title if record.title != record.name else run_title(record.recipe)


def _stamp(path: Path) -> tuple[int, ...] | None:
    """Changes whenever a file is written, also by a program that puts its time back."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size
