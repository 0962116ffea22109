"""Events of the trainer: frozen, of numbers and numpy arrays, no torch, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from aestudio.recipes.architecture import Architecture

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.fingerprint import DataFacts
    from aestudio.datasets.image_shape import DataShape
    from aestudio.errors import StudioError
    from aestudio.recipes.recipe import Recipe
    from aestudio.sabotage.sabotage import AppliedSabotage
    from aestudio.training.checkpoint_history import HistoryCheckpoint
    from aestudio.training.precision import Precision

    RunKey = tuple[str, str, Recipe, DataShape]

Split = Literal["training", "validation"]
EndReason = Literal["finished", "stopped", "early_stopping", "diverged"]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """An immutable copy of the weights at one step of a run; everything shown is computed from one.

    weights: float32 arrays by the name of the parameter or buffer, each in its own shape, not writeable
    home:    the run's folder if it is not among the user's runs: two runs may have the same name
    sabotage: the name of the sabotage under which they were trained, "" for none
    data:    what the model was built for
    """

    run: str
    recipe: Recipe
    step: int
    epoch: float
    weights: Mapping[str, NDArray[np.float32]]
    home: str = ""
    sabotage: str = ""
    data: DataShape = field(kw_only=True)

    @cached_property
    def architecture(self) -> Architecture:
        """The model's layers and codes."""
        return Architecture(self.recipe, self.data)

    @property
    def run_key(self) -> RunKey:
        """What all snapshots of one run have in common, and those of no other run."""
        return self.run, self.home, self.recipe, self.data


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """All that is needed to continue the run from this step, bit for bit.

    optimiser: the optimiser's state by "parameter/state name", each in its own shape
    noise:     state of the run's random generator, uint8 (S,)
    counters:  numbers of the loop itself (step, best validation loss, patience used, ...)
    live:      current values of the settings that may change while training
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
    """The run is set up; steps begin or continue.

    data:   the description of the data set, with its fingerprint
    memory: bytes that the training needs, estimated beforehand; 0 for unknown
    precision: of the products in encoder and decoder
    sabotage: what is done wrong on purpose in its steps, and since when
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
    precision: Precision = "float32"
    sabotage: AppliedSabotage | None = None


@dataclass(frozen=True)
class CodeUse:
    """How far a model uses its code, over some of the validation images: a collapse is seen in it.

    variance: of each number of the mean code over the images, (L,); () for a code that is not continuous
    kl:       mean KL of each number's posterior to N(0, 1), in nats, (L,); () without such a posterior
    error:    mean squared error per number of an image in [0, 1], of the reconstruction from the mean code
    mean_image_error: the same of the best answer that does not depend on the code: the mean of these images,
              with the same condition if the model is told one
    images:   how many
    """

    variance: tuple[float, ...]
    kl: tuple[float, ...]
    error: float
    mean_image_error: float
    images: int


@dataclass(frozen=True)
class MetricPoint:
    """Loss terms at one step, per image.

    A training point is the mean over the steps since the one before; a validation point is the mean
    over the validation images.

    code_use: of a validation point; None for a model that does not reconstruct images
    """

    split: Split
    step: int
    epoch: float
    terms: Mapping[str, float]
    code_use: CodeUse | None = None


@dataclass(frozen=True)
class TrainingProgress:
    """How far and how fast, a few times a second. memory: bytes of the device, 0 if unknown."""

    step: int
    epoch: float
    images_per_second: float
    seconds_left: float
    memory: int
    learning_rate: float


@dataclass(frozen=True)
class LiveChange:
    """A setting was changed while training."""

    step: int
    name: str
    value: float


@dataclass(frozen=True)
class SabotageBegun:
    """A sabotage was put over the run; the state before it is in the history."""

    applied: AppliedSabotage


@dataclass(frozen=True, eq=False)
class SnapshotTaken:
    """A copy of the current weights."""

    snapshot: Snapshot


@dataclass(frozen=True, eq=False)
class CheckpointTaken:
    """A checkpoint of this step; at each pause, at the end, and periodically.

    periodic: whether it is a periodic one; the steps do not wait until it is written
    """

    checkpoint: Checkpoint
    periodic: bool = False


@dataclass(frozen=True, eq=False)
class HistoryCheckpointTaken:
    """A checkpoint for the history: at the steps of `next_history_checkpoint`, and at the end."""

    checkpoint: Checkpoint


@dataclass(frozen=True)
class HistoryCheckpointKept:
    """The checkpoint of a `HistoryCheckpointTaken` was written to the run's folder."""

    history_checkpoint: HistoryCheckpoint


@dataclass(frozen=True)
class HistoryCheckpointsDropped:
    """Checkpoints that were removed from the history, by their steps, because the disk is full."""

    steps: tuple[int, ...]


@dataclass(frozen=True)
class RunMoved:
    """The run's folder was moved or deleted: from here on the run is recorded in another folder."""

    folder: Path


@dataclass(frozen=True)
class Paused:
    """The trainer is paused; it continues when the next event is pulled.

    phase: the name of the only phase that was executed in the step before, "" for a whole step
    """

    step: int
    phase: str = ""


@dataclass(frozen=True)
class Yielded:
    """A driver of several trainings may now pull the next one.

    Yielded at every multiple of `yield_every` steps.
    """

    step: int


@dataclass(frozen=True)
class Ended:
    """The last event of a run.

    step, epoch: of the weights that are kept, those of the last snapshot
    seconds:     duration since the start or the last resume, without pauses
    advice:      what to try if the training diverged
    reached:     the last step, later than `step` after early stopping or divergence; None: `step`
    problem:     why a recorded run is not, or only partly, kept in its folder; otherwise None
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
    | SabotageBegun
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
