"""The kept run, or the shipped model, that the views show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.subject import home_of

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.runs.index import KeptRun


def shown_kept_run(state: StudioState) -> KeptRun | None:
    """The entry of the list of runs that the shown model belongs to; None before anything is kept of it."""
    snapshot = state.snapshot
    if snapshot is None:
        return None
    for run in state.runs:
        if run.name == snapshot.run and home_of(run.name, run.folder) == snapshot.home:
            return run
    return None
