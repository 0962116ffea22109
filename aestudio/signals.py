"""The signals by which a person or the system asks a process to end."""

from __future__ import annotations

import signal

# Ctrl+C, a polite kill, a closed terminal; Windows has no closed terminal, but Ctrl+Break.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def ending_signals() -> tuple[signal.Signals, ...]:
    """Those that this system has, without the ones that this process was started to ignore (`nohup`)."""
    there = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return tuple(number for number in there if signal.getsignal(number) is not signal.SIG_IGN)
