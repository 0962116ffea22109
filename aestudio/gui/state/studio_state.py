"""All that the window shows, as one frozen value. No Qt, no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from aestudio.datasets.dataset import located
from aestudio.datasets.image_shape import MNIST, DataShape
from aestudio.gui.state.comparison_state import ComparisonState
from aestudio.gui.state.data_state import DataState
from aestudio.gui.state.embedding_state import EmbeddingState
from aestudio.gui.state.history_state import HistoryState
from aestudio.gui.state.lesson_state import LessonState
from aestudio.gui.state.measured_state import LatentMetricsState, LatentSubject, MeasuredTestSet, ProbeState
from aestudio.gui.state.own_models_state import OwnModelsState
from aestudio.gui.state.queue_state import NextTraining, TrainingQueue
from aestudio.gui.state.run_list import RunList
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.subject import is_of
from aestudio.gui.state.workspace import UndoStack, Workspace
from aestudio.recipes import objective as objectives
from aestudio.recipes.objective import Objective
from aestudio.recipes.other_objectives import ComparisonContext

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.errors import StudioError
    from aestudio.gui.state.hidden_training import HiddenTraining
    from aestudio.gui.state.kept_list import KeptList, ListName
    from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
    from aestudio.gui.state.opened_data import OpenedData
    from aestudio.gui.state.pictures import Pictures
    from aestudio.gui.state.run_state import PendingStart, TrainingGroup, TrainingPhase
    from aestudio.gui.state.step_times import StepTimes
    from aestudio.gui.state.subject import Subject
    from aestudio.gui.theme.schemes import Scheme
    from aestudio.inference.conditions import ConditionRow
    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.index import KeptRun
    from aestudio.training.device import DeviceInfo
    from aestudio.training.events import RunKey, Snapshot

Tone = Literal["plain", "good", "warn", "bad"]
TourStep = Literal["slider", "map", "start", "train"]  # "train": Start again, once the user wants to train
TaskProgressed = tuple[float, float | None, str]  # done, total or None, what


@dataclass(frozen=True, eq=False)
class Exploration:
    """The point in the latent space and its image.

    code:         float32 (L,), the values of the sliders
    decoded_code: float32 (L,), the code that is decoded: `code` with muted sliders neutral and the own
                  directions added (`LatentTransform`)
    image:        uint8 (C, H, W), the decoded image
    began:        when the movement began, by `time.perf_counter()`; 0 if no image was decoded for it
    set_by_user:  whether the user set the code; otherwise it is that of the selected image
    step:         of the weights that decoded the image
    condition:    what a conditional model was told of the code
    entries:      float32 (P,), what the entries of a discrete code stand for; None for other codes
    density:      log-density of a discrete code under a prior that the model has learned; None if not known
    """

    code: NDArray[np.float32] | None = None
    decoded_code: NDArray[np.float32] | None = None
    image: NDArray[np.uint8] | None = None
    began: float = 0.0
    set_by_user: bool = False
    step: int | None = None
    condition: ConditionRow | None = None
    entries: NDArray[np.float32] | None = None
    density: float | None = None

    @property
    def point(self) -> NDArray[np.float32] | None:
        """The decoded code as a point of the map, float32 (P,)."""
        return self.decoded_code if self.entries is None else self.entries

    @property
    def following(self) -> bool:
        """Whether the code is that of the selected image, in every model, until the user moves it."""
        return not self.set_by_user


@dataclass(frozen=True)
class PlaneChoice:
    """Which plane map and grid show: two dimensions or two principal components, counted from 0.

    third: the axis towards the viewer, about which the map is turned; None for a plane
    For t-SNE and UMAP, which have no axes to choose, the numbers are ignored.
    """

    kind: Literal["dimensions", "components", "tsne", "umap"] = "dimensions"
    first: int = 0
    second: int = 1
    third: int | None = None

    @property
    def turns(self) -> bool:
        """Whether the map is turned about its axes, and is no plane."""
        return self.third is not None and self.kind in ("dimensions", "components")


@dataclass(frozen=True)
class MapChoice:
    """What the map shows.

    decoded, rings: whether decoded images lie under the points, and tagged images have rings
    points, across: how opaque they are; decoded images in the shorter direction, 0: as many as are legible
    """

    colour: Literal["class", "loss", "density"] = "class"
    images: Literal["test", "all"] = "test"
    overlay: Literal["none", "density", "decode_encode_error", "decoder_sensitivity"] = "none"
    decoded: bool = True
    points: Literal["full", "faint", "hidden"] = "full"
    across: Literal[0, 10, 20, 30, 40] = 0
    rings: bool = True


@dataclass(frozen=True, eq=False)
class Result:
    """Result of a request: the value, or the problem.

    failed: the newer request that the problem belongs to, if the value of an older one is kept
    more:   whether a finer value of the same request follows
    """

    request: Any
    value: Any = None
    problem: StudioError | None = None
    failed: Any = None
    more: bool = False

    @property
    def step(self) -> int | None:
        """Of the weights that it was computed with; None if it does not depend on one step."""
        return self.request.subject.step


@dataclass(frozen=True)
class Message:
    """One line at the foot of the window."""

    text: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, eq=False)
class StudioState:
    """Everything. Replaced as a whole; parts that did not change stay the same objects.

    opened_data:     images that are looked at before they are used
    hidden_training: the training while `model` and `history` are of another run (`state/shown_run.py`)
    torch_phase:     whether torch is imported, so that Start begins at once
    inference_ready: whether requests are computed; torch alone is enough for them
    selected, hovered: of the image selected in every view, of the one under the pointer (-1), as `image_at`
    axes, previous_plane: those chosen last, by the length of codes; the plane to which an embedding returns
    kept_lists: where lists of the workspace are kept, by their names in it
    results:    newest result by channel, of the run and the images that are shown
    pending:      the newest request by channel that has no result yet
    invalid:    why Start is not possible, by field; tasks: progress of the slow tasks, by name
    pending_start: a training that waits until it can begin
    queue:      the trainings that begin after it; next_training: the recipe that is set up meanwhile
    recipe_sidebar_open: whether the recipe is on the screen; the Latent view shows the weights of the
                    objective only where the recipe does not
    pending_branch: run's folder, step and changed settings of a branch that waits for the training's end
    chosen_codes, chosen_conditions: by run, code float32 (L,) and condition that the user chose last, if any
    step_times: by run, when the window got which step of it, of the trained runs that are shown
    latent_tried: what was measured last, or could not be
    presentation:   whether the view fills the screen; theme: as chosen for this start or in the window
    tour:           its present step, None for none; tour_seen: whether it began once; lesson: that is given
    text_size:      per cent of the usual size of type and distances, outside presentations
    smoothing:      of curves, to each side, as a share of the epochs; logarithmic: the axis of their loss;
                    clip_outliers: whether the range of that axis leaves outliers out
    view:           the name of the one in front; core_share: of a core, what it may take from a training
    own:        the user's own recipes, networks and objectives
    """

    recipe: Recipe
    recipes: tuple[Recipe, ...] = ()
    own: OwnModelsState = field(default_factory=OwnModelsState)
    data: DataState = field(default_factory=DataState)
    opened_data: OpenedData | None = None
    training: RunState = field(default_factory=RunState)
    model: ExploredModel | None = None
    history: HistoryState = field(default_factory=HistoryState)
    hidden_training: HiddenTraining | None = None
    preview_images: ImageSet | None = None
    exploration: Exploration = field(default_factory=Exploration)
    workspace: Workspace = field(default_factory=Workspace)
    undo: UndoStack = field(default_factory=UndoStack)
    kept_lists: Mapping[ListName, KeptList] = field(default_factory=lambda: MappingProxyType({}))
    torch_phase: Literal["loading", "ready", "failed"] = "loading"
    inference_ready: bool = False
    devices: tuple[DeviceInfo, ...] = ()
    device: str = "auto"
    runs: tuple[KeptRun, ...] = ()
    run_list: RunList = field(default_factory=RunList)
    selected: int = 0
    hovered: int = -1
    plane: PlaneChoice = PlaneChoice()
    previous_plane: PlaneChoice = PlaneChoice()
    axes: Mapping[int, PlaneChoice] = field(default_factory=lambda: MappingProxyType({}))
    map_choice: MapChoice = MapChoice()
    embedding: EmbeddingState = field(default_factory=EmbeddingState)
    drawing: NDArray[np.uint8] | None = None
    pictures: Pictures | None = None
    results: Mapping[str, Result] = field(default_factory=lambda: MappingProxyType({}))
    pending: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    tasks: Mapping[str, TaskProgressed] = field(default_factory=lambda: MappingProxyType({}))
    probe: ProbeState = field(default_factory=ProbeState)
    latent_metrics: LatentMetricsState | None = None
    latent_tried: LatentSubject | None = None
    test_set: MeasuredTestSet = field(default_factory=MeasuredTestSet)
    comparison: ComparisonState = field(default_factory=ComparisonState)
    pending_start: PendingStart | None = None
    queue: TrainingQueue = field(default_factory=TrainingQueue)
    next_training: NextTraining = field(default_factory=NextTraining)
    message: Message = Message()
    invalid: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ink_on_paper: bool = False
    recipe_sidebar_open: bool = True
    presentation: bool = False
    tour: TourStep | None = None
    tour_seen: bool = False
    lesson: LessonState = field(default_factory=LessonState)
    text_size: int = 100
    theme: Scheme = "system"
    smoothing: float = 0.005
    logarithmic: bool = False
    clip_outliers: bool = False
    view: str = ""
    core_share: float | None = None
    pending_branch: tuple[Path, int, Mapping[str, Any]] | None = None
    chosen_codes: Mapping[RunKey, NDArray[np.float32]] = field(default_factory=lambda: MappingProxyType({}))
    chosen_conditions: Mapping[RunKey, ConditionRow] = field(default_factory=lambda: MappingProxyType({}))
    step_times: Mapping[RunKey, StepTimes] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def shown_run(self) -> RunState:
        """The run on the screen, with its curves."""
        return self.training if self.hidden_training is None else self.hidden_training.shown

    @property
    def training_model(self) -> ExploredModel | None:
        """The model that the training has, whether it is on the screen or not."""
        return self.model if self.hidden_training is None else self.hidden_training.model

    @property
    def training_data(self) -> DataState:
        """The images of the training, or of the next one; others may be loaded for the shown run."""
        hidden = self.hidden_training
        return self.data if hidden is None or hidden.data is None else hidden.data

    @property
    def shows_newest(self) -> bool:
        """Whether the newest step of the training is on the screen, and not another run or checkpoint."""
        return self.hidden_training is None and self.history.step is None

    @property
    def data_shape(self) -> DataShape:
        """What a model of the chosen data is built for; MNIST's shape until data is loaded."""
        return MNIST if (dataset := self.training_data.dataset) is None else dataset.shape

    @property
    def comparison_context(self) -> ComparisonContext:
        """What decides, besides the recipe, which runs can be compared."""
        own = self.own.parts.get(objectives.PACKAGE, {})
        kinds = {kind: part for kind, part in own.items() if issubclass(part, Objective)}
        kinds[self.recipe.objective.kind()] = type(self.recipe.objective)
        return ComparisonContext(self.data_shape, MappingProxyType(kinds))

    @property
    def image_set(self) -> ImageSet | None:
        """The images to explore: the test set, or a few sample images until it is loaded.

        None if the shown model takes images of another shape.
        """
        image_sets = self.image_sets
        return image_sets[0] if image_sets else None

    @property
    def dataset(self) -> Dataset | None:
        """The loaded data set, if the shown model takes images of its shape."""
        return self.data.dataset if self.image_sets else None

    @property
    def loaded_image_sets(self) -> tuple[ImageSet, ...]:
        """The images that are loaded, whatever models take: the test set first, then the training set."""
        dataset = self.data.dataset
        if dataset is not None:
            return dataset.test, dataset.train
        return () if self.preview_images is None else (self.preview_images,)

    def obstacles(self, *, comparison: bool = False) -> tuple[str, ...]:
        """Why Start cannot begin, a sentence each. comparison: also what concerns only that."""
        reasons = (
            why for field, why in self.invalid.items() if comparison or not field.startswith("compare.")
        )
        return tuple(dict.fromkeys(reasons))  # two fields can show the same setting

    @property
    def trained_group(self) -> TrainingGroup:
        """Which runs are being trained, if any: a training and a comparison exclude each other."""
        return "comparison" if self.comparison.active else "training"

    @property
    def trained_phase(self) -> TrainingPhase:
        """Phase of these runs."""
        return self.comparison.phase if self.comparison.active else self.training.phase

    @property
    def is_training(self) -> bool:
        """Whether a training runs or is about to: everything else leaves the cores to it."""
        return self.trained_phase in ("preparing", "running")

    @property
    def inference_can_wait(self) -> bool:
        """Whether a training has priority over requests that are not urgent: while they follow it."""
        return self.is_training and self.shows_newest

    @property
    def snapshot(self) -> Snapshot | None:
        """The snapshot that everything shown is computed from."""
        return self.model.snapshot if self.model is not None else None

    @property
    def shipped_codes(self) -> ShippedCodes | None:
        """The codes that came with a shipped model, until there is a data set to encode."""
        return self.model.shipped_codes if self.model is not None and self.data.dataset is None else None

    def shows(self, subject: Subject) -> bool:
        """Whether this is about the run and the images that are shown now, at any step, or loaded images."""
        if subject.of_images:
            return all(is_of(image_set, self.loaded_image_sets) for image_set in subject.image_sets)
        snapshots = self.comparison.snapshots if subject.comparison else (self.snapshot,)
        runs = tuple(snapshot.run_key for snapshot in snapshots if snapshot is not None)
        if subject.runs != runs or subject.shipped_codes not in (None, self.shipped_codes):
            return False
        image_sets = self.compared_image_sets if subject.comparison else self.image_sets
        return all(is_of(image_set, image_sets) for image_set in subject.image_sets)

    @property
    def image_sets(self) -> tuple[ImageSet, ...]:
        """The sets through which images are numbered: the test set, then the training set if it is loaded.

        None of them if the shown model takes images of another shape.
        """
        return self._taken_by(() if self.snapshot is None else (self.snapshot,))

    @property
    def compared_image_sets(self) -> tuple[ImageSet, ...]:
        """The same for the compared runs, which may take other images than the shown model."""
        return self._taken_by(self.comparison.snapshots)

    def _taken_by(self, snapshots: tuple[Snapshot, ...]) -> tuple[ImageSet, ...]:
        """The loaded images, if all these models take their shape."""
        loaded = self.loaded_image_sets
        if all(image_set.image_shape == one.data.image for image_set in loaded[:1] for one in snapshots):
            return loaded
        return ()

    def image_at(self, number: int) -> tuple[ImageSet, int] | None:
        """The set, and the index in it, of an image's number; None if there is no such image."""
        return located(self.image_sets, number)

    @property
    def selected_image(self) -> tuple[ImageSet, int] | None:
        """The set, and the index in it, of the selected image."""
        return self.image_at(self.selected)

    @property
    def step_advances(self) -> bool:
        """Whether the shown step changes by itself: during a training, or an animation of the history."""
        return self.history.playing or (self.is_training and self.shows_newest)

    def step_of(self, channel: str) -> int | None:
        """The step of the newest value on a channel; None if there is no value."""
        result = self.results.get(channel)
        return None if result is None or result.value is None else result.step

    def value(self, channel: str) -> Any:
        """The newest value on a channel, or None."""
        result = self.results.get(channel)
        return None if result is None else result.value

    def problem(self, channel: str) -> str:
        """Why there is no value on a channel, for people; "" if there is one, or it is still computed."""
        result = self.results.get(channel)
        failed = result is not None and result.value is None and result.problem is not None
        return str(result.problem) if result is not None and failed else ""
