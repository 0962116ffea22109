"""What the next start of the program shows: the view in front, and a run. Pure functions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.paths import runs_folder

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def run_to_open(state: StudioState) -> str:
    """The run that the next start opens: its folder, or the name of a shipped model; "" for none.

    It is what is on the screen; but a training that goes on comes first, because it can then be resumed.
    """
    training = state.training
    if training.active and training.run:
        return str(training.path)
    if state.model is None or not state.model.snapshot.run:
        return ""
    snapshot = state.model.snapshot
    if state.model.origin == "shipped":
        return snapshot.run
    return str(Path(snapshot.home) if snapshot.home else runs_folder() / snapshot.run)
