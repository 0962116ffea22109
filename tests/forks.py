"""Short programs that need a process each, and share its imports: one interpreter runs each in a fork.

For POSIX only. A fork ends as a program does: it leaves Python's main module, so streams are flushed and exit
codes are those of a process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

# Defines `case` by the code it is given, and calls it in a fork for each line of arguments.
LOOP = """
import json, os, sys
exec(sys.argv.pop(1))
for line in sys.stdin:
    child = os.fork()
    if not child:
        case(*json.loads(line))
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forks:
    """A process that waits for arguments; `close` ends it. code: imports, and a function `case`."""

    def __init__(self, code: str, home: Path) -> None:
        root = str(Path(__file__).resolve().parents[1])
        self._process = subprocess.Popen(
            [sys.executable, "-c", LOOP, code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": root, "AESTUDIO_HOME": str(home)},
        )

    def run(self, *arguments: str) -> int:
        """The exit code of a fork that called `case` with these arguments."""
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None
        assert answering is not None
        asking.write(f"{json.dumps(arguments)}\n")
        asking.flush()
        return int(answering.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=60)
