"""Messages from the threads to the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aestudio.errors import StudioError
    from aestudio.gui.state.studio_state import Result
    from aestudio.training.events import Event


@dataclass(frozen=True, eq=False)
class Trained:
    """An event of the training with this token."""

    token: int
    event: Event


@dataclass(frozen=True, eq=False)
class TrainingBroke:
    """The training with this token ended with a problem; nothing more comes from it."""

    token: int
    problem: StudioError


@dataclass(frozen=True, eq=False)
class SaveFailed:
    """The run of this training cannot be written to its folder now; the training goes on."""

    token: int
    problem: StudioError


@dataclass(frozen=True, eq=False)
class ComparedTrained:
    """An event of one of the compared runs."""

    token: int
    number: int
    event: Event


@dataclass(frozen=True, eq=False)
class ComparedSaveFailed:
    """One of the compared runs cannot be written to its folder now; the training goes on."""

    token: int
    number: int
    problem: StudioError


@dataclass(frozen=True, eq=False)
class ComparisonEnded:
    """The comparison with this token ended; problem: why it ended early, or None."""

    token: int
    problem: StudioError | None = None


@dataclass(frozen=True)
class TaskProgress:
    """How far a slow task is."""

    task: str
    token: int
    done: float
    total: float | None
    what: str


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
