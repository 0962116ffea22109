"""`aestudio`: opens the window, or runs one command. Problems are one line on stderr, never a traceback.

Exit codes: 0 success, 1 a problem, 2 a bad name or value, 130 stopped by the user.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from aestudio.cli.output import BAD_VALUE, PROBLEM, STOPPED, BadUsage, abandon, fail
from aestudio.errors import BadChoice, Cancelled, StudioError
from aestudio.printable import shortened
from aestudio.signals import ending_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LAYOUT_PROCESS = "--layout-process"
"""The argument with which a frozen program starts itself to compute embeddings."""
ADDRESSES_PROCESS = "--addresses-process"
"""The argument with which a frozen program starts itself to import torchvision."""
_UNPRINTABLE = "aestudio-unprintable"
_MOST_LETTERS = 300  # of a path in a message


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
        # The reader of the output has gone (`| head`): print nothing more, at exit neither.
        abandon(sys.stdout)
        return 0
    except OSError as problem:
        if os.environ.get("AESTUDIO_DEBUG"):
            raise
        return fail(_refused(problem), PROBLEM, arguments)
    except Exception as problem:
        if os.environ.get("AESTUDIO_DEBUG"):
            raise
        what = f"Unexpected problem ({type(problem).__name__}: {problem})"
        advice = "Set AESTUDIO_DEBUG=1 to see where it happened, and please report it."
        return fail(StudioError(what, advice=advice), PROBLEM, arguments)


def _refused(problem: OSError) -> StudioError:
    """What the operating system refuses, in a sentence with the file."""
    name = os.fsdecode(problem.filename) if isinstance(problem.filename, str | bytes | os.PathLike) else ""
    long = problem.errno == errno.ENAMETOOLONG
    advice = "Choose a shorter name." if long else "Check the path, the disk and the permissions."
    what = f"The operating system refuses this ({problem.strerror or problem})"
    return StudioError(what, where=shortened(name, _MOST_LETTERS), advice=advice)


def _act(arguments: Sequence[str]) -> int:
    if not arguments:
        # Opening the window needs no parser, which takes 0.2 s with its commands.
        from aestudio.gui.app import open_window

        return open_window()
    from aestudio.cli.parser import call

    return call(arguments)


def _written_somehow(error: UnicodeError) -> tuple[bytes | str, int]:
    """Encode what a terminal cannot show: a byte of a file's name as that byte, other characters as "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letter = error.object[error.start]
    if "\udc80" <= letter <= "\udcff":
        return bytes([ord(letter) - 0xDC00]), error.start + 1
    return "?", error.start + 1


def main() -> None:
    """The console entry point."""
    _prepare_streams()
    if sys.argv[1:2] == [LAYOUT_PROCESS]:
        from aestudio.analysis import embedding_child

        embedding_child.main(float(sys.argv[2]))
        return
    if sys.argv[1:2] == [ADDRESSES_PROCESS]:
        from aestudio.datasets.download import addresses_child

        addresses_child.main()
        return
    code = _run_until_told(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            abandon(stream)
    sys.exit(code)


def _prepare_streams() -> None:
    """Make stdout and stderr accept every character, and work even if they were closed."""
    # A stream that is closed (`>&-`) would be None; the next file that is opened would get its number.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    codecs.register_error(_UNPRINTABLE, _written_somehow)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_UNPRINTABLE)


def _nowhere() -> io.TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")


def _run_until_told(arguments: Sequence[str]) -> int:
    """The exit code of a command line that any signal to end stops as Ctrl+C does."""
    numbers = ending_signals()

    def stop(number: int, frame: Any) -> None:  # noqa: ARG001 - the protocol's shape
        _set(numbers, signal.SIG_IGN)  # a second signal prints nothing more
        raise KeyboardInterrupt

    _set(numbers, stop)
    try:
        return run(arguments)
    finally:
        # While the interpreter exits, nothing would catch the exception.
        _set(numbers, signal.SIG_DFL)


def _set(numbers: Sequence[signal.Signals], handler: Callable[[int, Any], None] | signal.Handlers) -> None:
    for number in numbers:
        signal.signal(number, handler)
