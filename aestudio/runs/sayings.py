"""What is said of a run that cannot be recorded as it should be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aestudio.data.problems import is_full
from aestudio.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path


def not_kept(folder: Path, problem: StudioError) -> StudioError:
    """The newest state could not be written."""
    return StudioError(
        f"The newest state of this run is not kept ({problem.what})", where=str(folder),
        advice="Make room or give permission: writing is tried again as long as the training goes on.",
    )  # fmt: skip


def moved(lost: Path, folder: Path) -> StudioError:
    """The folder was gone; the run is kept in another one."""
    return StudioError(
        "The folder of this run was moved or deleted while it was trained", where=str(lost),
        advice=f'Its newest state and its curves are kept in "{folder}" instead; '
        "the history of its states begins anew there.",
    )  # fmt: skip


def deleted(folder: Path) -> StudioError:
    """The folder is there, and what lay in it was deleted."""
    return StudioError(
        "Files of this run were deleted while it was trained", where=str(folder),
        advice="Its newest state and its curves were written again; earlier states of its history are gone "
        "where they were deleted.",
    )  # fmt: skip


def no_room(folder: Path, size: int) -> StudioError:
    """What the end of the training writes, `size` bytes, could not be reserved."""
    return StudioError(
        "The disk may have no room for the end of this training", where=str(folder),
        advice=f"Free {math.ceil(size / 1e6)} MB before it ends.",
    )  # fmt: skip


def history_gives_way(folder: Path, problem: StudioError | None) -> StudioError:
    """A state on the way was not kept. problem: why; None where it made room for another one."""
    if problem is not None and not is_full(problem):
        return StudioError(
            f"A state on this run's way is not kept ({problem.what})", where=str(folder),
            advice="The training goes on.",
        )  # fmt: skip
    return StudioError(
        "The disk is full, so earlier states of this run's history make room for newer ones",
        where=str(folder), advice="Free some space to keep more of them. The training goes on.",
    )  # fmt: skip
