"""Helper processes: a library that is large, slow to import or holds the interpreter's lock runs in one.

Each is `sys.executable` with a few lines of Python. `multiprocessing` would run the user's own script a
second time if it has no guard, and would leave a resource tracker behind. The executable of a frozen program
is not Python: there, `cli/main.py` compares the first argument with the names below, before it imports
anything large.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

EMBEDDING_PROCESS = "--layout-process"
"""Computes embeddings (`analysis/embedding_process.py`)."""
ADDRESSES_PROCESS = "--addresses-process"
"""Imports torchvision (`datasets/download/addresses_process.py`)."""

NICE = 10
"""Of 0 to 19, for helper processes and computing threads: a tenth of the share of a thread at 0."""

_PROGRAM = """\
import sys
from importlib import import_module
module, value, *sys.path = sys.argv[1:]
import_module(module).main(*([float(value)] if value else []))
"""


def helper_command(name: str, module: str, value: float | None = None) -> list[str]:
    """The command line that calls `main(value)`, or `main()`, of a module in a process of its own.

    name: one of the names above. The process imports from the folders that this one imports from.
    """
    text = "" if value is None else str(value)
    if getattr(sys, "frozen", False):
        return [sys.executable, name, *([text] if text else [])]
    return [sys.executable, "-c", _PROGRAM, module, text, *(folder or os.getcwd() for folder in sys.path)]


def helper_flags() -> int:
    """`creationflags` for `subprocess`: on Windows no console window, and less priority than the window."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return 0


def lower_priority(thread: int = 0) -> None:
    """Leave the cores to the window first; on Windows `helper_flags` does it when the process is started.

    thread: on Linux the number of a thread; 0 for the process itself
    """
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, max(NICE, os.getpriority(os.PRIO_PROCESS, thread)))
