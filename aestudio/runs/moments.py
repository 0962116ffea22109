"""The run's folder `moments/`: a whole state in each file, named by its step, together within a budget.

They are written without waiting for the disk: a power cut may cost a moment, which then is passed over,
but a file that has its name is whole.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.data.problems import writing
from aestudio.errors import StudioError
from aestudio.runs.weights_file import (
    array_bytes,
    read_checkpoint_file,
    read_weights_of_checkpoint,
    write_checkpoint_file,
)
from aestudio.training.history import History, Moment, moments_budget

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Checkpoint, Snapshot

FOLDER = "moments"
_SUFFIX = ".safetensors"


def moment_path(folder: Path, step: int) -> Path:
    """Where the moment of this step lies in the run's folder."""
    return folder / FOLDER / f"{step:09d}{_SUFFIX}"


def list_moments(folder: Path, steps_per_epoch: int) -> tuple[Moment, ...]:
    """The moments in the run's folder, by step; nothing of them is read but their sizes."""
    found = []
    with suppress(OSError):
        for path in (folder / FOLDER).iterdir():
            size = array_bytes(path) if path.suffix == _SUFFIX and path.stem.isdecimal() else None
            if size is not None:
                step = int(path.stem)
                found.append(Moment(step, step / max(1, steps_per_epoch), size))
    return tuple(sorted(found, key=lambda moment: moment.step))


def read_moment(folder: Path, step: int, run: str, recipe: Recipe) -> Checkpoint:
    """The whole state of a moment, bit for bit; raises StudioError."""
    return read_checkpoint_file(moment_path(folder, step), run, recipe)


def read_moment_weights(folder: Path, step: int, run: str, recipe: Recipe) -> Snapshot:
    """The weights of a moment alone, a third of it; raises StudioError."""
    return read_weights_of_checkpoint(moment_path(folder, step), run, recipe)


def link_moments(source: Path, target: Path, until: int) -> None:
    """Let another run's folder have the moments up to a step as well; raises StudioError.

    A moment never changes once it is written: where the file system can, both folders name one file.
    """
    for moment in list_moments(source, 1):
        if moment.step <= until:
            old, new = moment_path(source, moment.step), moment_path(target, moment.step)
            with writing(new):
                new.parent.mkdir(parents=True, exist_ok=True)
                try:
                    os.link(old, new)
                except OSError:
                    shutil.copyfile(old, new)


class MomentsWriter:
    """Keeps the moments of a run that is being trained; `history` is what is in its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.history = History()

    def begin(self, step: int, steps_per_epoch: int) -> None:
        """Go on from a step: later moments are about to come again.

        Raises StudioError where they cannot be removed, BadChoice for a budget that is no number.
        """
        budget = moments_budget()
        there = list_moments(self._folder, steps_per_epoch)
        kept = tuple(moment for moment in there if moment.step <= step)
        self._remove(set(there) - set(kept))
        self.history = History(kept, budget)

    def add(self, checkpoint: Checkpoint) -> Moment | None:
        """Write a moment, and remove what has no room beside it; None for one that is too large.

        Raises StudioError where it cannot be written; the others stay then.
        """
        size = checkpoint.size
        if not self.history.takes(size):
            return None
        # An early stop has gone back to its best weights: the steps of the loop count here.
        step = int(checkpoint.counters["step"])
        moment = Moment(step, checkpoint.snapshot.epoch, size)
        write_checkpoint_file(moment_path(self._folder, step), checkpoint, durable=False)
        before, self.history = self.history, self.history.with_moment(moment)
        with suppress(StudioError):  # one that is being read on Windows stays until the run is gone on with
            self._remove(set(before.moments) - set(self.history.moments))
        return moment

    def _remove(self, moments: set[Moment]) -> None:
        for moment in moments:
            path = moment_path(self._folder, moment.step)
            with writing(path):
                path.unlink(missing_ok=True)
