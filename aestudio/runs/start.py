"""Starts and resumes runs: the only place where a training and the folder that it is written to meet.

`start_run` begins a new run, `resume_run` continues a kept one. A branch is a stopped run that
`branch.branch_run` makes from another run's checkpoint; it is resumed like any other.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError, ignore_problem
from aestudio.recipes.run_titles import run_title
from aestudio.runs.data_record import keep_data_record
from aestudio.runs.import_note import refuse_newer
from aestudio.runs.index import new_run_folder
from aestudio.runs.newest_state import NewestState
from aestudio.runs.record import record
from aestudio.runs.run_dataset import forget_arrays, keep_arrays
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.run_record import UNDER_WAY
from aestudio.runs.short_tries import replace_tries
from aestudio.storage.os_errors import is_there
from aestudio.training.events import Started
from aestudio.training.lockstep import steps_per_turn
from aestudio.training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import OnProblem
    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.training.commands import Commands
    from aestudio.training.events import Checkpoint, Event


class RunEvents(Iterator["Event"]):
    """The events of a training that is written to `folder`: pulling them trains, closing ends the training.

    The folder of a run that never began is removed.
    """

    def __init__(
        self,
        folder: Path,
        events: Generator[Event, None, None],
        holds_images: bool = False,
        on_begun: Callable[[], None] | None = None,
    ) -> None:
        """holds_images: whether the images of the run were written into the folder

        on_begun: called once the run has begun and its first record is written
        """
        self.folder = folder
        self._events = events
        self._holds_images = holds_images
        self._on_begun = on_begun

    def __next__(self) -> Event:
        try:
            event = next(self._events)
            if isinstance(event, Started) and self._on_begun is not None:
                self._on_begun()
            return event
        except BaseException:  # also StopIteration, the end
            self.close()
            raise

    def close(self) -> None:
        """End the training now and keep its newest state; may be called twice."""
        never_pulled = inspect.getgeneratorstate(self._events) == inspect.GEN_CREATED
        self._events.close()
        if self._holds_images and not (self.folder / RECORD).exists():
            forget_arrays(self.folder)
        elif never_pulled:
            with suppress(OSError):
                self.folder.rmdir()  # only an empty folder can be removed so


def start_run(
    recipe: Recipe,
    dataset: Dataset,
    commands: Commands | None = None,
    *,
    folder: Path | None = None,
    title: str = "",
    device: str = "auto",
    spare_cores: int = 0,
    in_turns: bool = False,
    keep_images: bool = False,
    replaces: Iterable[Path] = (),
    on_replaced: Callable[[RemovedRun], None] | None = None,
    on_problem: OnProblem = ignore_problem,
) -> RunEvents:
    """Start a new run.

    folder:      an empty or new folder for it, whose name is the run's; None for one of a new name among the
                 user's runs
    title:       "" for that of the recipe with what was changed in it ("VAE, latent 10")
    device:      "auto" or the name of a device
    spare_cores: CPU cores that stay free for others
    in_turns:    whether other runs are trained on the same thread, in turns (`training.lockstep`)
    keep_images: write a data set that was made of arrays into the folder, so that it can be loaded again
    replaces:    folders of earlier runs, no longer shown, which go to the trash folder as soon as this one
                 has begun, if they are nothing but tries (`short_tries.reason_to_keep`); by default none
    on_replaced: receives each run that went, to tell the user and to offer `removed_runs.restore`
    on_problem:  receives problems that do not end the training, such as a full disk

    Raises StudioError if the folder cannot be made or written, and with the first event as `trainer.train`
    and `record` do.
    """
    from aestudio.training.trainer import train

    every = steps_per_turn(device) if in_turns else 0
    target = new_run_folder(recipe) if folder is None else folder
    try:
        origin = keep_arrays(target, dataset, on_problem) if keep_images else dataset.origin
    except BaseException:
        forget_arrays(target)
        raise
    spec = RunSpec(
        target.name, recipe, origin, device, spare_cores, title or run_title(recipe), compared=in_turns
    )
    events = train(spec, dataset, commands, yield_every=every)
    earlier = tuple(replaces)

    def begun() -> None:
        try:
            keep_data_record(target, dataset)
        except StudioError as problem:
            on_problem(problem)
        for removed in replace_tries(earlier, target, on_problem):
            if on_replaced is not None:
                on_replaced(removed)

    return RunEvents(target, record(events, spec, target, on_problem), keep_images, begun)


def resume_run(
    run: KeptRun,
    dataset: Dataset,
    commands: Commands | None = None,
    *,
    checkpoint: Checkpoint | None = None,
    epochs: int | None = None,
    device: str | None = None,
    spare_cores: int = 0,
    in_turns: bool = False,
    on_problem: OnProblem = ignore_problem,
) -> RunEvents:
    """Continue from the newest complete state and append to the run; a run without any starts again.

    Newer states that cannot be read are reported to `on_problem` and moved aside in the run's folder.

    dataset:    the one that the run was trained on
    checkpoint: a checkpoint of the run in memory, at least as new as those in the folder; None to read the
                newest one
    epochs:     a new number of epochs; None for that of the run
    device:     "auto" or the name of a device; None for that of the run, if this machine has it: only the
                same device gives exactly the same numbers
    For the others, see `start_run`.

    Raises StudioError if the run is a shipped model, damaged or gone, BadChoice for a number of epochs that
    has passed; with the first event StudioError if the run is in use or of another data set, BadChoice for
    an impossible device.
    """
    from aestudio.training.trainer import train

    _require_resumable(run)
    recipe = run.recipe if epochs is None else run.recipe.with_settings({"epochs": epochs})
    newest = run.newest_state() if checkpoint is None else NewestState(checkpoint)
    if newest.checkpoint is None and newest.problems and run.require_record().status not in UNDER_WAY:
        raise newest.problems[0]  # it is further than its beginning
    begun = math.ceil(newest.step / max(1, run.require_record().steps_per_epoch))
    if recipe.training.epochs < begun:
        raise BadChoice("epochs", recipe.training.epochs, f"from {begun}, which have already begun")
    if newest.newer_problem is not None:
        on_problem(newest.newer_problem)
    name, state = run.name, newest.checkpoint
    if state is not None:
        # A run whose folder was lost while it was trained keeps its name in a folder of another name.
        name = state.snapshot.run
        state = replace(state, snapshot=replace(state.snapshot, recipe=recipe))
    spec = RunSpec(name, recipe, dataset.origin, device or _device_of(run), spare_cores)
    every = steps_per_turn(spec.device) if in_turns else 0
    events = train(spec, dataset, commands, state, yield_every=every)
    return RunEvents(run.folder, record(events, spec, run.folder, on_problem))


def _require_resumable(run: KeptRun) -> None:
    if run.shipped:
        raise StudioError(
            "A shipped model cannot be trained further",
            where=run.name,
            advice="Start a new run of the same recipe.",
        )
    refuse_newer(run.imported, run.name)
    if not is_there(run.folder / RECORD):
        # The rest of a run must not be written where its beginning was moved away, for example to the trash.
        raise StudioError(
            "The folder of this run is gone",
            where=str(run.folder),
            advice="Restore it, for example from the trash folder beside the runs, or start a new run.",
        )


def _device_of(run: KeptRun) -> str:
    """The name of the device that trained the run, "auto" if this machine lacks it; raises StudioError."""
    from aestudio.training.device import choose_device

    try:
        return str(choose_device(run.require_record().device))
    except BadChoice:
        return "auto"
