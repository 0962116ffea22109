"""A training that is written to its run's folder, as a generator for the training thread."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.commands import Commands
    from aestudio.training.events import Checkpoint, Event
    from aestudio.training.spec import RunSpec


def recorded(
    spec: RunSpec,
    dataset: Dataset,
    checkpoint: Checkpoint | None,
    folder: Path,
    on_problem: Callable[[StudioError], None],
) -> Callable[[Commands], Iterator[Event]]:
    """The training's events; the generator writes them to the run's folder. Runs on the training thread."""

    def events(commands: Commands) -> Iterator[Event]:
        from aestudio.runs.kept_run import KeptRun
        from aestudio.runs.record import record
        from aestudio.runs.resume import device_of
        from aestudio.runs.run_record import FILE
        from aestudio.training.trainer import train

        if checkpoint is not None and not (folder / FILE).exists():
            # Do not write the rest of a run whose folder was moved to the trash by another program.
            raise StudioError(
                "The folder of this run is gone",
                where=str(folder),
                advice="Restore it, for example from the trash folder beside the runs, or start a new run.",
            )
        run_spec = spec
        if checkpoint is not None and spec.device == "auto":
            # Only the same device gives exactly the same numbers.
            run_spec = replace(spec, device=device_of(KeptRun.at(folder)))
        return record(train(run_spec, dataset, commands, checkpoint), run_spec, folder, on_problem)

    return events
