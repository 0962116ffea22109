"""The folder that a training is written to: held against other writers, and missed when it is gone."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs.run_dataset import FILE as OWN_DIGITS
from aestudio.runs.shared_list import LOCK as LISTS_LOCK
from aestudio.storage.files import free_name
from aestudio.storage.lock import FILE as WRITER_LOCK
from aestudio.storage.lock import RunLock
from aestudio.storage.os_errors import writing

# Where the system has it, files are reached through the folder itself and not through its path.
_BY_FOLDER = {os.open, os.unlink} <= os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
RESERVE = ".reserve"  # what `runs/room.py` takes room with
_OWN = (WRITER_LOCK, LISTS_LOCK, RESERVE, OWN_DIGITS)


class LockedFolder:
    """`path` is the folder; only one process holds it at a time.

    Raises StudioError if it cannot be made or written, or where somebody else holds it.
    """

    def __init__(self, path: Path) -> None:
        with writing(path):
            path.mkdir(parents=True, exist_ok=True)
        self._first = path
        self._folder = -1
        self._hold(path)

    def refuse_strangers(self) -> None:
        """Raises StudioError if there is more in it than what holding it brings along."""
        if any(path.name not in _OWN for path in self.path.iterdir()):
            raise StudioError(
                "This folder holds other files",
                where=str(self.path),
                advice="Choose a new or an empty folder for the run.",
            )

    def is_there(self) -> bool:
        """Whether the path still leads to the very folder that is held."""
        try:
            return _identity(self.path) == self._held
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # cannot be told; writing will

    def check(self) -> None:
        """Raises StudioError if the path does not lead to the held folder any more."""
        if not self.is_there():
            raise StudioError(
                "This folder was moved or deleted",
                where=str(self.path),
                advice="Start again, or choose another folder for the run.",
            )

    def open(self, name: str, flags: int) -> int:
        """The descriptor of a file in the held folder, wherever that is now; raises OSError.

        Where the system cannot reach it but by its path, one that was moved or deleted has no files.
        """
        if self._folder >= 0:
            return os.open(name, flags, 0o644, dir_fd=self._folder)
        self._refuse_others(name)
        return os.open(self.path / name, flags, 0o644)

    def unlink(self, name: str) -> None:
        """Remove a file from the held folder, wherever that is now; raises OSError, as `open` does."""
        if self._folder >= 0:
            os.unlink(name, dir_fd=self._folder)
        else:
            self._refuse_others(name)
            (self.path / name).unlink()

    def replace(self) -> None:
        """Hold a new, empty folder in the place of one that is gone; raises StudioError.

        It lies beside the old one, or among the user's runs, or where temporary files are, whichever can
        be written. Its name is the old one's and says that the run was rescued.
        """
        problem: StudioError | None = None
        for parent in _places(self._first):
            try:
                path = _new_folder(parent, f"{self._first.name} (rescued)")
                self.release()
                self._hold(path)
            except StudioError as refused:
                problem = problem or refused
            else:
                return
        raise problem or StudioError("There is no folder for this run", where=str(self._first))

    def hold_again(self) -> None:
        """Hold it by a new lock file, where that was deleted; raises StudioError like the first time."""
        self._lock.release()
        self.check()
        self._lock = RunLock(self.path)

    def release(self) -> None:
        """Let others write into it; may be called twice."""
        self._lock.release()
        if self._folder >= 0:
            os.close(self._folder)
            self._folder = -1

    def _hold(self, path: Path) -> None:
        self._lock = RunLock(path)
        self.path = path
        if _BY_FOLDER:
            # As long as it is open, no other folder gets its number, also when it is deleted.
            with suppress(OSError):  # a folder that may be written and not read
                self._folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        with writing(path):
            self._held = _identity(path if self._folder < 0 else self._folder)

    def _refuse_others(self, name: str) -> None:
        if not self.is_there():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path / name))


def _identity(folder: Path | int) -> tuple[int, int]:
    found = os.stat(folder)
    return found.st_dev, found.st_ino


def _places(lost: Path) -> list[Path]:
    beside = [lost.parent] if lost.parent.is_dir() else []
    return [*beside, runs_folder(), Path(tempfile.gettempdir())]


def _new_folder(parent: Path, name: str) -> Path:
    with writing(parent):
        parent.mkdir(parents=True, exist_ok=True)
        while True:
            path = free_name(parent, name)
            try:
                path.mkdir()
            except FileExistsError:
                continue  # another process was faster
            return path
