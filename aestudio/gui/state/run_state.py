"""One run as the window sees it, and what it has in common with those that are trained beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from aestudio.gui.state.series import Series
from aestudio.paths import runs_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from aestudio.errors import StudioError
    from aestudio.runs.kept_run import KeptRun
    from aestudio.runs.view_file import KeptView
    from aestudio.sabotage.sabotage import AppliedSabotage
    from aestudio.training.events import (
        Checkpoint,
        Ended,
        LiveChange,
        MetricPoint,
        Paused,
        Snapshot,
        Started,
        TrainingProgress,
    )

TrainingPhase = Literal["idle", "preparing", "running", "paused", "stopping", "ended"]
TrainingGroup = Literal["training", "comparison"]
"""The runs that are trained together: a single one, or the compared ones."""


@dataclass(frozen=True)
class PendingStart:
    """A start that waits for images and torch.

    one_step: whether the training pauses after its first step
    phase:    the name of the only phase of that step, "" for a whole step
    """

    group: TrainingGroup = "training"
    one_step: bool = False
    phase: str = ""


@dataclass(frozen=True, eq=False)
class RunState:
    """A run that is trained, was trained, or was opened. `checkpoint` is set if it can be resumed.

    run:    its name, "" before it has one; kept_title: of a new one, "" for the title of its recipe
    folder: of an opened run; None for a run in the usual folder
    ended:  why it ended; its phase is "ended" once all runs that are trained beside it have ended, too
    parent: for a branch, the training points of its parent run after the branch
    changes: of its settings while it was trained, in order, with those of the runs that it branched from
    code_uses: its validations that say how far the code is used, in order
    opened:   the files of an opened run, until it is resumed
    view:   what was set up in it when it was opened
    snapshot: its newest weights since it is trained here; None before
    pause:  the newest one
    sabotage: what is done wrong on purpose in it, and since which step; None for nothing
    guess:  the name of the diagnostic that was guessed to catch it, "" before
    reset_when_stopped: whether the initial weights are shown once it has ended
    """

    phase: TrainingPhase = "idle"
    run: str = ""
    kept_title: str = ""
    folder: Path | None = None
    started: Started | None = None
    progress: TrainingProgress | None = None
    training: Series = field(default_factory=Series)
    validation: Series = field(default_factory=Series)
    live: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    changes: tuple[LiveChange, ...] = ()
    code_uses: tuple[MetricPoint, ...] = ()
    opened: KeptRun | None = None
    view: KeptView | None = None
    ended: Ended | None = None
    problem: StudioError | None = None
    checkpoint: Checkpoint | None = None
    parent: Series = field(default_factory=Series)
    snapshot: Snapshot | None = None
    pause: Paused | None = None
    sabotage: AppliedSabotage | None = None
    guess: str = ""
    reset_when_stopped: bool = False

    @property
    def active(self) -> bool:
        """Whether a trainer runs or waits for a command."""
        return self.phase not in ("idle", "ended")

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.folder or runs_folder() / self.run

    @property
    def resumable(self) -> bool:
        """Whether Start would resume this run instead of starting a new one."""
        complete = self.ended is not None and self.ended.reason in ("finished", "early_stopping")
        return self.checkpoint is not None and not complete


def phase_of(runs: Iterable[RunState]) -> TrainingPhase:
    """Phase of runs that are trained together: paused once each of them is that has not ended."""
    runs = tuple(runs)
    phases = {run.phase for run in runs if run.ended is None} or {run.phase for run in runs}
    ordered: tuple[TrainingPhase, ...] = ("stopping", "running", "preparing", "paused", "ended", "idle")
    return next(phase for phase in ordered if phase in (phases or {"idle"}))
