"""Errors for people: what happened, to which file or setting, and what to do now."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from aestudio.printable import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    OnProblem = Callable[["StudioError"], None]
    """Receives problems that do not end the work, such as a warning about a full disk."""


_MOST_CHARACTERS = 200  # of a wrong value in a message


class StudioError(Exception):
    """An error that is shown to people, never with a traceback.

    what:   one sentence, without a full stop: "The file ends before its last image"
    where:  the file, folder, address or setting it concerns, or ""
    advice: what to do now, a full sentence, or ""

    All three are printable, even if the name of a file is not valid UTF-8.
    """

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        self.what = printable(what)
        self.where = printable(where)
        self.advice = printable(advice)
        super().__init__(str(self))

    def __str__(self) -> str:
        sentence = f"{self.what}: {self.where}." if self.where else f"{self.what}."
        return f"{sentence} {self.advice}".rstrip()


def is_shortage(error: BaseException) -> bool:
    """Whether memory or the disk ran out, which is not the fault of the code that noticed it."""
    return is_out_of_memory(error) or is_disk_full(error)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, the computer's or a GPU's."""
    return isinstance(error, MemoryError) or "out of memory" in str(error).lower()


def is_disk_full(error: BaseException) -> bool:
    """Whether the disk ran out."""
    return isinstance(error, OSError) and error.errno == errno.ENOSPC


class BadChoice(StudioError):
    """A name or value that is not among the allowed ones; the command line ends with exit code 2."""

    def __init__(self, subject: str, value: object, allowed: Iterable[str] | str) -> None:
        self.subject = subject
        self.value = value
        self.allowed = allowed if isinstance(allowed, str) else ", ".join(allowed)
        shown = shortened(repr(value), _MOST_CHARACTERS)
        super().__init__(f"{subject} cannot be {shown}", advice=f"Allowed: {self.allowed}.")


class NoSuchPath(StudioError):
    """A path at which there is nothing; the command line ends with exit code 2.

    near:  names beside it that are spelled nearly so; other: what can be chosen instead
    """

    def __init__(self, path: str, near: Iterable[str], other: str) -> None:
        found = " or ".join(near)
        meant = f"Is it {found}? Otherwise" if found else "Correct the path, or"
        super().__init__("There is no such file or folder", where=path, advice=f"{meant} choose {other}.")


class Cancelled(Exception):
    """The user cancelled a slow job; raised from a progress callback, caught where the job was started."""


def ignore_problem(problem: StudioError) -> None:
    """An `OnProblem` that does nothing."""
