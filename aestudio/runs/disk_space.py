"""Room on the disk for the result of a training: reserved in time, and taken from the history if need be."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.locked_folder import RESERVE
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS
from aestudio.storage.files import WRITING
from aestudio.storage.os_errors import FULL, is_full

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.runs.history_files import HistoryWriter
    from aestudio.runs.locked_folder import LockedFolder
    from aestudio.training.events import Checkpoint

# Beside the weights: the record, some curves' points, and the names in front of the tensors.
SLACK = 1 << 18
_BINARY = getattr(os, "O_BINARY", 0)
_CHUNK = 1 << 20


class ReservedSpace:
    """A file that takes room on the disk, so that nobody else can."""

    def __init__(self, place: LockedFolder) -> None:
        self._place = place
        self._held = 0

    @property
    def size(self) -> int:
        """Bytes that are held."""
        return self._held

    def hold(self, size: int) -> bool:
        """Take so many bytes, not more; False where the disk is too full, and what was taken before stays.

        A folder in which nothing can be written has no reserve, which is no matter of room.
        """
        if size == self._held:
            return True
        try:
            descriptor = self._place.open(RESERVE, os.O_RDWR | os.O_CREAT | _BINARY)
        except OSError as error:
            return error.errno not in FULL
        try:
            os.ftruncate(descriptor, min(size, self._held))
            _allocate(descriptor, min(size, self._held), size)
        except OSError as error:
            self._held = min(size, self._held)
            os.ftruncate(descriptor, self._held)
            return error.errno not in FULL
        else:
            self._held = size
        finally:
            os.close(descriptor)
        return True

    def give_up(self) -> None:
        """Let others have the room; may be called twice."""
        self._held = 0
        with suppress(OSError):  # its folder is gone, or cannot be written
            self._place.unlink(RESERVE)


class DiskSpace:
    """Writes files of the result, for which there is room also when the disk is full.

    First the reserve is given up for them, then moments of the history, the least missed first.
    """

    def __init__(self, place: LockedFolder, history_checkpoints: HistoryWriter) -> None:
        self._place = place
        self._history_checkpoints = history_checkpoints
        self._reserve = ReservedSpace(place)
        self._state = self._weights = self._step = 0

    @property
    def needed(self) -> int:
        """Bytes that are still to be written, at most at one time.

        A newer state lies beside the one that it replaces until it is whole.
        """
        if not self._state:
            return 0
        folder = self._place.path
        first_state = 0 if (folder / CHECKPOINT).exists() else self._state
        first_weights = 0 if (folder / WEIGHTS).exists() else self._weights
        return self._state + first_state + first_weights + SLACK

    def leave(self) -> None:
        """Give the reserve up, before the run goes to another folder or where its files are gone."""
        with WRITING:
            self._reserve.give_up()

    def require(self, state: Checkpoint) -> bool:
        """Reserve room for states like this one; False where even the history has none to give."""
        self._state, self._step = state.size, int(state.counters["step"])
        self._weights = sum(array.nbytes for array in state.snapshot.weights.values())
        if self._reserve.size == self.needed:
            return True
        with WRITING:  # two threads write results
            return self._hold()

    def write(self, write: Callable[[], object]) -> None:
        """Call `write`, again with more room while it meets a full disk; raises its StudioError."""
        try:
            write()
        except StudioError as problem:
            if not is_full(problem):
                raise
        else:
            return
        with WRITING:  # moments wait, and take none of the room
            self._reserve.give_up()
            freed = 0
            while True:
                try:
                    write()
                    break
                except StudioError as problem:
                    given = self._give_way(freed) if is_full(problem) else 0
                    if not given:
                        raise
                    freed += given
            self._hold()

    def close(self) -> None:
        """Everything is written: leave no reserve behind."""
        with WRITING:
            self._reserve.give_up()
            self._state = 0

    def _hold(self) -> bool:
        freed = 0
        while not self._reserve.hold(self.needed):
            given = self._give_way(freed)
            if not given:
                return False
            freed += given
        return True

    def _give_way(self, freed: int) -> int:
        """Have a moment removed; 0 where none is left, or where twice the room that is needed did not help.

        On some disks (snapshots of a file system, a share of it) removing files gives no room at all.
        """
        return 0 if freed > 2 * self.needed else self._history_checkpoints.free_space(self._step)


def _allocate(descriptor: int, start: int, end: int) -> None:
    """Take the bytes from start to end on the disk; raises OSError if they are not there."""
    if end <= start:
        return
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, start, end - start)
        return
    os.lseek(descriptor, start, os.SEEK_SET)
    zeros = bytes(_CHUNK)
    while start < end:
        start += os.write(descriptor, zeros[: end - start])
