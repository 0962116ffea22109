"""`aestudio`: opens the window, or runs one command. Problems are one line on stderr, never a traceback.

Exit codes: 0 well, 1 a problem, 2 a bad name or value, 130 stopped by the person.
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from aestudio.cli.output import BAD_VALUE, PROBLEM, STOPPED, BadUsage, fail
from aestudio.errors import BadChoice, Cancelled, StudioError

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    try:
        return _act(arguments)
    except (BadChoice, BadUsage) as problem:
        return fail(problem, BAD_VALUE, arguments)
    except StudioError as problem:
        return fail(problem, PROBLEM, arguments)
    except (KeyboardInterrupt, Cancelled):
        return fail(StudioError("Stopped"), STOPPED, arguments)
    except BrokenPipeError:
        # Whoever read the output has gone (`| head`): nothing more to say, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:
        if os.environ.get("AESTUDIO_DEBUG"):
            raise
        what = f"Unexpected problem ({type(problem).__name__}: {problem})"
        advice = "Set AESTUDIO_DEBUG=1 to see where, and please report it."
        return fail(StudioError(what, advice=advice), PROBLEM, arguments)


def _act(arguments: Sequence[str]) -> int:
    if not arguments:
        # The plain window waits for no parser of arguments (0.2 s with its commands).
        from aestudio.gui.app import open_window

        return open_window()
    from aestudio.cli.app import call

    return call(arguments)


def main() -> None:
    """The console entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Greek letters
    sys.exit(run(sys.argv[1:]))
