"""From where a run goes on whose training broke: the window knows its last checkpoint only.

The history in the folder of the run can be newer.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.studio_state import Message

if TYPE_CHECKING:
    from aestudio.errors import StudioError
    from aestudio.gui.state.run_state import RunState
    from aestudio.runs.newest_state import NewestState
    from aestudio.training.events import Checkpoint

translate = QCoreApplication.translate


def newest_state(run: RunState) -> NewestState:
    """The newest complete state in the folder of the run; called on a task's thread."""
    from aestudio.runs.kept_run import KeptRun

    return KeptRun.at(run.path).newest_state()


def with_newest(run: RunState, newest: NewestState) -> RunState:
    """The run, from whose newest complete state Resume continues."""
    checkpoint = newest.checkpoint
    if checkpoint is None or _step(checkpoint) < _step(run.checkpoint):
        checkpoint = run.checkpoint  # the newer one could not be written
    if checkpoint is None:
        return run
    return replace(run, checkpoint=checkpoint, live=MappingProxyType({**checkpoint.live, **run.live}))


def resume_message(run: RunState, newest: NewestState, problem: StudioError) -> Message:
    """Why the training broke, and from where Resume continues."""
    text = str(problem) if newest.newer_problem is None else f"{problem} {newest.newer_problem}"
    if run.checkpoint is None:
        return Message(str(problem), "bad")
    resumes = translate("session", "{} Resume continues from step {}.")
    return Message(resumes.format(text, f"{_step(run.checkpoint):,}"), "bad")


def _step(checkpoint: Checkpoint | None) -> int:
    return -1 if checkpoint is None else int(checkpoint.counters["step"])
