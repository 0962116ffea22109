"""Carries out a sweep: its runs side by side in processes, until each has a result.

The processes are those of concurrent.futures. joblib.Parallel was tried first, and hung for ever when a
process was killed: the next run is given out by the callback of a result, and that met a pool that had just
been closed. What the pool does not do is here. A process that dies takes the work of the others with it;
those runs that had begun are then continued where they were, one at a time, and one whose process dies again
has failed.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

from aestudio.errors import Cancelled
from aestudio.memory import available_memory
from aestudio.paths import runs_folder
from aestudio.progress import go_on
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.memory_estimate import memory_needed
from aestudio.runs.labels_file import LONGEST_TAG
from aestudio.runs.run_record import FILE as RECORD
from aestudio.storage.lock import locked
from aestudio.storage.os_errors import is_there
from aestudio.sweeps.cluster import on_cluster
from aestudio.sweeps.sweep_folder import TrialResult, add_result, allow_to_go_on, ask_to_stop, read_results
from aestudio.sweeps.trial_run import POLL_SECONDS, TrialTask, begin_process, run_trial

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from aestudio.datasets.image_shape import DataShape
    from aestudio.sweeps.plan import SweepPlan, Trial

LOCK = "sweep.lock"
_SHARE_OF_MEMORY = 0.8
_DIED = (
    "Its process was ended twice, by the system or by someone. If the memory was not enough: give --jobs 1, "
    "or fewer values that make the model large."
)


@dataclass(frozen=True)
class Pool:
    """How the runs are carried out.

    jobs:  how many at a time; check: called several times a second, may raise Cancelled
    gentle: whether all else on this machine goes first, as a window that is used meanwhile
    scheduler: the address of a dask scheduler whose workers carry them out; "" for processes here
    """

    jobs: int
    check: Callable[[], None] = go_on
    gentle: bool = False
    scheduler: str = ""


def run_sweep(
    plan: SweepPlan, folder: Path, pool: Pool, data_dir: Path | None = None
) -> Generator[TrialResult, None, None]:
    """Carry out what of the sweep has no result yet; yields each result as it comes, in no certain order.

    To stop, call `sweep_folder.ask_to_stop`: the runs that are under way stop after their step, and every run
    without a result is yielded as stopped. Closing the generator, or Cancelled from `pool.check`, does the
    same, and waits for them.

    Raises StudioError if the sweep is carried out elsewhere now, or its results cannot be written.
    """
    with locked(folder / LOCK, seconds=0.5):
        allow_to_go_on(folder)
        known = read_results(folder)
        waiting = {
            trial.number: task_of(plan, trial, folder, data_dir)
            for trial in plan.trials
            if trial.number not in known or known[trial.number].stopped
        }
        if pool.scheduler and waiting:
            tasks = list(waiting.values())
            with closing(on_cluster(tasks, pool.scheduler, plan.facts, folder, pool.check)) as results:
                for result in results:
                    yield _written(result, waiting, folder)
        else:
            yield from _all(waiting, pool, folder)


def task_of(plan: SweepPlan, trial: Trial, folder: Path, data_dir: Path | None) -> TrialTask:
    """What a process is told to carry out one run."""
    recipe = plan.recipe_of(trial)
    part = f", fold {trial.fold} of {plan.folds}" if trial.fold else ""
    again = f", draw {trial.repeat}" if plan.repeats > 1 else ""
    return TrialTask(
        trial.number,
        plan.run_name(trial),
        f"{plan.recipe.title}, {plan.title_of(trial.settings)}{part}{again}",
        recipe.model_dump_json(),
        plan.origin,
        None if data_dir is None else str(data_dir),
        plan.device,
        str(folder),
        run_tag(plan.name),
    )


def run_tag(name: str) -> str:
    """The tag of a sweep's runs, by which the list of runs finds them: its name as a tag may have it."""
    return " ".join(name.replace(",", " ").split())[:LONGEST_TAG].strip()


def _all(waiting: dict[int, TrialTask], pool: Pool, folder: Path) -> Generator[TrialResult, None, None]:
    """Every result, whatever processes die; each is written before it is yielded."""
    fruitless = False
    while waiting:
        before = len(waiting)
        try:
            for result in _side_by_side(list(waiting.values()), pool, folder):
                yield _written(result, waiting, folder)
        except BrokenProcessPool:
            begun = [task for task in waiting.values() if is_there(runs_folder() / task.run / RECORD)]
            suspects = list(waiting.values()) if fruitless and len(waiting) == before else begun
            fruitless = len(waiting) == before
            for task in suspects:
                yield _written(_alone(task, pool, folder), waiting, folder)


def _written(result: TrialResult, waiting: dict[int, TrialTask], folder: Path) -> TrialResult:
    if not result.stopped:
        add_result(folder, result)
    del waiting[result.number]
    return result


def _side_by_side(tasks: Sequence[TrialTask], pool: Pool, folder: Path) -> Generator[TrialResult, None, None]:
    """The results of these runs as they come; raises BrokenProcessPool if a process dies."""
    # Not forked: a copy of a process that has used torch may hang.
    context = get_context("spawn")
    executor = ProcessPoolExecutor(
        pool.jobs, mp_context=context, initializer=begin_process, initargs=(pool.gentle,)
    )
    try:
        waiting = {executor.submit(run_trial, task) for task in tasks}
        while waiting:
            pool.check()
            done, waiting = wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    except (GeneratorExit, Cancelled):
        ask_to_stop(folder)
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _alone(task: TrialTask, pool: Pool, folder: Path) -> TrialResult:
    try:
        (result,) = _side_by_side([task], replace(pool, jobs=1), folder)
    except BrokenProcessPool:
        return TrialResult(task.number, task.run, problem=_DIED)
    return result


def usual_jobs(plan: SweepPlan, data: DataShape) -> int:
    """How many runs at a time suit this machine: one a core, as many as its memory has room for."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    need = max(
        memory_needed(Architecture(plan.recipe.with_settings(own), data)).device for own in plan.settings
    )
    free = available_memory()
    room = int(_SHARE_OF_MEMORY * free / need) if free and need else cores
    return max(1, min(cores, room, len(plan.trials)))
