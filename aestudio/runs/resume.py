"""Resumes a kept run exactly from its newest complete state."""

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
    """Continue from the newest complete state and append to the run; a run without any starts again.

    Newer states that cannot be read are reported to `on_problem` and moved aside in the run's folder.

    dataset: the one that the run was trained on
    epochs:  a new number of epochs; None for that of the run
    device:  "auto" or the name of a device; None for that of the run, if this machine has it

    Raises StudioError if the run is a shipped model, damaged, in use or of another data set, BadChoice
    for an impossible device or number of epochs.
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
    if newest.checkpoint is None and newest.problems and run.require_record().status not in UNDER_WAY:
        raise newest.problems[0]  # it is further than its beginning
    begun = math.ceil(newest.step / max(1, run.require_record().steps_per_epoch))
    if recipe.training.epochs < begun:
        raise BadChoice("epochs", recipe.training.epochs, f"from {begun}, which have already begun")
    if newest.newer_problem is not None:
        on_problem(newest.newer_problem)
    checkpoint = newest.checkpoint
    if checkpoint is not None:
        checkpoint = replace(checkpoint, snapshot=replace(checkpoint.snapshot, recipe=recipe))
    spec = RunSpec(run.name, recipe, dataset.origin, device or device_of(run))
    yield from record(train(spec, dataset, commands, checkpoint), spec, run.folder, on_problem)


def device_of(run: KeptRun) -> str:
    """The name of the device that trained the run, "auto" if this machine lacks it; raises StudioError."""
    from aestudio.training.device import choose_device

    try:
        return str(choose_device(run.require_record().device))
    except BadChoice:
        return "auto"
