"""Lowers the priority of computing threads, so that the window's thread gets a core first.

The system gives a core to a training, a request or a slow task for some milliseconds. With two cores, most
of the window's delay was the wait for a core (measured, docs/decisions.md). If a core is free, a low
priority costs nothing.
"""

from __future__ import annotations

import sys
import threading

from aestudio.helper_processes import lower_priority

_BELOW_NORMAL = -1


def lower_thread_priority() -> None:
    """Lower the calling thread's priority; threads that it starts inherit it where the system does so.

    On macOS nothing is done: its quality-of-service classes would move the work to slow cores.
    """
    if sys.platform == "linux":
        lower_priority(threading.get_native_id())  # Linux sets this per thread, unlike POSIX
    elif sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetThreadPriority(kernel.GetCurrentThread(), _BELOW_NORMAL)
