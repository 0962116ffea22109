"""Everything that can go wrong in a process without ending it, heard in one place."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
import traceback
import warnings
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

# The offscreen platform says so: of propagateSizeHints, of raise, of grabbing the keyboard.
_KNOWN_OF_QT = ("This plugin does not support ",)
_ALWAYS: tuple[type[Warning], ...] = (RuntimeWarning, ResourceWarning, UserWarning, BytesWarning)
_SHOWN = 3  # times that the same complaint is printed


class Complaints:
    """Hears of uncaught exceptions of any thread, of what cannot be raised, of warnings, of the log, of Qt.

    doing: what is being done now, which each complaint is printed with
    """

    def __init__(self, doing: Callable[[], str]) -> None:
        self.found: list[str] = []
        self._doing = doing
        self._log = _LogHandler(self.add)

    def listen(self) -> None:
        """From now on, in every thread."""
        sys.excepthook = self._exception
        threading.excepthook = lambda told: self._exception(told.exc_type, told.exc_value, told.exc_traceback)
        sys.unraisablehook = lambda told: self._exception(
            told.exc_type, told.exc_value, told.exc_traceback, f"ignored in {told.object!r}: "
        )
        qInstallMessageHandler(self._message)
        logging.getLogger().addHandler(self._log)
        self.listen_to_warnings()

    def listen_to_warnings(self) -> None:
        """Again: a library that has ignored some for a moment may have put back what was there before."""
        if warnings.showwarning is not self._warning:
            for category in _ALWAYS:
                warnings.simplefilter("always", category)
            warnings.showwarning = self._warning

    def add(self, text: str) -> None:
        """One more; the same one is counted, but printed a few times only."""
        self.found.append(text)
        if self.found.count(text) <= _SHOWN:
            print(f"COMPLAINT {len(self.found)} during {self._doing()}:\n{text}", file=sys.stderr, flush=True)

    def _exception(
        self,
        kind: type[BaseException],
        value: BaseException | None,
        trace: TracebackType | None,
        where: str = "",
    ) -> None:
        self.add(where + "".join(traceback.format_exception(kind, value, trace)))

    def _message(self, kind: QtMsgType, _: Any, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(_KNOWN_OF_QT):
            self.add(f"Qt: {text}")

    def _warning(
        self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object
    ) -> None:
        self.add(f"{filename}:{lineno}: {category.__name__}: {message}")


class _LogHandler(logging.Handler):
    def __init__(self, add: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._add = add

    def emit(self, record: logging.LogRecord) -> None:
        where = f"{record.name} ({record.threadName})"
        self._add(f"logged by {where}: {logging.Formatter('%(levelname)s %(message)s').format(record)}")


class Dumps:
    """What `faulthandler` writes when nothing moves for so long, in a file that can be read afterwards."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._file = tempfile.TemporaryFile("w+")  # noqa: SIM115 - open as long as the process writes to it
        self._read = 0

    def watch(self) -> None:
        """The time begins anew."""
        import faulthandler

        faulthandler.dump_traceback_later(self._seconds, file=self._file)

    def stop(self) -> None:
        """Nothing is waited for any more."""
        import faulthandler

        faulthandler.cancel_dump_traceback_later()
        self._file.close()

    def new(self) -> str:
        """What was written since the last time, "" where nothing was."""
        self._file.seek(self._read)
        text = self._file.read()
        self._read = self._file.tell()
        return text


class ForeignWrites:
    """Hears of every file that Python writes, moves or removes outside the allowed folders."""

    def __init__(self, *allowed: str) -> None:
        # Python and numba keep what they compile beside the sources.
        self._allowed, self._caches = (*allowed, "/dev/", "/proc/"), ("__pycache__", os.sep + "numba")
        self._found: set[str] = set()
        self._relative: set[str] = set()
        self._told: set[str] = set()
        sys.addaudithook(self._hear)

    def new(self) -> list[str]:
        """The paths that were not told yet. Of relative names those that lie in the working folder.

        The others were opened through the descriptor of a folder, which an audit event does not name.
        """
        found = self._found | {path for path in self._relative.copy() if os.path.lexists(path)}
        told = sorted(found - self._told)
        self._told.update(told)
        return told

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = flags & (os.O_WRONLY | os.O_RDWR) if isinstance(flags, int) else 0
            if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
                self._judge(path)
        elif event in ("os.remove", "os.rmdir") and arguments[1] != -1:
            pass  # through the descriptor of a folder
        elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.rename", "shutil.rmtree"):
            self._judge(arguments[0])

    def _judge(self, path: object) -> None:
        if isinstance(path, bytes | str | os.PathLike):
            name = os.fsdecode(path)
            full = os.path.abspath(name)
            if not full.startswith(self._allowed) and not any(cache in full for cache in self._caches):
                (self._found if os.path.isabs(name) else self._relative).add(full)
