"""The signals with which the user or the system ends a process."""

from __future__ import annotations

import signal

# Ctrl+C, a polite kill, a closed terminal; Windows has no closed terminal, but Ctrl+Break.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def ending_signals() -> tuple[signal.Signals, ...]:
    """The ending signals of this system, without those that the process was started to ignore (`nohup`)."""
    there = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return tuple(number for number in there if signal.getsignal(number) is not signal.SIG_IGN)
