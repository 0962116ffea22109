"""The request for the sliders' names: which attribute each axis changes, coarse first, then finer.

Each request works for a short time only and says whether there is more to do: the same request with the next
turn continues where it stopped. So the map and the grid never wait longer than that for it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.gui.inference.against_mean_image import against_mean_image
from aestudio.gui.inference.requests.latent_map_request import COARSE_COUNT
from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import condition_of_set, some_of
from aestudio.inference.taken_images import require_shape
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aestudio.analysis.attribute_discovery import AttributeMeasurer, Axis, AxisName, AxisTraversal
    from aestudio.analysis.class_probabilities import ClassProbabilityModel
    from aestudio.analysis.data_support.mean_image import MeanImageComparison
    from aestudio.analysis.latent_transform import Axes
    from aestudio.analysis.settled_names import SettledNames
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.workspace import Basis, Direction
    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot
    from aestudio.types import Condition

CHANNEL = "axis names"
LEVELS = (4, 16, 48)
"""Images whose codes were moved along every axis when a level of detail is complete."""
# Codes that give the range of the data along an axis; images that give the scale of each attribute.
IMAGES_FOR_RANGES, IMAGES_FOR_SCALES = 500, 300
# Decoded and measured together: many are quicker, and an urgent request waits for them.
IMAGES_AT_ONCE = 100
# Of work: on a busy machine a turn takes longer, but there are no more of them. While a training runs all
# visible axes are measured roughly, in some hundredths of a second: one turn, except with many directions.
TURN_SECONDS, TURN_WHILE_TRAINING = 0.25, 0.4


@dataclass(frozen=True, eq=False)
class AxisNames:
    """Names of the axes of one basis: `state.value("axis names")`.

    run, step:  of the snapshot
    size:       the latent size
    basis:      whether `axes` has a name per dimension or per principal component
    axes:       None for an axis that was not measured yet
    directions: the same for the own directions, whose vectors are `vectors`
    image_count: how many images every axis was measured with, 0 before the coarsest level is complete
    finished:   whether no finer level follows
    no_strokes: why the attributes of strokes are not measured in these pictures, and at most the classes
                are; "" if they are measured
    against_mean: how much better than the mean image the model was at this step; None if that is not known
    """

    run: str
    step: int
    size: int
    basis: Basis
    axes: tuple[AxisName | None, ...]
    directions: tuple[AxisName | None, ...]
    image_count: int
    finished: bool
    vectors: tuple[tuple[float, ...], ...] = ()
    no_strokes: str = ""
    against_mean: MeanImageComparison | None = None

    @property
    def tells_images_apart(self) -> bool:
        """Whether attributes have a meaning: not if the model is no better than the mean image."""
        return self.against_mean is None or self.against_mean.better

    def of(self, basis: Basis, size: int) -> tuple[AxisName | None, ...]:
        """The names of these sliders; () if the names are of other sliders."""
        return self.axes if (self.basis, self.size) == (basis, size) else ()

    def of_directions(self, directions: Iterable[Direction]) -> tuple[AxisName | None, ...]:
        """The names of these directions, which may have changed or moved since they were named."""
        known = dict(zip(self.vectors, self.directions, strict=True))
        return tuple(known.get(tuple(direction.vector.tolist())) for direction in directions)


@dataclass(frozen=True, eq=False)
class SameAxes:
    """Axes compared by their values, so that the same ones are not measured again."""

    axes: Axes

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SameAxes):
            return NotImplemented
        mine, theirs = self.axes, other.axes
        return mine is theirs or all(
            np.array_equal(getattr(mine, name), getattr(theirs, name))
            for name in ("vectors", "origin", "scale")
        )

    def __hash__(self) -> int:
        return hash(self.axes.vectors.shape)


@dataclass(frozen=True)
class NameAxes:
    """Which attribute every axis and every direction changes.

    train:      images to learn the classes from, or None; they are not learned while a training runs
    components: the axes of the principal components; None for the latent dimensions
    directions: the vectors of the own directions
    levels:     how many of LEVELS to measure; with one, a training runs: images are measured roughly, and
                the codes are those that the map has of this snapshot
    visible:    the axes whose sliders are visible: only these are measured while a training runs; () for all
    series:     names settle over the steps of one series, which follow one another; another step of the
                history is of another series
    """

    channel: ClassVar[str] = CHANNEL
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    image_set: ImageSet
    train: ImageSet | None
    components: SameAxes | None
    directions: tuple[tuple[float, ...], ...]
    levels: int
    turn: int = 0
    visible: tuple[int, ...] = ()
    series: int = 0

    @property
    def subject(self) -> Subject:
        image_sets = (self.image_set,) if self.train is None else (self.image_set, self.train)
        return Subject.of(self.snapshot, image_sets)

    def compute(self, cache: InferenceCache, progress: Progress) -> AxisNames:
        """The names found so far; `finished` is False if the next turn continues."""
        from aestudio.analysis.morphology import not_measurable

        require_continuous(self.snapshot.architecture, "it has no axes to name")
        no_strokes = not_measurable(require_shape(self.snapshot, self.image_set.images))
        began = time.thread_time()
        if self.levels == 1:  # a training runs: learning the classes would cost too much
            probabilities = cache.get("class probabilities", (self.train,))
        else:
            probabilities = cache.get_or_make(
                "class probabilities", (self.train,), lambda: _probabilities(self.train, progress)
            )
        turn = TURN_WHILE_TRAINING if self.levels == 1 else TURN_SECONDS
        if time.thread_time() - began >= turn:
            return self._no_names(no_strokes)
        if no_strokes and probabilities is None:  # neither strokes nor classes
            return self._no_names(no_strokes, finished=True)
        measurer = cache.get_or_make(
            "rough measurer" if self.levels == 1 else "measurer",
            (self.image_set, probabilities),
            lambda: self._measurer(probabilities, progress),
        )
        what = (self.snapshot, measurer, self.components, self.directions)
        work = cache.get_or_make("axis names work", what, lambda: self._work(cache, measurer, progress))
        until = LEVELS[: self.levels]
        work.measure_only(self.visible if self.levels == 1 else (), len(self.directions))
        work.resume(cache.frozen_model(self.snapshot), until, began + turn, progress)
        names = work.names()
        own = len(names) - len(self.directions)
        return AxisNames(
            self.snapshot.run,
            self.snapshot.step,
            self.snapshot.architecture.latent.size,
            self._basis,
            names[:own],
            names[own:],
            work.image_count(until),
            work.finished(until),
            self.directions,
            no_strokes,
            work.against_mean,
        )

    @property
    def _basis(self) -> Basis:
        return "dimensions" if self.components is None else "components"

    def _no_names(self, no_strokes: str, finished: bool = False) -> AxisNames:
        size = self.snapshot.architecture.latent.size
        axes = size if self.components is None else len(self.components.axes)
        none = (None,) * axes, (None,) * len(self.directions)
        run, step, basis = self.snapshot.run, self.snapshot.step, self._basis
        return AxisNames(run, step, size, basis, *none, 0, finished, self.directions, no_strokes)

    def _measurer(self, probabilities: ClassProbabilityModel | None, progress: Progress) -> AttributeMeasurer:
        from aestudio.analysis.attribute_discovery import make_measurer

        images = self.image_set.images[_some(len(self.image_set), IMAGES_FOR_SCALES)]
        names = () if probabilities is None else probabilities.class_names
        return make_measurer(images, names, probabilities, progress, rough=self.levels == 1)

    def _work(self, cache: InferenceCache, measurer: AttributeMeasurer, progress: Progress) -> _Work:
        from aestudio.analysis.attribute_discovery import Axis, data_axes
        from aestudio.analysis.latent_transform import axes_of_dimensions
        from aestudio.analysis.settled_names import SettledNames

        size = self.snapshot.architecture.latent.size
        codes, moved, condition = self._codes(cache, progress)
        known = codes if self.levels == 1 else None  # of the first images, as the map has them
        progress(0.0, None, "")
        axes = axes_of_dimensions(size) if self.components is None else self.components.axes
        added = [Axis(np.array(vector), -1.0, 1.0) for vector in self.directions]
        every = (*data_axes(axes, codes), *added)
        # During a training, an axis keeps its name until others are better for a while.
        what = (self.snapshot.run_key, self._basis, self.directions, self.image_set, len(every), self.series)
        named = cache.get_or_make("names", what, lambda: SettledNames(len(every)))
        compared = against_mean_image(
            cache, self.snapshot, self.image_set, self.train, progress, quick=self.levels == 1, codes=known
        )
        return _Work(moved, every, measurer, named, self.snapshot, condition, compared)

    def _codes(
        self, cache: InferenceCache, progress: Progress
    ) -> tuple[Codes, NDArray[np.float32], Condition | None]:
        """The codes whose ranges the axes have, those that are moved, and what the model is told of these."""
        from aestudio.datasets.dataset import take
        from aestudio.inference.codes import encode_set

        if self.levels == 1:
            codes = cache.codes(self.snapshot, self.image_set, COARSE_COUNT, progress)
            order = _some(len(codes), LEVELS[0])
            moved = codes.mean[order]
        else:
            order = _some(len(self.image_set), IMAGES_FOR_RANGES)
            codes = encode_set(cache.frozen_model(self.snapshot), take((self.image_set,), order))
            moved = codes.mean
        return codes, moved, condition_of_set(self.snapshot.architecture, take((self.image_set,), order))


def _some(count: int, most: int) -> np.ndarray:
    """Indices of at most `most` of `count` images, at random: a set may be sorted by class."""
    return np.random.default_rng(0).permutation(count)[:most]


def _probabilities(train: ImageSet | None, progress: Progress) -> ClassProbabilityModel | None:
    from aestudio.analysis.class_probabilities import train_class_probabilities

    return None if train is None else train_class_probabilities(train, progress)


@dataclass(eq=False)
class _Work:
    """The traversals of every axis so far. Belongs to the inference worker's thread.

    codes: float32 (N, L), which are moved along every axis
    named: the name of every axis, also from snapshots before this one
    condition: what a conditional model is told of the images of the codes, float32 (N, K)
    against_mean: how much better than the mean image the snapshot is
    """

    codes: NDArray[np.float32]
    axes: tuple[Axis, ...]
    measurer: AttributeMeasurer
    named: SettledNames
    snapshot: Snapshot
    condition: Condition | None = None
    against_mean: MeanImageComparison | None = None
    traversals: list[list[AxisTraversal]] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    measured: range | tuple[int, ...] = ()
    reach: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.traversals = [[] for _ in self.axes]
        self.done = [0] * len(self.axes)
        self.measured = range(len(self.axes))
        self.reach = [
            0.0 if axis.origin is None else (axis.high - axis.low) * float(np.linalg.norm(axis.vector))
            for axis in self.axes
        ]

    def measure_only(self, axes: tuple[int, ...], directions: int) -> None:
        """From now on measure only these axes, and the directions, which are the last; () for all."""
        own = len(self.axes) - directions
        chosen = tuple(axis for axis in axes if axis < own)
        self.measured = (*chosen, *range(own, len(self.axes))) if chosen else range(len(self.axes))

    def resume(
        self, frozen_model: FrozenModel, levels: Iterable[int], until: float, progress: Progress
    ) -> None:
        """Measure until that time by `time.thread_time()` (some axes at least), level by level."""
        for level in levels:
            while axes := self._next_axes(min(level, len(self.codes))):
                self._measure(frozen_model, axes, level, progress)
                if time.thread_time() >= until:
                    return

    def _next_axes(self, level: int) -> list[int]:
        """Some axes that were measured with fewer images than this, all with the same ones."""
        from aestudio.analysis.attribute_discovery import POSITIONS

        left = [index for index in self._order() if self.done[index] < level]
        same = [index for index in left if self.done[index] == self.done[left[0]]]
        images = POSITIONS * (level - self.done[left[0]]) if left else 1
        return same[: max(1, IMAGES_AT_ONCE // images)]

    def _order(self) -> Iterable[int]:
        """Indices of the axes, widest spread of the codes first, then the directions."""
        return sorted(self.measured, key=lambda index: -self.reach[index])

    def _measure(self, frozen_model: FrozenModel, axes: list[int], level: int, progress: Progress) -> None:
        from aestudio.analysis.attribute_discovery import POSITIONS, concatenated, name_axis, traverse_axes

        part = slice(self.done[axes[0]], level)
        codes, told = self.codes[part], some_of(self.condition, part)

        def decode(moved: NDArray[np.float32]) -> NDArray[np.uint8]:
            """Codes of each image at every position, one image after the other, for every axis."""
            if told is None:
                return frozen_model.decode(moved)
            of_axis = np.repeat(told, POSITIONS, axis=0)
            return frozen_model.decode(moved, np.tile(of_axis, (len(axes), 1)))

        moved_along = [self.axes[index] for index in axes]
        found = traverse_axes(decode, codes, moved_along, self.measurer, progress)
        for index, traversal in zip(axes, found, strict=True):
            self.traversals[index].append(traversal)
            self.done[index] += len(codes)
            name = name_axis(concatenated(self.traversals[index]), self.measurer)
            self.named.measured(index, name, self.snapshot)

    def names(self) -> tuple[AxisName | None, ...]:
        return self.named.names()

    def image_count(self, levels: Iterable[int]) -> int:
        """How many images every axis was measured with: those of the last complete level."""
        return max(
            (n for n in (min(level, len(self.codes)) for level in levels) if n <= self._least()), default=0
        )

    def _least(self) -> int:
        """With how many images each axis that is to be measured was measured at least."""
        return min(self.done[index] for index in self.measured)

    def finished(self, levels: Iterable[int]) -> bool:
        return self._least() >= min(max(levels), len(self.codes))
