"""Closes the window on SIGINT (Ctrl+C), SIGTERM and SIGHUP (a closed terminal), so that the run is kept.

Qt's event loop runs no Python code between its events, so a Python handler would wait for the next event.
The interpreter therefore writes each signal's number to a socket that Qt reads (`signal.set_wakeup_fd`).
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Slot

from aestudio.signals import ending_signals

if TYPE_CHECKING:
    from types import FrameType

    from aestudio.gui.window.main_window import MainWindow

SIGNAL_EXIT_CODE = 128  # plus the signal's number, as shells report a process that a signal ended
SIGNALS_TO_EXIT_AT_ONCE = 3


class SignalWatcher(QObject):
    """Closes the window at the first signal, hurries it at the second, ends the process at the third.

    code: the exit code, 0 without a signal
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.code = 0
        self.count = 0
        self._window: MainWindow | None = None
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._previous_wakeup = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._previous_handlers = {number: signal.signal(number, self._handle) for number in ending_signals()}
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)

    def watch(self, window: MainWindow) -> None:
        """Set the window to close; if a signal has already arrived, the event loop closes it first of all.

        Not at once: `QApplication.quit` has no effect before the event loop runs, which would never end.
        """
        self._window = window
        QTimer.singleShot(0, self, self._close_window)

    @property
    def hurried(self) -> bool:
        """Whether closing waits only for the run that is being written."""
        return self.count > 1

    def stop(self) -> None:
        """Restore the previous signal handlers."""
        for number, handler in self._previous_handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._previous_wakeup)
        self._notifier.setEnabled(False)
        self._reading.close()
        self._writing.close()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        """Count the signal, and nothing else: a handler may run between any two instructions."""
        self.count += 1
        self.code = self.code or SIGNAL_EXIT_CODE + number
        if self.count >= SIGNALS_TO_EXIT_AT_ONCE:
            os._exit(self.code)

    @Slot()
    def _wake(self) -> None:
        with suppress(BlockingIOError):
            self._reading.recv(4096)
        self._close_window()

    @Slot()
    def _close_window(self) -> None:
        if self._window is None or not shiboken6.isValid(self._window) or not self.count:
            return
        if self.hurried:
            self._window.hurry()
        self._window.close()
