"""Signals end the window as closing it does: Ctrl+C in its terminal, a polite kill, a closed terminal.

Qt's loop runs no Python between its events, so Python's handlers would wait for the next one. The
interpreter therefore writes each signal's number into a socket that Qt listens to (`signal.set_wakeup_fd`).
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Slot

from aestudio.signals import ending_signals

if TYPE_CHECKING:
    from types import FrameType

    from aestudio.gui.window.main_window import MainWindow

SIGNALLED = 128  # and the signal's number: a shell's exit code of who was ended by one
# Whoever asks a third time does not want to wait for anything.
AT_ONCE = 3


class SignalWatcher(QObject):
    """Closes the window at the first signal and hurries it at the second; the third ends the process.

    code: the exit code, 0 where no signal came
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.code = 0
        self.count = 0
        self._window: MainWindow | None = None
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._wakeup_before = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, self._count) for number in ending_signals()}
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def watch(self, window: MainWindow) -> None:
        """The window that is to be closed; at once where a signal has come already."""
        self._window = window
        self._act()

    @property
    def hurried(self) -> bool:
        """Whether nothing is to be waited for any more but the run that is being kept."""
        return self.count > 1

    def stop(self) -> None:
        """Give the signals back to whom they were before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._notifier.setEnabled(False)
        self._reading.close()
        self._writing.close()

    def _count(self, number: int, frame: FrameType | None) -> None:
        """Python's own handler: it may run between any two lines of the window's code, so it only counts."""
        self.count += 1
        self.code = self.code or SIGNALLED + number
        if self.count >= AT_ONCE:
            os._exit(self.code)

    @Slot()
    def _woken(self) -> None:
        with suppress(BlockingIOError):
            self._reading.recv(4096)
        self._act()

    def _act(self) -> None:
        if self._window is None or not self.count:
            return
        if self.hurried:
            self._window.hurry()
        self._window.close()
