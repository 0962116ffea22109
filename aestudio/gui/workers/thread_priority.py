"""Threads that compute let the window's thread go first where there are fewer cores than work.

Training, questions and slow tasks are as ready to run as the window's own thread, and a core that is given
to one of them is given for some milliseconds: on two cores most of the window's lateness was the wait for
a core (measured, docs/decisions.md). With nobody else at work this costs them nothing.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

# Of 0 to 19: a tenth of the share of a thread at 0, while both want the same core.
_NICE = 10
_BELOW_NORMAL = -1


def lower_thread_priority() -> None:
    """Lower the calling thread's priority; threads that it starts inherit it where the system does so.

    On macOS nothing is done: its quality-of-service classes would move the work to slow cores.
    """
    if sys.platform == "linux":
        # Linux counts this for each thread, against what POSIX says.
        thread = threading.get_native_id()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, max(_NICE, os.getpriority(os.PRIO_PROCESS, thread)))
    elif sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetThreadPriority(kernel.GetCurrentThread(), _BELOW_NORMAL)
