"""The folder that a training is written to: locked against other writers, and watched for removal."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.runs.run_dataset import FILE as OWN_DATASET
from aestudio.runs.shared_list import LOCK as LISTS_LOCK
from aestudio.storage.files import new_folder
from aestudio.storage.lock import FILE as WRITER_LOCK
from aestudio.storage.lock import RunLock
from aestudio.storage.os_errors import writing
from aestudio.storage.writer_sign import FILE as WRITER_SIGN
from aestudio.storage.writer_sign import OtherWriter, WriterSign

# If the system allows it, files are reached through the open folder and not through its path.
_BY_FOLDER = {os.open, os.unlink} <= os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
RESERVE = ".reserve"  # written by `disk_space.py`
_OWN = (WRITER_LOCK, WRITER_SIGN, LISTS_LOCK, RESERVE, OWN_DATASET)


class LockedFolder:
    """`path` is the folder; only one process holds it at a time.

    Raises StudioError if it cannot be created or written, or another process holds it.
    """

    def __init__(self, path: Path) -> None:
        with writing(path):
            path.mkdir(parents=True, exist_ok=True)
        self._original = path
        self._folder = -1
        self._hold(path)

    def require_empty(self) -> None:
        """Raises StudioError if the folder holds files other than those of the lock."""
        if any(path.name not in _OWN for path in self.path.iterdir()):
            raise StudioError(
                "This folder holds other files",
                where=str(self.path),
                advice="Choose a new or an empty folder for the run.",
            )

    @property
    def left_by(self) -> OtherWriter | None:
        """The process of another computer that wrote the folder before and did not say that it ended."""
        return self._lock.left_by

    def is_there(self) -> bool:
        """Whether the path leads to the very folder that is held, and no other computer has taken it."""
        if not self._sign.is_ours():
            return False
        try:
            return _identity(self.path) == self._held
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # unknown; the next write will show it

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

        On a system that reaches files by path only, a moved or deleted folder has no files.
        """
        return self._open_held(name, flags)

    def unlink(self, name: str) -> None:
        """Remove a file from the held folder, wherever that is now; raises OSError, as `open` does."""
        self._unlink_held(name)

    def rescue(self) -> None:
        """Hold a new, empty folder instead of one that is gone; raises StudioError.

        It is beside the old one, among the user's runs, or among temporary files: the first that can be
        written. Its name is the old name with "(rescued)".
        """
        problem: StudioError | None = None
        for parent in _candidates(self._original):
            try:
                path = new_folder(parent, f"{self._original.name} (rescued)")
                self.release()
                self._hold(path)
            except StudioError as refused:
                problem = problem or refused
            else:
                return
        raise problem or StudioError("There is no folder for this run", where=str(self._original))

    def renew_lock(self) -> None:
        """Lock it again after its lock file was deleted; raises StudioError like the first time."""
        self._lock.release()
        self.check()
        self._lock = RunLock(self.path)

    def release(self) -> None:
        """Let other writers hold it; may be called twice."""
        self._sign.close()
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
        self._sign = WriterSign(self._open_held, self._unlink_held)

    def _open_held(self, name: str, flags: int) -> int:
        if self._folder >= 0:
            return os.open(name, flags, 0o644, dir_fd=self._folder)
        self._require_there(name)
        return os.open(self.path / name, flags, 0o644)

    def _unlink_held(self, name: str) -> None:
        if self._folder >= 0:
            os.unlink(name, dir_fd=self._folder)
        else:
            self._require_there(name)
            (self.path / name).unlink()

    def _require_there(self, name: str) -> None:
        if _identity(self.path) != self._held:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path / name))


def _identity(folder: Path | int) -> tuple[int, int]:
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def _candidates(lost: Path) -> list[Path]:
    beside = [lost.parent] if lost.parent.is_dir() else []
    return [*beside, runs_folder(), Path(tempfile.gettempdir())]
