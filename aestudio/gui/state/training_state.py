"""One training as the window sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from aestudio.gui.state.series import Series

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.errors import StudioError
    from aestudio.training.events import Checkpoint, Ended, Started, TrainingProgress


TrainingPhase = Literal["idle", "preparing", "running", "paused", "stopping", "ended"]


@dataclass(frozen=True)
class TrainingState:
    """The current training. `checkpoint` is set if the run can be resumed.

    folder: of an opened run; None for a run in the usual folder
    parent: for a branch, the training points of its parent run after the branch
    start_when_ready:   whether the training starts as soon as the images and torch are loaded
    first_step_only:    whether it pauses after its first step
    first_phase:        the name of the only phase of that step, "" for a whole step
    reset_when_stopped: whether the initial weights are shown once it has ended
    """

    phase: TrainingPhase = "idle"
    run: str = ""
    folder: Path | None = None
    started: Started | None = None
    progress: TrainingProgress | None = None
    training: Series = field(default_factory=Series)
    validation: Series = field(default_factory=Series)
    live: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    ended: Ended | None = None
    problem: StudioError | None = None
    checkpoint: Checkpoint | None = None
    parent: Series = field(default_factory=Series)
    start_when_ready: bool = False
    first_step_only: bool = False
    first_phase: str = ""
    reset_when_stopped: bool = False

    @property
    def active(self) -> bool:
        """Whether a trainer runs or waits for a command."""
        return self.phase in ("preparing", "running", "paused", "stopping")

    @property
    def resumable(self) -> bool:
        """Whether Start would resume this run instead of starting a new one."""
        complete = self.ended is not None and self.ended.reason in ("finished", "early_stopping")
        return self.checkpoint is not None and not complete
