"""Turns errors of the operating system into sentences with a file and an advice."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_MOST_CHARACTERS = 300  # of a path in a message
_ANOTHER = "choose another folder (AESTUDIO_HOME names that of the program's own files)."
_TOO_LONG = "A name in it is longer than this system allows: choose a shorter one."


@contextmanager
def reading(path: Path) -> Generator[None]:
    """Inside it, an OSError while reading `path` becomes a StudioError naming it."""
    try:
        yield
    except FileNotFoundError:
        raise StudioError(
            "This file or folder does not exist",
            where=str(path),
            advice="Check the path, or choose another file or folder.",
        ) from None
    except OSError as error:
        if error.errno in _FORBIDDEN:
            raise StudioError(
                "No permission to read",
                where=str(path),
                advice="Change its permissions or choose a copy that you may read.",
            ) from error
        advice = "Check the disk and the file, then try again, or choose another file."
        raise StudioError(
            f"Cannot be read ({error.strerror or error})",
            where=shortened(str(path), _MOST_CHARACTERS),
            advice=_TOO_LONG if error.errno == errno.ENAMETOOLONG else advice,
        ) from error


@contextmanager
def writing(path: Path) -> Generator[None]:
    """Inside it, an OSError while writing `path` (full disk, no permission, ...) becomes a StudioError."""
    try:
        yield
    except OSError as error:
        raise _unwritable(path, error) from error


def is_full(problem: StudioError) -> bool:
    """Whether a file could not be written because the disk, or the user's quota is exhausted."""
    cause = problem.__cause__
    return isinstance(cause, OSError) and cause.errno in FULL


def _unwritable(path: Path, error: OSError) -> StudioError:
    if error.errno in FULL:
        return StudioError(
            "The disk is full; nothing half-written was left behind",
            where=str(path),
            advice=f"Free some space and try again, or {_ANOTHER}",
        )
    if error.errno in _FORBIDDEN:
        return StudioError(
            "No permission to write",
            where=str(path),
            advice=f"Change the folder's permissions, or {_ANOTHER}",
        )
    advice = f"Check the disk and try again, or {_ANOTHER}"
    return StudioError(
        f"Cannot be written ({error.strerror or error})",
        where=shortened(str(path), _MOST_CHARACTERS),
        advice=_TOO_LONG if error.errno == errno.ENAMETOOLONG else advice,
    )


def is_there(path: Path) -> bool:
    """Whether a file or folder of this path exists; raises StudioError if the system refuses the name."""
    with naming(path):
        return path.exists()


@contextmanager
def naming(path: Path) -> Generator[None]:
    """Inside it, a path that no file can have (too long, a zero byte) becomes a StudioError."""
    try:
        yield
    except OSError as error:
        raise StudioError(
            f"This path cannot be used ({error.strerror or error})",
            where=shortened(str(path), _MOST_CHARACTERS),
            advice=_TOO_LONG if error.errno == errno.ENAMETOOLONG else "Choose another one.",
        ) from error
    except ValueError as error:
        where = shortened(str(path), _MOST_CHARACTERS)
        raise StudioError("This is not a valid path", where=where, advice="Choose another path.") from error
