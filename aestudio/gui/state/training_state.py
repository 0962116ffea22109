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
    """The training at hand. `checkpoint` is set where the run can go on.

    folder: where an opened run lies; None for one in its usual place
    parent: of a branch, the training points of the run that it left, from there on
    """

    phase: TrainingPhase = "idle"
    run: str = ""
    folder: Path | None = None
    started: Started | None = None
    pulse: TrainingProgress | None = None
    training: Series = field(default_factory=Series)
    validation: Series = field(default_factory=Series)
    live: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    ended: Ended | None = None
    problem: StudioError | None = None
    checkpoint: Checkpoint | None = None
    parent: Series = field(default_factory=Series)

    @property
    def active(self) -> bool:
        """Whether a trainer is at work or waits for a command."""
        return self.phase in ("preparing", "running", "paused", "stopping")

    @property
    def resumable(self) -> bool:
        """Whether Start would go on with this run instead of beginning a new one."""
        complete = self.ended is not None and self.ended.reason in ("finished", "early_stopping")
        return self.checkpoint is not None and not complete
