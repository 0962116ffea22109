"""Tries: trainings of less than one epoch that mean nothing to anybody, so that the next may replace them.

A run is kept as soon as there is any sign that it may be wanted. The replaced one goes to the trash folder,
as if the user had removed it: it can be restored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError, ignore_problem
from aestudio.recipes.run_titles import run_title
from aestudio.runs.data_record import FILE as DATA
from aestudio.runs.disk_space import RESERVE
from aestudio.runs.history_files import FOLDER as HISTORY
from aestudio.runs.history_files import history_files
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.labels_file import FILE as LABELS
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.metrics_file import read_points
from aestudio.runs.newest_state import state_files
from aestudio.runs.removed_runs import remove, removed_run
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.shared_list import LOCK as LISTS_LOCK
from aestudio.runs.view_file import FILE as VIEW
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS
from aestudio.storage.lock import FILE as WRITER_LOCK
from aestudio.storage.lock import has_writer
from aestudio.storage.os_errors import reading
from aestudio.storage.temporary import leftovers
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from aestudio.errors import OnProblem
    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.runs.run_record import RunRecord

# What a training itself writes. Everything else in the folder is somebody's: bookmarks, drawings, pictures.
_OF_A_TRAINING = {
    RECORD,
    DATA,
    METRICS,
    CHECKPOINT,
    WEIGHTS,
    HISTORY,
    LABELS,
    VIEW,
    WRITER_LOCK,
    LISTS_LOCK,
    RESERVE,
}


def replace_tries(
    folders: Iterable[Path], new: Path, on_problem: OnProblem = ignore_problem
) -> list[RemovedRun]:
    """Move those of these runs that are nothing but tries to the trash folder; returns them.

    folders: of runs that were made before, and that nobody is shown any more
    new:     the folder of the run that replaces them, which has begun; others than beside it stay
    """
    replaced: list[RemovedRun] = []
    for folder in folders:
        if folder == new or folder.parent != new.parent or not folder.is_dir() or folder.is_symlink():
            continue
        try:
            with reading(folder):  # whatever happens to the old run, the new one goes on
                run = KeptRun.at(folder)
                if not reason_to_keep(run):
                    where = remove(run, on_problem)
                    replaced.append(removed_run(where))
        except StudioError as problem:
            on_problem(problem)
    return replaced


def reason_to_keep(run: KeptRun, others: Sequence[KeptRun] | None = None) -> str:
    """Why a run is more than a try, or "" if the next one may replace it.

    others: runs that may have branched from it; None for those beside it
    """
    record = run.record
    if run.shipped:
        return "it came with the program"
    if record is None:
        return "it cannot be read"
    if has_writer(run.folder):
        return "it is being trained"
    if record.status not in ("stopped", "diverged"):
        return "it was not stopped by the user"
    if _epochs_reached(run, record) >= 1:
        return "it was trained for an epoch"
    if record.resumed:
        return "it was resumed"
    if record.branched_from is not None:
        return "it is a branch"
    return _mark_of_the_user(run, record) or _use_elsewhere(run, others)


def _mark_of_the_user(run: KeptRun, record: RunRecord) -> str:
    """What the user, or the part of the program that began it, gave to the run."""
    if run.labels_problem is not None:
        return "its name, note and tags cannot be read"
    if run.labels.title is not None or record.title not in (record.name, run_title(record.recipe)):
        return "it has a name"
    if run.note or run.tags:
        return "it has a note or tags"
    if record.evaluation is not None:
        return "it was measured"
    temporary = {path.name for path, _ in leftovers(run.folder)}
    known = _OF_A_TRAINING | temporary
    if any(path.name not in known for path in run.folder.iterdir()):
        return "its folder holds something of the user"
    return ""


def _use_elsewhere(run: KeptRun, others: Sequence[KeptRun] | None) -> str:
    """Whether another run came from it; both may share files of the history."""
    for other in kept_runs(run.folder.parent) if others is None else others:
        origin = None if other.record is None else other.record.branched_from
        if origin is not None and origin.run == run.name:
            return "another run has branched from it"
    if any(path.stat().st_nlink > 1 for _, path in history_files(run.folder)):
        return "another run shares its history"
    return ""


def _epochs_reached(run: KeptRun, record: RunRecord) -> float:
    """The farthest that it was trained: after a divergence the record is of an earlier step."""
    points = [point.epoch for point in read_points(run.folder) if isinstance(point, MetricPoint)]
    steps = [file.step for file in state_files(run.folder) if file.step is not None]
    if not record.steps_per_epoch:
        return float("inf")  # unknown
    return max([record.epoch, *points, *(step / record.steps_per_epoch for step in steps)])
