"""Makes the histories of kept runs smaller, while no training writes into them."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError
from aestudio.progress import silent
from aestudio.runs.history_files import history_files
from aestudio.runs.index import kept_runs
from aestudio.runs.run_size import size_of
from aestudio.runs.weights_file import weights_step
from aestudio.storage.lock import RunLock, has_writer
from aestudio.storage.os_errors import writing
from aestudio.training.checkpoint_history import MEGABYTE, CheckpointHistory, HistoryCheckpoint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun

LIMIT = 64 * MEGABYTE  # of a whole run, as new runs keep to


@dataclass(frozen=True)
class Thinned:
    """What was removed from one history. steps: of the removed checkpoints, in order; freed: in bytes."""

    steps: tuple[int, ...] = ()
    freed: int = 0


@dataclass(frozen=True)
class ThinnedRuns:
    """What was removed from several. problems: why single runs stayed as they are."""

    runs: Mapping[str, Thinned] = field(default_factory=dict[str, Thinned])
    problems: tuple[StudioError, ...] = ()

    @property
    def freed(self) -> int:
        """Bytes that were freed."""
        return sum(one.freed for one in self.runs.values())


def thin_history(
    run: KeptRun,
    limit: int = LIMIT,
    progress: Progress = silent,
    runs: Sequence[KeptRun] | None = None,
) -> Thinned:
    """Remove checkpoints of the history until the whole run takes at most `limit` bytes.

    Those whose neighbours are nearest go, as during the training. What stays whatever the limit: the first
    and the last, the newest state and the shown weights, steps at which a branch begins, and files that are
    shared with another run, whose removal frees nothing.

    runs: where branches are looked for; None for those beside this one
    Raises StudioError for a shipped model, a damaged run, and one that another window or process trains;
    Cancelled from `progress` leaves the checkpoints that were not removed yet.
    """
    if run.shipped:
        raise StudioError("A shipped model has no history", where=run.name)
    if limit < 0:
        raise BadChoice("limit", limit, "bytes from 0")
    with closing(_Held(run.folder)):
        history, gone = _plan(run, limit, runs)
        return _remove(run.folder, history, gone, progress)


def thin_histories(runs: Sequence[KeptRun], limit: int = LIMIT, progress: Progress = silent) -> ThinnedRuns:
    """Thin the history of each run; those that cannot be thinned now, such as a running one, stay.

    What was done until `progress` raised Cancelled is done. Shipped models are left out.
    """
    thinned: dict[str, Thinned] = {}
    problems: list[StudioError] = []
    own = [run for run in runs if not run.shipped]
    beside = {folder: kept_runs(folder) for folder in {run.folder.parent for run in own}}
    for number, run in enumerate(own):
        progress(number, len(own), "Thinning histories")
        try:
            part = _as_part(progress, number, len(own))
            result = thin_history(run, limit, part, beside[run.folder.parent])
        except StudioError as problem:
            problems.append(problem)
        else:
            if result.steps:
                thinned[run.name] = result
    return ThinnedRuns(thinned, tuple(problems))


def plan_thinning(runs: Sequence[KeptRun], limit: int = LIMIT, progress: Progress = silent) -> ThinnedRuns:
    """What `thin_histories` would remove now; nothing is changed.

    Left out: shipped models, runs that are being trained, and those that cannot be read, with their problem.
    """
    planned: dict[str, Thinned] = {}
    problems: list[StudioError] = []
    own = [run for run in runs if not run.shipped and not has_writer(run.folder)]
    beside = {folder: kept_runs(folder) for folder in {run.folder.parent for run in own}}
    for number, run in enumerate(own):
        progress(number, len(own), "Measuring histories")
        try:
            history, gone = _plan(run, limit, beside[run.folder.parent])
        except StudioError as problem:
            problems.append(problem)
            continue
        if gone:
            sizes = {checkpoint.step: checkpoint.size for checkpoint in history.history_checkpoints}
            planned[run.name] = Thinned(tuple(sorted(gone)), sum(sizes[step] for step in gone))
    return ThinnedRuns(planned, tuple(problems))


def _plan(run: KeptRun, limit: int, runs: Sequence[KeptRun] | None) -> tuple[CheckpointHistory, list[int]]:
    """The history of a run as it is now, and the steps that would go."""
    run.require_record()
    history = _history_on_disk(run.folder)
    target = limit - (size_of(run.folder) - history.size)
    if history.size <= target:
        return history, []  # without reading the states of a run that is small enough
    keep = _steps_that_stay(run, history, kept_runs(run.folder.parent) if runs is None else runs)
    return history, _steps_to_remove(history, keep, target)


class _Held:
    """The lock of a run's writer, so that no training begins meanwhile; a run without history needs none."""

    def __init__(self, folder: Path) -> None:
        self._lock = RunLock(folder) if history_files(folder) else None

    def close(self) -> None:
        if self._lock is not None:
            self._lock.release()


def _as_part(progress: Progress, number: int, count: int) -> Progress:
    """Passes a run's progress on as that of all runs, so that cancelling works between two files."""

    def report(done: float, total: float | None, what: str) -> None:
        progress(number + done / (total or 1), count, what)

    return report


def _history_on_disk(folder: Path) -> CheckpointHistory:
    """The history with the sizes of its files, whether they can be read or not."""
    found: list[HistoryCheckpoint] = []
    for step, path in sorted(history_files(folder)):
        with suppress(OSError):
            found.append(HistoryCheckpoint(step, 0.0, path.stat().st_size))
    return CheckpointHistory(tuple(found))


def _steps_that_stay(run: KeptRun, history: CheckpointHistory, runs: Sequence[KeptRun]) -> set[int]:
    steps = [checkpoint.step for checkpoint in history.history_checkpoints]
    keep = {*steps[:1], *steps[-1:]}
    for other in runs:
        origin = None if other.record is None else other.record.branched_from
        if origin is not None and origin.run == run.name:
            keep.add(origin.step)
    sabotage = run.require_record().sabotage
    if sabotage is not None:  # the run is repaired from it
        keep.add(sabotage.step)
    for step, path in history_files(run.folder):
        with suppress(OSError):
            if path.stat().st_nlink > 1:
                keep.add(step)
    shown = weights_step(run.folder)
    return keep | {run.newest_state().step} | (set() if shown is None else {shown})


def _steps_to_remove(history: CheckpointHistory, keep: Collection[int], target: int) -> list[int]:
    """The steps in the order in which they go: the least useful first."""
    gone: list[int] = []
    while history.size > target:
        after = history.history_checkpoints[-1].step + 1 if history.history_checkpoints else 0
        thinned = history.thinned(after, keep)
        if thinned is history:
            break
        left = {checkpoint.step for checkpoint in thinned.history_checkpoints}
        gone += [one.step for one in history.history_checkpoints if one.step not in left]
        history = thinned
    return gone


def _remove(folder: Path, history: CheckpointHistory, gone: Sequence[int], progress: Progress) -> Thinned:
    sizes = {checkpoint.step: checkpoint.size for checkpoint in history.history_checkpoints}
    paths = dict(history_files(folder))
    for number, step in enumerate(gone):
        progress(number, len(gone), "Thinning histories")
        with writing(paths[step]):
            paths[step].unlink(missing_ok=True)
    return Thinned(tuple(sorted(gone)), sum(sizes[step] for step in gone))
