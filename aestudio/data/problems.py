"""Turns what the operating system refuses into sentences with a file and an advice."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Inside it, an OSError while reading `path` becomes a StudioError naming it."""
    try:
        yield
    except FileNotFoundError:
        raise StudioError(
            "There is no such file or folder", where=str(path), advice="Check the path or choose another one."
        ) from None
    except OSError as error:
        if error.errno in _FORBIDDEN:
            raise StudioError(
                "No permission to read",
                where=str(path),
                advice="Change its permissions or choose a copy that you may read.",
            ) from error
        raise StudioError(
            f"Cannot be read ({error.strerror or error})",
            where=str(path),
            advice="Check the disk and the file, then try again, or choose another file.",
        ) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Inside it, an OSError while writing `path` (full disk, no permission, ...) becomes a StudioError."""
    try:
        yield
    except OSError as error:
        raise _unwritable(path, error) from error


def is_full(problem: StudioError) -> bool:
    """Whether a file could not be written because the disk, or the person's share of it, is full."""
    cause = problem.__cause__
    return isinstance(cause, OSError) and cause.errno in FULL


def _unwritable(path: Path, error: OSError) -> StudioError:
    if error.errno in FULL:
        return StudioError(
            "The disk is full; nothing half-written was left behind",
            where=str(path),
            advice="Free some space and try again, or choose a folder that already holds the data.",
        )
    if error.errno in _FORBIDDEN:
        return StudioError(
            "No permission to write",
            where=str(path),
            advice="Change the folder's permissions, or name another home with AESTUDIO_HOME.",
        )
    return StudioError(
        f"Cannot be written ({error.strerror or error})",
        where=str(path),
        advice="Check the disk and try again, or name another home with AESTUDIO_HOME.",
    )
