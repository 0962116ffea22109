"""What to say of a run that was in a list and is not there any more, and how to restore it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.removed_runs import removed_runs
from aestudio.runs.run_record import FILE
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from pathlib import Path


def check_there(folder: Path) -> None:
    """Raises StudioError if the run of this folder is gone."""
    if not is_there(folder / FILE):
        raise missing_run(str(folder), folder.name)


def missing_run(where: str, name: str) -> StudioError:
    """The error of a run of this name that was removed in another window, or by hand."""
    if can_be_restored(name):
        advice = "To bring it back: Restore, in the window of all runs."
        return StudioError("This run was removed meanwhile", where=where, advice=advice)
    return StudioError(
        "This run is not there any more, because its folder was removed or renamed",
        where=where,
        advice="Put the folder back, from the system's trash or a copy of it, or choose another run.",
    )


def can_be_restored(name: str) -> bool:
    """Whether a run of this name is in the trash folder."""
    try:
        return any(one.name == name for one in removed_runs())
    except StudioError:
        return False
