"""Takes a sabotage away: a branch from the state before it, which goes on as if nothing had happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.branch import branch_run

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.runs.kept_run import KeptRun


def repaired_run(run: KeptRun, folder: Path | None = None) -> KeptRun:
    """A new run, stopped where the sabotage of another one began; `resume` continues it.

    Bit for bit it is what the other run would have become. If that state is gone, an earlier one is taken.

    folder: the folder of kept runs; None for the user's own
    Raises StudioError for a run without a sabotage, and if no state before it is left.
    """
    applied = run.require_record().sabotage
    if applied is None:
        raise StudioError("Nothing is to be repaired in this run", where=run.title)
    before = [one.step for one in run.history_checkpoints() if one.step <= applied.step]
    while before:
        step = before.pop()
        if not run.history_weights(step).sabotage:
            return branch_run(run, step, {}, folder)
    raise StudioError(
        "The state before the sabotage is gone",
        where=str(run.folder),
        advice="Start a new run of the same recipe.",
    )
