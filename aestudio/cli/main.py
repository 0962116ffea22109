"""`aestudio`: opens the window, or runs one command. Problems are one line on stderr, never a traceback.

Exit codes: 0 success, 1 a problem, 2 a bad name or value, 130 stopped by the user; the window, ended by a
signal, 128 and its number.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aestudio.cli.output import (
    BAD_VALUE,
    PROBLEM,
    STOPPED,
    BadUsage,
    Stopped,
    discard_output,
    print_error,
)
from aestudio.errors import BadChoice, Cancelled, NoSuchPath, StudioError
from aestudio.helper_processes import ADDRESSES_PROCESS, EMBEDDING_PROCESS
from aestudio.printable import shortened
from aestudio.signals import ending_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_UNPRINTABLE = "aestudio-unprintable"
_MOST_CHARACTERS = 300  # of a path in a message


def run(arguments: Sequence[str], signals: Sequence[int] = ()) -> int:
    """Run one command line; returns the exit code.

    signals: those that arrived until now. A library may turn the interrupt of one into an error of its own,
             as PySide6 does while it is imported; that is a stop all the same.
    """
    try:
        return _run_command(arguments)
    except StudioError as problem:
        return print_error(problem, _exit_code(problem), arguments)
    except (KeyboardInterrupt, Cancelled):
        return print_error(StudioError("Stopped"), STOPPED, arguments)
    except BrokenPipeError:
        # The reader of the output has gone (`| head`): print nothing more, at exit neither.
        discard_output(sys.stdout)
        return 0
    except OSError as problem:
        if os.environ.get("AESTUDIO_DEBUG"):
            raise
        return print_error(_as_sentence(problem), PROBLEM, arguments)
    except Exception as problem:
        if os.environ.get("AESTUDIO_DEBUG"):
            raise
        if signals and isinstance(problem, ImportError):
            return print_error(StudioError("Stopped"), STOPPED, arguments)
        what = f"Unexpected problem ({type(problem).__name__}: {problem})"
        advice = "Set AESTUDIO_DEBUG=1 to see where it happened, and please report it."
        return print_error(StudioError(what, advice=advice), PROBLEM, arguments)


def _exit_code(problem: StudioError) -> int:
    if isinstance(problem, BadChoice | BadUsage | NoSuchPath):
        return BAD_VALUE
    return STOPPED if isinstance(problem, Stopped) else PROBLEM


def _as_sentence(problem: OSError) -> StudioError:
    """An error of the operating system as a sentence with the file."""
    file = cast("object", problem.filename)  # a path of any kind, a number or None
    name = os.fsdecode(cast("str", file)) if isinstance(file, str | bytes | os.PathLike) else ""
    long = problem.errno == errno.ENAMETOOLONG
    advice = "Choose a shorter name." if long else "Check the path, the disk and the permissions."
    what = f"The operating system refuses this ({problem.strerror or problem})"
    return StudioError(what, where=shortened(name, _MOST_CHARACTERS), advice=advice)


def _run_command(arguments: Sequence[str]) -> int:
    if not arguments:
        # Opening the window needs no parser, which takes 0.2 s with its commands.
        from aestudio.gui.app import open_window

        return open_window()
    if len(arguments) == 1 and _is_file_to_open(arguments[0]):
        from aestudio.gui.app import open_window

        return open_window(file=Path(arguments[0]))
    from aestudio.cli.parser import call

    return call(arguments)


def _is_file_to_open(argument: str) -> bool:
    """Whether it is a file and no command: a double click on a shared run is this command line."""
    from aestudio.cli.before_setup import command_names

    try:
        return argument not in command_names() and Path(argument).is_file()
    except ValueError:
        return False


def _encode_anyway(error: UnicodeError) -> tuple[bytes | str, int]:
    """Encode what a terminal cannot show: a byte of a file's name as that byte, other characters as "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if "\udc80" <= character <= "\udcff":
        return bytes([ord(character) - 0xDC00]), error.start + 1
    return "?", error.start + 1


def main() -> None:
    """The console entry point."""
    _prepare_streams()
    if sys.argv[1:2] == [EMBEDDING_PROCESS]:
        from aestudio.analysis import embedding_child

        embedding_child.main(float(sys.argv[2]))
        return
    if sys.argv[1:2] == [ADDRESSES_PROCESS]:
        from aestudio.datasets.download import addresses_child

        addresses_child.main()
        return
    code = _run_until_signal(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            discard_output(stream)
    sys.exit(code)


def _prepare_streams() -> None:
    """Make stdout and stderr accept every character, and work even if they were closed."""
    # A stream that is closed (`>&-`) would be None; the next file that is opened would get its number.
    sys.stdout = sys.stdout or _null_stream()
    sys.stderr = sys.stderr or _null_stream()
    codecs.register_error(_UNPRINTABLE, _encode_anyway)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_UNPRINTABLE)


def _null_stream() -> io.TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")


def _run_until_signal(arguments: Sequence[str]) -> int:
    """Run a command line, which any ending signal stops as Ctrl+C does; returns the exit code."""
    numbers = ending_signals()
    received: list[int] = []

    def stop(number: int, frame: Any) -> None:  # noqa: ARG001 - the protocol's shape
        _set_handlers(numbers, signal.SIG_IGN)  # a second signal prints nothing more
        received.append(number)
        raise KeyboardInterrupt

    _set_handlers(numbers, stop)
    try:
        code = run(arguments, received)
        # The window's own code, also if it was still being imported.
        return 128 + received[0] if received and _opens_window(arguments) else code
    finally:
        # While the interpreter exits, nothing would catch the exception.
        _set_handlers(numbers, signal.SIG_DFL)


def _opens_window(arguments: Sequence[str]) -> bool:
    from aestudio.cli.before_setup import command_names

    return not set(arguments) & set(command_names())


def _set_handlers(
    numbers: Sequence[signal.Signals], handler: Callable[[int, Any], None] | signal.Handlers
) -> None:
    for number in numbers:
        signal.signal(number, handler)
