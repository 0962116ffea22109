"""Messages from the threads to the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aestudio.errors import StudioError
    from aestudio.gui.state.studio_state import Result
    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.training.events import Event


@dataclass(frozen=True, eq=False)
class Trained:
    """An event of a run of the training with this token. number: which of its runs, from 0."""

    token: int
    number: int
    event: Event


@dataclass(frozen=True, eq=False)
class SaveFailed:
    """A run of this training cannot be written to its folder now; the training goes on."""

    token: int
    number: int
    problem: StudioError


@dataclass(frozen=True, eq=False)
class TrainingEnded:
    """The thread of the training with this token has ended; problem: why it ended early, or None."""

    token: int
    problem: StudioError | None = None


@dataclass(frozen=True, eq=False)
class TryReplaced:
    """A training has begun and replaced this run, which nobody wanted; it lies in the trash folder."""

    removed: RemovedRun


@dataclass(frozen=True)
class TaskProgress:
    """How far a slow task is."""

    task: str
    token: int
    done: float
    total: float | None
    what: str


@dataclass(frozen=True, eq=False)
class TaskPart:
    """What there is of a slow task's result, to be shown while it goes on."""

    task: str
    token: int
    value: Any


@dataclass(frozen=True, eq=False)
class TaskDone:
    """A slow task's result, or its problem; `cancelled` if the user stopped it."""

    task: str
    token: int
    value: Any = None
    problem: StudioError | None = None
    cancelled: bool = False


@dataclass(frozen=True, eq=False)
class ResultReady:
    """A result, or a coarse preview of it."""

    channel: str
    result: Result
