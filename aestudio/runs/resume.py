"""Goes on with a kept run exactly where its newest whole state is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError, ignore_problem
from aestudio.runs.record import record
from aestudio.runs.run_record import UNDER_WAY
from aestudio.training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Generator

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import OnProblem
    from aestudio.runs.kept_run import KeptRun
    from aestudio.training.commands import Commands
    from aestudio.training.events import Event


def resume(
    run: KeptRun,
    dataset: Dataset,
    commands: Commands | None = None,
    *,
    epochs: int | None = None,
    device: str | None = None,
    on_problem: OnProblem = ignore_problem,
) -> Generator[Event, None, None]:
    """Train on from the newest whole state and append to the run; a run without any begins again, the same.

    Newer states that cannot be read are told to `on_problem` and put aside in the run's folder.

    dataset: the one that the run was trained on
    epochs:  a new last epoch; the run's own where None
    device:  "auto" or a device's word; the run's own, where it is there, if None

    Raises StudioError if the run is a shipped model, damaged, in use or of another dataset, BadChoice
    for a device or a number of epochs that cannot be.
    """
    from aestudio.training.trainer import train

    if run.shipped:
        raise StudioError(
            "A shipped model cannot be trained further",
            where=run.name,
            advice="Start a new run of the same recipe.",
        )
    recipe = run.recipe if epochs is None else run.recipe.with_settings({"epochs": epochs})
    newest = run.newest_state()
    if newest.checkpoint is None and newest.problems and run.sound.status not in UNDER_WAY:
        raise newest.problems[0]  # it is further than its beginning
    begun = math.ceil(newest.step / max(1, run.sound.steps_per_epoch))
    if recipe.training.epochs < begun:
        raise BadChoice("epochs", recipe.training.epochs, f"from {begun}, which have already begun")
    if newest.passed_over is not None:
        on_problem(newest.passed_over)
    checkpoint = newest.checkpoint
    if checkpoint is not None:
        checkpoint = replace(checkpoint, snapshot=replace(checkpoint.snapshot, recipe=recipe))
    spec = RunSpec(run.name, recipe, dataset.origin, device or own_device(run))
    yield from record(train(spec, dataset, commands, checkpoint), spec, run.folder, on_problem)


def own_device(run: KeptRun) -> str:
    """The word of the device that trained the run, "auto" where it is not here; raises StudioError."""
    from aestudio.training.device import choose_device

    try:
        return str(choose_device(run.sound.device))
    except BadChoice:
        return "auto"
