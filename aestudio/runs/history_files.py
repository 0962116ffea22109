"""The history of a run, in its folder `moments/`: one file per checkpoint, named by its step, on a budget.

They are written without waiting for the disk: a power cut may cost a checkpoint, which then is skipped,
but a file that has its final name is complete.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections import deque
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.metrics_file import FILE as METRICS
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.weights_file import (
    CHECKPOINT,
    WEIGHTS,
    array_bytes,
    read_checkpoint_file,
    read_weights_of_checkpoint,
    write_checkpoint_file,
)
from aestudio.storage.files import WRITING
from aestudio.storage.os_errors import is_full, writing
from aestudio.storage.temporary import leftovers
from aestudio.training.checkpoint_history import CheckpointHistory, HistoryCheckpoint, empty_history
from aestudio.training.events import HistoryCheckpointsDropped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.recipes.architecture import Architecture
    from aestudio.training.events import Checkpoint, Snapshot

FOLDER = "moments"
_SUFFIX = ".safetensors"
_WRITTEN_BY_HOLDER = (RECORD, METRICS, WEIGHTS, CHECKPOINT)  # only by the process that holds the folder
Result = HistoryCheckpoint | HistoryCheckpointsDropped | StudioError
# In the first second of a training, checkpoints come faster than a disk can write them.
MOST_WAITING = 64_000_000


def history_path(folder: Path, step: int) -> Path:
    """The file of the history's checkpoint of this step."""
    return folder / FOLDER / f"{step:09d}{_SUFFIX}"


def list_history(folder: Path, steps_per_epoch: int) -> tuple[HistoryCheckpoint, ...]:
    """The history's checkpoints, by step. Only headers are read; truncated files are left out."""
    sizes = [(step, array_bytes(path)) for step, path in sorted(history_files(folder))]
    return tuple(
        HistoryCheckpoint(step, step / max(1, steps_per_epoch), size)
        for step, size in sizes
        if size is not None
    )


def history_files(folder: Path) -> list[tuple[int, Path]]:
    """Step and path of every file named like a history checkpoint, complete or not, in no order."""
    try:
        paths = list((folder / FOLDER).iterdir())
    except OSError:
        return []
    return [(int(path.stem), path) for path in paths if path.suffix == _SUFFIX and path.stem.isdecimal()]


def read_history_checkpoint(folder: Path, step: int, run: str, architecture: Architecture) -> Checkpoint:
    """The checkpoint of this step, bit for bit; raises StudioError."""
    return read_checkpoint_file(history_path(folder, step), run, architecture)


def read_history_weights(folder: Path, step: int, run: str, architecture: Architecture) -> Snapshot:
    """Only the weights of the checkpoint, a third of its size; raises StudioError."""
    return read_weights_of_checkpoint(history_path(folder, step), run, architecture)


def link_history(source: Path, target: Path, until: int) -> None:
    """Share the history up to a step with another run's folder; raises StudioError.

    A checkpoint never changes once it is written, so both folders link to one file if the system allows it.
    """
    for entry in list_history(source, 1):
        if entry.step <= until:
            old, new = history_path(source, entry.step), history_path(target, entry.step)
            with writing(new):
                new.parent.mkdir(parents=True, exist_ok=True)
                try:
                    os.link(old, new)
                except OSError:
                    shutil.copyfile(old, new)


def remove_leftovers(folder: Path) -> None:
    """Remove half-written files of a killed training, of any age.

    Bookmarks and exports are written without holding the folder: they may be under way and stay.
    """
    for path, name in leftovers(folder):
        if name in _WRITTEN_BY_HOLDER:
            with suppress(OSError):
                path.unlink()
    for path, name in leftovers(folder / FOLDER):
        if name.endswith(_SUFFIX) and name.removesuffix(_SUFFIX).isdecimal():
            with suppress(OSError):
                path.unlink()


class HistoryWriter:
    """Writes the history of a running training on its own thread, so that no step waits for the disk."""

    def __init__(self, folder: Path, is_there: Callable[[], bool] = lambda: True) -> None:
        """is_there: whether the folder is still the run's; a folder that replaced it is never written to"""
        self._folder = folder
        self._is_there = is_there
        self._history = CheckpointHistory()  # what is in the folder; changed while WRITING is held
        self._condition = threading.Condition()
        self._waiting: deque[Checkpoint] = deque()
        self._results: list[Result] = []
        self._closed = False
        self._thread: threading.Thread | None = None

    def begin(self, step: int, steps_per_epoch: int) -> None:
        """Continue from a step, with the history up to it; later checkpoints were moved aside before.

        Raises BadChoice for a budget that is no number.
        """
        present = list_history(self._folder, steps_per_epoch)
        self._history = replace(empty_history(), history_checkpoints=present).until(step)

    def add(self, checkpoint: Checkpoint) -> None:
        """Queue a checkpoint for writing, and remove those that exceed the budget.

        One that is too large is skipped. Blocks only if a slow disk has left too many bytes waiting.
        """
        size = checkpoint.size
        if not self._history.takes(size):
            return
        with self._condition:
            self._condition.wait_for(
                lambda: not self._waiting or self._bytes_waiting() + size <= MOST_WAITING
            )
            self._waiting.append(checkpoint)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="history", daemon=True)
                self._thread.start()
            self._condition.notify_all()

    def results(self) -> list[Result]:
        """What changed since the last call, in order: checkpoints written and removed, problems."""
        with self._condition:
            results, self._results = self._results, []
            return results

    def free_space(self, step: int) -> int:
        """Remove a checkpoint to free space for the result: the least useful one, the first one last.

        Returns the bytes that this frees, 0 if there is none. A checkpoint that is shared with another
        run's folder frees nothing and stays.
        """
        with WRITING:
            if not self._is_there():
                return 0
            keep = self._shared()
            thinned = self._history.thinned(step, keep)
            if thinned is self._history:
                rest = [entry.step for entry in self._history.history_checkpoints if entry.step not in keep]
                if not rest:
                    return 0
                thinned = self._history.without(rest[0])
            before = self._history.size
            self._drop(thinned)
            return before - thinned.size

    def let_stay(self, step: int) -> None:
        """Never remove the checkpoint of this step to make the history smaller."""
        with WRITING:
            self._history = replace(self._history, stays=(*self._history.stays, step))

    def forget_deleted(self) -> None:
        """Forget the checkpoints whose files were deleted."""
        with WRITING:
            present = {entry.step for entry in list_history(self._folder, 1)}
            gone = [entry.step for entry in self._history.history_checkpoints if entry.step not in present]
            self._drop(self._history.without(*gone))

    def move(self, folder: Path) -> None:
        """The run moved to another folder, where its history starts again."""
        with WRITING:
            self._folder = folder
            self._history = self._history.until(-1)

    def flush(self) -> None:
        """Wait until everything is written."""
        with self._condition:
            self._condition.wait_for(lambda: not self._waiting)

    def close(self) -> None:
        """Write the waiting checkpoints and end the thread; may be called twice."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _bytes_waiting(self) -> int:
        return sum(checkpoint.size for checkpoint in self._waiting)

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                checkpoint = self._waiting[0]
            with WRITING:  # results keep the order in which they happened
                try:
                    result: Result = self._write(checkpoint)
                except StudioError as problem:
                    result = problem
                except Exception as error:
                    result = StudioError(
                        f"A checkpoint of the history could not be written ({error})", where=str(self._folder)
                    )
                self._add_result(result)
            with self._condition:
                self._waiting.popleft()
                self._condition.notify_all()

    def _add_result(self, result: Result) -> None:
        with self._condition:
            self._results.append(result)

    def _write(self, checkpoint: Checkpoint) -> HistoryCheckpoint:
        # After an early stop the snapshot has the best weights: the step of the loop counts here.
        step = int(checkpoint.counters["step"])
        entry = HistoryCheckpoint(step, checkpoint.snapshot.epoch, checkpoint.size)
        self._write_file(history_path(self._folder, step), checkpoint, step)
        before, self._history = self._history, self._history.with_checkpoint(entry)
        with suppress(
            StudioError
        ):  # Windows keeps a file that is being read; it goes when the run is resumed
            self._remove(set(before.history_checkpoints) - set(self._history.history_checkpoints))
        return entry

    def _write_file(self, path: Path, checkpoint: Checkpoint, step: int) -> None:
        """Write it; on a full disk, replace less useful checkpoints."""
        if not self._is_there():  # before a folder is made
            raise StudioError("The run's folder is gone", where=str(self._folder))
        with writing(path):
            path.parent.mkdir(exist_ok=True)
        while True:
            try:
                write_checkpoint_file(path, checkpoint, durable=False, is_there=self._is_there)
                return
            except StudioError as problem:
                thinned = self._history.thinned(step, self._shared())
                if not is_full(problem) or thinned is self._history:
                    raise
                self._drop(thinned)

    def _shared(self) -> set[int]:
        """Steps of the checkpoints whose files are shared with other folders."""
        shared: set[int] = set()
        for entry in self._history.history_checkpoints:
            with suppress(OSError):
                if history_path(self._folder, entry.step).stat().st_nlink > 1:
                    shared.add(entry.step)
        return shared

    def _drop(self, thinned: CheckpointHistory) -> None:
        """Remove what is not in the thinned history, to free space."""
        gone = set(self._history.history_checkpoints) - set(thinned.history_checkpoints)
        self._history = thinned
        with suppress(StudioError):
            self._remove(gone)
        self._add_result(HistoryCheckpointsDropped(tuple(sorted(entry.step for entry in gone))))

    def _remove(self, history_checkpoints: set[HistoryCheckpoint]) -> None:
        for entry in history_checkpoints:
            path = history_path(self._folder, entry.step)
            with writing(path):
                if self._is_there():  # a folder that replaced it belongs to another run
                    path.unlink(missing_ok=True)
