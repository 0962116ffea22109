"""What a test of the window may not leave behind: threads, windows, files elsewhere, errors in the log."""

from __future__ import annotations

import gc
import logging
import os
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PATIENCE = 120.0  # seconds for threads and windows that are already ending, on a busy machine
_CACHES = ("__pycache__", ".hypothesis", ".pytest_cache", ".ruff_cache")


class WrittenFiles:
    """Records every file that Python opens for writing in this process while it is active."""

    def __init__(self) -> None:
        self.found: set[str] | None = None
        self._relative: set[str] = set()
        self._allowed = (tempfile.gettempdir(), "/dev/", "/proc/")
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.found is None or event not in ("open", "os.mkdir"):
            return
        path = arguments[0]
        if event == "open":
            _, mode, flags = arguments
            writes = flags & (os.O_WRONLY | os.O_RDWR) if isinstance(flags, int) else 0
            if not (writes or (isinstance(mode, str) and set(mode) & set("wax+"))):
                return
        if isinstance(path, bytes | str | os.PathLike):
            name = os.fsdecode(path)
            if not os.path.isabs(name):
                self._relative.add(os.path.abspath(name))
            self._check(os.path.abspath(name))

    def take(self) -> set[str]:
        """The recorded files; recording stops. Relative paths only if they exist in the working folder.

        Other relative paths were opened through the descriptor of a folder, which the audit event lacks.
        """
        found, self.found = self.found or set(), None
        return {path for path in found if path not in self._relative or os.path.lexists(path)}

    def _check(self, path: str) -> None:
        known = path.startswith(self._allowed) or any(cache in path for cache in _CACHES)
        if not known and self.found is not None:
            self.found.add(path)


class LoggedErrors(logging.Handler):
    """Collects the log records of level ERROR and above."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


class Leftovers:
    """Threads and windows that are there at the end of a time and were not at its beginning."""

    def __init__(self) -> None:
        self._threads = set(threading.enumerate())
        self._widgets = _top_level_widgets()

    def complaints(self) -> list[str]:
        """One line for each that is still there after waiting."""
        found = [f"thread still at work: {name}" for name in self._left(self._thread_names)]
        return found + [f"window still there: {name}" for name in self._left(self._widget_names)]

    def _left(self, look: Callable[[], Iterable[str]]) -> list[str]:
        """The names that are still there after waiting."""
        until = time.monotonic() + PATIENCE
        collects = False
        while (left := list(look())) and time.monotonic() < until:
            _delete_widgets()
            # Collecting takes half a second with torch loaded, and most things go without it.
            if collects:
                gc.collect()
                time.sleep(0.02)
            collects = True
        return left

    def _thread_names(self) -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread not in self._threads]

    def _widget_names(self) -> list[str]:
        return [name for address, name in _top_level_widgets().items() if address not in self._widgets]


class Guard:
    """Compares the state before and after a test; `complaints` describes what was left behind.

    shared: the test has a window that other tests have too: its threads and windows stay, and are looked at
    when the last of them has ended
    """

    def __init__(self, files: WrittenFiles, shared: bool = False) -> None:
        self._files = files
        self.errors = LoggedErrors()
        self.errors_expected = False
        self._leftovers = None if shared else Leftovers()
        files.found = set()
        logging.getLogger().addHandler(self.errors)

    def complaints(self) -> list[str]:
        """One line for each thing left behind."""
        logging.getLogger().removeHandler(self.errors)
        written = self._files.take()
        found = [] if self._leftovers is None else self._leftovers.complaints()
        found += [f"file written outside the test's folder: {path}" for path in sorted(written)]
        if not self.errors_expected:
            format_record = logging.Formatter().format
            found += [f"error logged: {format_record(record)}" for record in self.errors.records]
        return found


def _top_level_widgets() -> dict[int, str]:
    """Names of the windows by address; empty without an application."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return {}
    import shiboken6

    found = {}
    for widget in widgets.QApplication.topLevelWidgets():
        # Qt keeps the box of a tooltip for the next time; pyqtgraph makes menus that belong to nobody.
        kept = widget.objectName() == "qtooltip_label" or isinstance(widget, widgets.QMenu)
        if widget.isVisible() or not kept:
            title = widget.windowTitle() or widget.accessibleName() or widget.objectName()
            found[shiboken6.getCppPointer(widget)[0]] = f"{type(widget).__name__} {title!r}"
    return found


def _delete_widgets() -> None:
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
