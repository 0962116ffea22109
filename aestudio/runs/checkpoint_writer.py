"""Writes periodic checkpoints on a separate thread, so that no step waits for the disk."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.metrics_file import sync_metrics
from aestudio.runs.weights_file import write_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.training.events import CheckpointTaken


class CheckpointWriter:
    """Replaces a run's checkpoint by the newest that was given; older ones that still wait are discarded.

    guard:    calls the function that writes the file; `DiskSpace.write` frees space on a full disk
    is_there: whether the folder is still the run's; a folder that replaced it is not written to
    """

    def __init__(
        self, folder: Path, guard: Callable[[Callable[[], object]], None], is_there: Callable[[], bool]
    ) -> None:
        self._folder = folder
        self._guard = guard
        self._is_there = is_there
        self._condition = threading.Condition()
        self._waiting: CheckpointTaken | None = None
        self._busy = False
        self._results: list[CheckpointTaken | StudioError] = []
        self._closed = False
        self._thread: threading.Thread | None = None

    def add(self, event: CheckpointTaken) -> None:
        """Queue a checkpoint for writing; returns immediately."""
        with self._condition:
            self._waiting = event
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
                self._thread.start()
            self._condition.notify_all()

    def discard_waiting(self) -> None:
        """Discard the waiting checkpoint, as a newer one is about to be written; wait for a running write."""
        with self._condition:
            self._waiting = None
            self._condition.wait_for(lambda: not self._busy)
            self._results.clear()

    def move(self, folder: Path) -> None:
        """Continue in another folder; call `discard_waiting` before."""
        with self._condition:
            self._folder = folder

    def results(self) -> list[CheckpointTaken | StudioError]:
        """The checkpoints written since the last call, and the problems."""
        with self._condition:
            results, self._results = self._results, []
            return results

    def close(self) -> None:
        """Write the waiting checkpoint and end the thread; may be called twice."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._waiting is not None or self._closed)
                event, self._waiting = self._waiting, None
                if event is None:
                    return
                self._busy = True
            result = self._write(event)
            with self._condition:
                self._busy = False
                self._results.append(result)
                self._condition.notify_all()

    def _write(self, event: CheckpointTaken) -> CheckpointTaken | StudioError:
        try:
            with suppress(StudioError):  # the writer of that file reports its problems
                sync_metrics(self._folder)
            self._guard(partial(write_checkpoint, self._folder, event.checkpoint, self._is_there))
        except StudioError as problem:
            return problem
        except Exception as error:
            return StudioError(f"A checkpoint could not be written ({error})", where=str(self._folder))
        return event
