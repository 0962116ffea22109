"""What the trainer says: frozen events of numbers and numpy arrays, no torch, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.fingerprint import DataFacts
    from aestudio.errors import StudioError
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.checkpoint_history import HistoryCheckpoint

    RunKey = tuple[str, str, Recipe]

Split = Literal["training", "validation"]
EndReason = Literal["finished", "stopped", "early_stopping", "diverged"]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """An immutable copy of the weights at one step of a run; all that is shown is computed from one.

    weights: float32 arrays by parameter name, not writeable
    home:    the run's folder where that is not its usual place: two runs may have one name
    """

    run: str
    recipe: Recipe
    step: int
    epoch: float
    weights: Mapping[str, NDArray[np.float32]]
    home: str = ""

    @property
    def run_key(self) -> RunKey:
        """What all snapshots of one run have in common, and those of no other run."""
        return self.run, self.home, self.recipe


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """All that is needed to go on exactly where the run was.

    optimiser: the optimiser's tensors by "parameter/state name"
    noise:     state of the run's random generator, uint8
    counters:  numbers of the loop itself (step, best validation loss, patience used, ...)
    live:      current values of the settings that were moved while training
    """

    snapshot: Snapshot
    optimiser: Mapping[str, NDArray[np.generic]]
    noise: NDArray[np.uint8]
    counters: Mapping[str, float]
    live: Mapping[str, float]
    best: Snapshot | None = None

    @property
    def size(self) -> int:
        """Bytes of all its arrays."""
        best = () if self.best is None else self.best.weights.values()
        arrays = (*self.snapshot.weights.values(), *self.optimiser.values(), self.noise, *best)
        return sum(array.nbytes for array in arrays)


@dataclass(frozen=True)
class Started:
    """The run is set up; steps are about to begin (or to go on).

    data:   what tells the digits from others
    memory: bytes that the training needs, worked out beforehand; 0 where nobody did
    """

    run: str
    device: str
    step: int
    steps_per_epoch: int
    epochs: int
    parameter_count: int
    training_images: int
    validation_images: int
    data: DataFacts | None = None
    memory: int = 0


@dataclass(frozen=True)
class MetricPoint:
    """Loss terms at one step, per image.

    A training point is the mean over the steps since the one before; a validation point is the mean
    over the validation images.
    """

    split: Split
    step: int
    epoch: float
    terms: Mapping[str, float]


@dataclass(frozen=True)
class TrainingProgress:
    """How far and how fast, a few times a second. memory: bytes of the device, 0 where unknown."""

    step: int
    epoch: float
    images_per_second: float
    seconds_left: float
    memory: int
    learning_rate: float


@dataclass(frozen=True)
class LiveChange:
    """A setting was moved while training."""

    step: int
    name: str
    value: float


@dataclass(frozen=True, eq=False)
class SnapshotTaken:
    """The weights as they are now."""

    snapshot: Snapshot


@dataclass(frozen=True, eq=False)
class CheckpointTaken:
    """Everything to go on from here; given at each pause, at the end, and every few seconds between.

    by_clock: whether it is one of those between, whose writing no step waits for
    """

    checkpoint: Checkpoint
    by_clock: bool = False


@dataclass(frozen=True, eq=False)
class HistoryCheckpointTaken:
    """The whole state at one of the steps that `history.next_moment` names, and at the end."""

    checkpoint: Checkpoint


@dataclass(frozen=True)
class HistoryCheckpointKept:
    """What becomes of `HistoryCheckpointTaken` where a run is recorded: the moment is in the run's folder."""

    history_checkpoint: HistoryCheckpoint


@dataclass(frozen=True)
class HistoryCheckpointsDropped:
    """Moments that are no longer in the run's folder, by their steps: the disk is full."""

    steps: tuple[int, ...]


@dataclass(frozen=True)
class RunMoved:
    """The run's folder was moved away or deleted: the run is recorded in another one from here on."""

    folder: Path


@dataclass(frozen=True)
class Paused:
    """The trainer waits: it goes on when the next event is pulled."""

    step: int


@dataclass(frozen=True)
class Yielded:
    """So many steps are done: a driver of several trainings may turn to another one before the next.

    Given at every multiple of a number of steps where the trainer was asked for it.
    """

    step: int


@dataclass(frozen=True)
class Ended:
    """The last event of a run.

    step, epoch: of the weights that are kept, which the last snapshot has too
    seconds:     of this sitting, pauses not counted
    advice:      what to try, where the end was not the wanted one
    reached:     the last step that was done, later after an early stop or a divergence; `step` where None
    problem:     where the run is recorded, why it is not kept in its folder, or not wholly; otherwise None
    """

    reason: EndReason
    step: int
    epoch: float
    seconds: float
    advice: str = ""
    reached: int | None = None
    problem: StudioError | None = None

    @property
    def last_step(self) -> int:
        """The last step that was done."""
        return self.step if self.reached is None else self.reached


Event = (
    Started
    | MetricPoint
    | TrainingProgress
    | LiveChange
    | SnapshotTaken
    | CheckpointTaken
    | HistoryCheckpointTaken
    | HistoryCheckpointKept
    | HistoryCheckpointsDropped
    | RunMoved
    | Paused
    | Yielded
    | Ended
)
