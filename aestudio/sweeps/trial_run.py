"""One run of a sweep, in a process of its own or on another machine: started, resumed or only measured."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError
from aestudio.helper_processes import lower_priority
from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.start import resume_run, start_run
from aestudio.storage.os_errors import is_there
from aestudio.sweeps.sweep_folder import TrialResult, is_to_stop
from aestudio.training.commands import Commands
from aestudio.training.events import Ended
from aestudio.training.preparation import held_out_images

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.fingerprint import DataFacts
    from aestudio.recipes.recipe import Recipe

FINISHED = ("finished", "early_stopping")
_DIVERGED = "The training diverged."
POLL_SECONDS = 0.25  # how long a run goes on at most after the wish to stop, but for its current step
_BELOW_NORMAL_PRIORITY = 0x4000  # of Windows
_THREADS, _PRECISION = "AESTUDIO_THREADS", "AESTUDIO_PRECISION"


def _never() -> bool:
    return False


@dataclass(frozen=True)
class TrialTask:
    """What a process needs to carry out one run. All of it can be sent to another process.

    run:      the name of the run's folder
    recipe:   as JSON
    sweep:    the folder of the sweep, in which a file says that the runs are to stop
    tag:      of the run, by which the list of runs finds it
    separate: whether it runs in a process of its own, whose signals may be set
    facts:    of the images that it must find, None if that is known already
    """

    number: int
    run: str
    title: str
    recipe: str
    origin: str
    data_dir: str | None
    device: str
    sweep: str
    tag: str = ""
    separate: bool = True
    facts: DataFacts | None = None


def run_trial(task: TrialTask, stop: Callable[[], bool] = _never) -> TrialResult:
    """Train to the end, from where the run is, and measure it on the images held back; raises nothing.

    What goes wrong with this run stands in the result, so that the others go on.
    stop: asked several times a second besides the file in the sweep's folder
    """
    _prepare_process(task.separate)

    def wanted() -> bool:
        return is_to_stop(Path(task.sweep)) or stop()

    if wanted():
        return TrialResult(task.number, task.run, stopped=True)
    try:
        return _carry_out(task, wanted)
    except StudioError as problem:
        return TrialResult(task.number, task.run, problem=str(problem))
    except MemoryError:
        return TrialResult(task.number, task.run, problem="There was not enough memory for this run.")


def begin_process(gentle: bool) -> None:
    """What a process for runs does first. gentle: whether all else on this machine goes first"""
    if gentle:
        lower_priority()
        if sys.platform == "win32":
            import ctypes

            kernel = ctypes.windll.kernel32
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL_PRIORITY)
    end_with_parent()


def end_with_parent() -> None:
    """End this process when the one that started it has gone: otherwise it would wait for work for ever.

    Its run is kept as of its newest checkpoint, as after any kill.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _prepare_process(own: bool) -> None:
    """The terminal's Ctrl+C reaches every process: only the sweep itself listens, and tells the others.

    Every run computes in float32 on one thread, whatever a trial of the speed would say: candidates are
    compared, and the table is the same for any number of runs at a time. own: whether signals may be set
    """
    if own:
        with suppress(ValueError):  # not in the main thread of the process
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault(_THREADS, "1")
    os.environ.setdefault(_PRECISION, "float32")


def _carry_out(task: TrialTask, stop: Callable[[], bool]) -> TrialResult:
    from aestudio.recipes.recipe import Recipe

    recipe = Recipe.model_validate_json(task.recipe)
    dataset = dataset_of(task.origin, task.data_dir)
    changed = "" if task.facts is None else task.facts.difference(dataset.facts)
    if changed:
        raise StudioError(f"The images are others here: {changed}", where=dataset.origin)
    folder = runs_folder() / task.run
    status = _status(folder, recipe)
    if status == "diverged":
        return _failed(task, KeptRun.at(folder).require_record().advice or _DIVERGED)
    if status not in FINISHED:
        ended = _train(task, recipe, dataset, folder, stop)
        if ended.problem is not None:
            return _failed(task, str(ended.problem))
        if ended.reason == "stopped":
            return TrialResult(task.number, task.run, stopped=True)
        if ended.reason == "diverged":
            return _failed(task, ended.advice or _DIVERGED)
    run = KeptRun.at(folder)
    if task.tag and task.tag not in run.tags:
        run = run.with_tags((*run.tags, task.tag))
    return measured(run, dataset, task.number)


def _failed(task: TrialTask, problem: str) -> TrialResult:
    return TrialResult(task.number, task.run, problem=problem)


def _status(folder: Path, recipe: Recipe) -> str | None:
    """Of the run in this folder, None if there is none; raises StudioError if it is another's."""
    if not is_there(folder / RECORD):
        return None
    run = KeptRun.at(folder)
    if run.recipe != recipe:
        raise StudioError(
            "A run of this name has other settings, so it is not the sweep's",
            where=str(folder),
            advice="Rename its folder, or start the sweep anew under another --name.",
        )
    return run.status


@lru_cache(maxsize=1)
def dataset_of(origin: str, data_dir: str | None) -> Dataset:
    """Loaded once for all runs of a process."""
    return load_dataset(origin, data_dir=None if data_dir is None else Path(data_dir))


def _train(
    task: TrialTask, recipe: Recipe, dataset: Dataset, folder: Path, stop: Callable[[], bool]
) -> Ended:
    commands = Commands()
    if is_there(folder / RECORD):
        events = resume_run(KeptRun.at(folder), dataset, commands)
    else:
        events = start_run(recipe, dataset, commands, folder=folder, title=task.title, device=task.device)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(POLL_SECONDS):
            if stop():
                commands.stop()
                return

    watcher = threading.Thread(target=watch, name="sweep-stop", daemon=True)
    watcher.start()
    ended: Ended | None = None
    try:
        with closing(events):
            for event in events:
                if isinstance(event, Ended):
                    ended = event
    finally:
        done.set()
        watcher.join()
    assert ended is not None, "a training ends with Ended or raises"
    return ended


def measured(run: KeptRun, dataset: Dataset, number: int) -> TrialResult:
    """The metrics of a finished run on the images that it did not learn from.

    They have the names of the loss terms and of `aestudio evaluate`; those without a value are left out.
    Raises StudioError if no image was held back.
    """
    from aestudio.analysis.evaluation_metrics import evaluate
    from aestudio.training.threads import temporary_threads

    record, snapshot = run.require_record(), run.snapshot()
    training = record.recipe.training
    held = held_out_images(dataset, training.validation_images, record.recipe.images)
    if not len(held):
        raise StudioError(
            "No image is held back, so nothing can be compared",
            where=dataset.title,
            advice="Set validation_images, or cross-validate with --folds.",
        )
    with temporary_threads(1):
        evaluation = evaluate(snapshot, held)
    values: dict[str, float | None] = dict(evaluation.terms)
    if evaluation.reconstruction is not None:
        quality = evaluation.reconstruction
        values |= {
            "mse_per_pixel": quality.mse_per_pixel,
            "squared_error": quality.squared_error_per_image,
            "psnr": quality.psnr,
            "ssim": quality.ssim,
        }
    values["active_dimensions"] = evaluation.active_dimensions
    metrics = {name: float(value) for name, value in values.items() if value is not None}
    return TrialResult(number, run.name, metrics, record.seconds, record.architecture.parameter_count)
