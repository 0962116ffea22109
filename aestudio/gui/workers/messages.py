"""What threads write to the window."""

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
    """An event of one of the twins with this token."""

    token: int
    number: int
    event: Event


@dataclass(frozen=True, eq=False)
class ComparedSaveFailed:
    """The run of one of the twins cannot be written to its folder now; they go on."""

    token: int
    number: int
    problem: StudioError


@dataclass(frozen=True, eq=False)
class ComparisonEnded:
    """Nothing more comes of the twins with this token; problem: why they ended early, or None."""

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
    """A slow task's result, or its problem; `cancelled` where the person stopped it."""

    task: str
    token: int
    value: Any = None
    problem: StudioError | None = None
    cancelled: bool = False


@dataclass(frozen=True, eq=False)
class RequestAnswered:
    """An answer to a question."""

    channel: str
    result: Result
