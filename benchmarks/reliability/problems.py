"""Collects the problems that do not end a process: exceptions, warnings, log records, Qt messages."""

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

# From the offscreen platform, for propagateSizeHints, raise and grabbing the keyboard.
_KNOWN_OF_QT = ("This plugin does not support ",)
_ALWAYS: tuple[type[Warning], ...] = (RuntimeWarning, ResourceWarning, UserWarning, BytesWarning)
_SHOWN = 3  # times that the same problem is printed


class ProblemCollector:
    """Collects uncaught and unraisable exceptions of any thread, warnings, log records and Qt messages.

    doing: describes the current action, which is printed with each problem
    """

    def __init__(self, doing: Callable[[], str]) -> None:
        self.found: list[str] = []
        self._doing = doing
        self._log = _LogHandler(self.add)

    def install(self) -> None:
        """Collect from now on, in every thread."""
        sys.excepthook = self._exception
        threading.excepthook = lambda hook: self._exception(hook.exc_type, hook.exc_value, hook.exc_traceback)
        sys.unraisablehook = lambda hook: self._exception(
            hook.exc_type, hook.exc_value, hook.exc_traceback, f"ignored in {hook.object!r}: "
        )
        qInstallMessageHandler(self._message)
        logging.getLogger().addHandler(self._log)
        self.install_warnings_hook()

    def install_warnings_hook(self) -> None:
        """Install the hook again: a library that ignored warnings may have restored the old one."""
        if warnings.showwarning is not self._warning:
            for category in _ALWAYS:
                warnings.simplefilter("always", category)
            warnings.showwarning = self._warning

    def add(self, text: str) -> None:
        """Add a problem; the same one is printed a few times only."""
        self.found.append(text)
        if self.found.count(text) <= _SHOWN:
            print(f"PROBLEM {len(self.found)} during {self._doing()}:\n{text}", file=sys.stderr, flush=True)

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
    """The stacks that `faulthandler` writes to a file if nothing happens for `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._file = tempfile.TemporaryFile("w+")  # noqa: SIM115 - open as long as the process writes to it
        self._read = 0

    def restart(self) -> None:
        """Restart the timeout."""
        import faulthandler

        faulthandler.dump_traceback_later(self._seconds, file=self._file)

    def stop(self) -> None:
        """Cancel the timeout and close the file."""
        import faulthandler

        faulthandler.cancel_dump_traceback_later()
        self._file.close()

    def new(self) -> str:
        """The stacks written since the last call, or ""."""
        self._file.seek(self._read)
        text = self._file.read()
        self._read = self._file.tell()
        return text


class OutsideWrites:
    """Records every file that Python writes, moves or removes outside the allowed folders."""

    def __init__(self, *allowed: str) -> None:
        # Python and numba write their caches beside the sources.
        self._allowed, self._caches = (*allowed, "/dev/", "/proc/"), ("__pycache__", os.sep + "numba")
        self._paths: set[str] = set()
        self._relative: set[str] = set()
        self._returned: set[str] = set()
        sys.addaudithook(self._audit)

    def new(self) -> list[str]:
        """The paths since the last call; relative ones only if they exist in the working folder.

        Other relative paths were opened through the descriptor of a folder, which the audit event lacks.
        """
        paths = self._paths | {path for path in self._relative.copy() if os.path.lexists(path)}
        new = sorted(paths - self._returned)
        self._returned.update(new)
        return new

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = flags & (os.O_WRONLY | os.O_RDWR) if isinstance(flags, int) else 0
            if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
                self._check(path)
        elif event in ("os.remove", "os.rmdir") and arguments[1] != -1:
            pass  # through the descriptor of a folder
        elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.rename", "shutil.rmtree"):
            self._check(arguments[0])

    def _check(self, path: object) -> None:
        if isinstance(path, bytes | str | os.PathLike):
            name = os.fsdecode(path)
            full = os.path.abspath(name)
            if not full.startswith(self._allowed) and not any(cache in full for cache in self._caches):
                (self._paths if os.path.isabs(name) else self._relative).add(full)
