"""What a controller has to do because the state changed: frozen values. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import StudioError
    from aestudio.gui.state.studio_state import LatentMetricsState
    from aestudio.runs.index import KeptRun
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class Reaction:
    """Base class. `Store.react_with` says which function carries out a kind of reaction."""


@dataclass(frozen=True)
class BeginTraining(Reaction):
    """Everything that Start waited for is there."""


@dataclass(frozen=True)
class CancelStart(Reaction):
    """The images that Start waits for will not come. problem: why, or None if loading was cancelled"""

    problem: StudioError | None


@dataclass(frozen=True)
class BeginBranch(Reaction):
    """The training that a branch waited for has ended."""


@dataclass(frozen=True)
class ComputeShown(Reaction):
    """What the slider, the selected and the hovered image need of the shown model may be missing."""


@dataclass(frozen=True)
class SetFirstCode(Reaction):
    """A run is shown without a code yet."""


@dataclass(frozen=True)
class ShowEarlyImage(Reaction):
    """A shipped model is shown before torch is imported; its codes came with it."""


@dataclass(frozen=True)
class DecodeAgain(Reaction):
    """The same code is decoded otherwise: mutes, directions, or what the model is told have changed.

    transformed: whether mutes, solos, directions or components have
    """

    transformed: bool


@dataclass(frozen=True)
class FollowBookmarks(Reaction):
    """Another run is shown, its folder has moved, or its bookmarks have changed."""


@dataclass(frozen=True)
class FollowDrawings(Reaction):
    """Another run is shown, its folder has moved, or the kept drawings have changed."""


@dataclass(frozen=True)
class ShowKeptMetrics(Reaction):
    """The metrics of the latent space that came with the run."""

    metrics: LatentMetricsState


@dataclass(frozen=True)
class LatentSubject:
    """What to measure, and the run that keeps the result, or None.

    folder: of the run; the run itself is a new object each time the list is read
    """

    snapshot: Snapshot
    dataset: Dataset
    folder: Path | None
    run: KeptRun | None = field(compare=False)


@dataclass(frozen=True)
class MeasureLatent(Reaction):
    """Measure this latent space after a pause without changes; None: nothing is waiting to be measured."""

    subject: LatentSubject | None


@dataclass(frozen=True)
class StopMeasuring(Reaction):
    """The cores belong to a training, or a checkpoint of the history is shown briefly."""
