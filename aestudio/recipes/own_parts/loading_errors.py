"""Errors of the user's own Python files, as sentences that name the file and the line."""

from __future__ import annotations

import os
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError, is_shortage
from aestudio.printable import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

_MOST_CHARACTERS = 300  # of a reason


class PartUnavailable(StudioError):
    """A network or objective that a recipe names may not be loaded, or is faulty."""


class MissingPart(BadChoice):
    """A network or objective that a recipe names is not there. where: the user's folder for such parts."""

    def __init__(self, sort: str, kind: str, known: Iterable[str], where: str) -> None:
        super().__init__(sort, kind, known)
        self.what = f"There is no {sort} {shortened(kind, _MOST_CHARACTERS)!r} here"
        self.where = printable(where)
        self.advice = f"Put its folder there, or install the package that has it. {self.advice}"


@contextmanager
def loading(
    sort: str,
    kind: str,
    place: str,
    otherwise: str = "",
    passed_on: type[Exception] = StudioError,
    did: str = "cannot be loaded",
    at_work: bool = False,
) -> Generator[None]:
    """Inside it, any error of the part's own code becomes a PartUnavailable.

    place:     the part's folder; of the lines that led to the error, the last one below it is named
    otherwise: what is named if there is no such line; "" for the folder
    passed_on: an error that is not changed, as StudioError never is
    did:       what is said of the part
    at_work:   whether it was loaded before; then it is not blamed if memory runs out
    """
    try:
        yield
    except (StudioError, passed_on):
        raise
    except (Exception, SystemExit) as error:  # sys.exit() in a user's file must not end the program
        if at_work and is_shortage(error):
            raise
        raise PartUnavailable(
            f"The {sort} {kind} {did} ({_reason(error)})",
            where=_line_of(error, place) or otherwise or place,
            advice="Correct the file, or move its folder elsewhere.",
        ) from error


def _reason(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    words = " ".join(text.split())
    reason = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return shortened(reason, _MOST_CHARACTERS).rstrip(".")


def depth_of(error: BaseException, place: str) -> int:
    """Of the calls that led to the error, the number of the last one in a file below the folder, or -1."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [depth for depth, frame in enumerate(frames) if frame.filename.startswith(f"{place}{os.sep}")]
    return max(own, default=-1)


def _line_of(error: BaseException, place: str) -> str:
    """FILE and line of the part's own code that failed; "" if none of it was run."""
    below = f"{place}{os.sep}"
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(below):
        return f"{error.filename}, line {error.lineno or 1}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(below)]
    return f"{own[-1].filename}, line {own[-1].lineno}" if own else ""
