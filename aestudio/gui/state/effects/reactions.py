"""What a controller has to do because the state changed: frozen values. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.errors import StudioError
    from aestudio.gui.state.kept_list import ListName
    from aestudio.gui.state.run_state import TrainingGroup
    from aestudio.gui.state.studio_state import LatentMetricsState
    from aestudio.lessons.lesson_record import LessonRecord
    from aestudio.runs.queue_file import QueuedTraining
    from aestudio.runs.view_file import KeptView


@dataclass(frozen=True)
class Reaction:
    """Base class. `Store.react_with` says which function carries out a kind of reaction."""


@dataclass(frozen=True)
class BeginTraining(Reaction):
    """Everything that Start waited for is there."""


@dataclass(frozen=True)
class CancelStart(Reaction):
    """What Start waits for will not come. problem: of the images; None if cancelled, or torch is missing"""

    problem: StudioError | None


@dataclass(frozen=True)
class BeginBranch(Reaction):
    """The training that a branch waited for has ended."""


@dataclass(frozen=True)
class GoOnWithQueue(Reaction):
    """A training has ended, and the next one may begin. ended: what was trained"""

    ended: TrainingGroup


@dataclass(frozen=True)
class TakeNextRecipe(Reaction):
    """What was set up during a training is what Start trains now."""


@dataclass(frozen=True)
class WriteQueue(Reaction):
    """The queue has changed. entries: what its file has to hold"""

    entries: tuple[QueuedTraining, ...]


@dataclass(frozen=True)
class WriteLessonRecord(Reaction):
    """A guess of a lesson was committed, or compared with what was measured. path: of its file"""

    record: LessonRecord
    path: Path


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
class FollowLists(Reaction):
    """The kept lists belong to another file.

    moved:    the run is the same, and its folder another
    returned: the training is shown again, after another run was
    """

    moved: bool
    returned: bool = False


@dataclass(frozen=True)
class FollowTags(Reaction):
    """Another data set is loaded, or none any more: its tags are kept in another file."""


@dataclass(frozen=True)
class WriteList(Reaction):
    """A kept list has changed. undone: by Undo"""

    name: ListName
    undone: bool = False


@dataclass(frozen=True)
class KeepView(Reaction):
    """What the user set up in the shown run has changed."""


@dataclass(frozen=True)
class LeaveView(Reaction):
    """Another run is shown. folder: of the run before; view: what was set up in it"""

    folder: Path
    view: KeptView


@dataclass(frozen=True)
class ShowKeptMetrics(Reaction):
    """The metrics of the latent space that came with the run."""

    metrics: LatentMetricsState


@dataclass(frozen=True)
class MeasureLatent(Reaction):
    """Whether a latent space is to be measured after a pause without changes; another one than before."""

    waits: bool


@dataclass(frozen=True)
class MeasureTestSet(Reaction):
    """Whether what a training left is to be measured on the test set, because it came to its end."""

    waits: bool


@dataclass(frozen=True)
class StopMeasuring(Reaction):
    """The cores belong to a training, or a checkpoint of the history is shown briefly."""


@dataclass(frozen=True)
class ScaleText(Reaction):
    """Type and distances get another size. size: per cent of the usual"""

    size: int


@dataclass(frozen=True)
class KeepLastShown(Reaction):
    """What the next start shows. view: its name; run: its folder, or the name of a shipped model, or """ ""

    view: str
    run: str


@dataclass(frozen=True)
class KeepPreferences(Reaction):
    """The user chose these values, each by the name of its control."""

    changed: tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class GoOnWithTour(Reaction):
    """The present step of the tour is no longer possible."""


@dataclass(frozen=True)
class ShareCore(Reaction):
    """Part of a core that what the view in front shows may take from a training."""

    share: float
