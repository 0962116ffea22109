"""The compared runs: trained in lockstep on one thread, each written to its own folder."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from aestudio.training.lockstep import in_lockstep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import StudioError
    from aestudio.training.events import Event
    from aestudio.training.lockstep import LockstepCommands
    from aestudio.training.spec import RunSpec

# Steps that one run does before the next run continues: few enough that a pause is prompt.
STEPS_PER_TURN = 4


def recorded(
    specs: Sequence[RunSpec], dataset: Dataset, on_problem: Callable[[int, StudioError], None]
) -> Callable[[LockstepCommands], Iterator[tuple[int, Event]]]:
    """A generator of the compared runs' events (number, event); it writes each run to its own folder.

    on_problem: called with the number of a run whose folder cannot be written now, and the problem
    """

    def events(commands: LockstepCommands) -> Iterator[tuple[int, Event]]:
        from aestudio.runs.index import new_run_folder
        from aestudio.runs.record import record
        from aestudio.training.device import choose_device
        from aestudio.training.runners import CHUNK
        from aestudio.training.trainer import train

        on_gpu = choose_device(specs[0].device).type == "cuda"
        every = CHUNK if on_gpu else STEPS_PER_TURN
        folders = [new_run_folder(spec.recipe) for spec in specs]
        try:
            trainings = []
            for number, (spec, folder, each) in enumerate(zip(specs, folders, commands.each, strict=True)):
                named = replace(spec, run=folder.name, compared=True)
                source = train(named, dataset, each, yield_every=every)
                trainings.append(record(source, named, folder, partial(on_problem, number)))
            yield from in_lockstep(trainings, commands)
        finally:
            for folder in folders:
                with suppress(OSError):
                    folder.rmdir()  # only the folder of a run that never began is empty

    return events
