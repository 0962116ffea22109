"""Runs for the training thread: what the window wants to be trained, as functions that start it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.run_state import RunState
    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.runs.start import RunEvents
    from aestudio.training.events import Checkpoint

    StartRun = Callable[..., RunEvents]
    """`start(commands=..., in_turns=..., on_problem=...)` starts a run, as `start_run` does."""

SPARE_CORES = 1  # for the window


def prepared_run(
    run: RunState,
    recipe: Recipe,
    dataset: Dataset,
    device: str,
    replaces: Iterable[Path] = (),
    on_replaced: Callable[[RemovedRun], None] | None = None,
) -> StartRun:
    """A run as the window has prepared it: resumed if it has a checkpoint, otherwise a new one.

    replaces, on_replaced: of a new run, as for `start_run`
    """
    if run.checkpoint is None:
        how = {"replaces": tuple(replaces), "on_replaced": on_replaced}
        return new_run(recipe, dataset, device, run.kept_title, **how)
    return resumed_run(run.path, dataset, device, run.checkpoint)


def new_run(recipe: Recipe, dataset: Dataset, device: str, title: str = "", **more: Any) -> StartRun:
    """A new run in a folder of its own; device, title and more as for `start_run`."""

    def start(**how: Any) -> RunEvents:
        from aestudio.runs.start import start_run

        return start_run(recipe, dataset, title=title, device=device, spare_cores=SPARE_CORES, **more, **how)

    return start


def resumed_run(folder: Path, dataset: Dataset, device: str, checkpoint: Checkpoint) -> StartRun:
    """The run in the folder, continued from its newest checkpoint.

    device: the name of a device; "auto" for the one that trained the run
    """
    chosen = None if device == "auto" else device

    def start(**how: Any) -> RunEvents:
        from aestudio.runs.kept_run import KeptRun
        from aestudio.runs.start import resume_run

        run = KeptRun.at(folder)
        return resume_run(run, dataset, checkpoint=checkpoint, device=chosen, spare_cores=SPARE_CORES, **how)

    return start
