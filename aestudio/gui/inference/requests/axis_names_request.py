"""The request for the sliders' names: which attribute each axis changes, coarse first, then finer.

Each request works for a short time only and says whether there is more to do: the same request with the next
turn continues where it stopped. So the map and the grid never wait longer than that for it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.gui.state.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.analysis.attribute_discovery import AttributeMeasurer, Axis, AxisName, AxisTraversal
    from aestudio.analysis.class_probabilities import ClassProbabilityModel
    from aestudio.analysis.latent_transform import Axes
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.studio_state import Result, StudioState
    from aestudio.gui.state.workspace import Basis, Direction
    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

CHANNEL = "names"
LEVELS = (4, 16, 48)
"""Images whose codes were moved along every axis when a level of detail is complete."""
# Codes that give the range of the data along an axis; images that give the scale of each attribute.
RANGED, SPREAD = 500, 300
TURN_SECONDS = 0.25  # of work: on a busy machine a turn takes longer, but there are no more of them
SECONDS_PER_NAMES = 4.0  # while a training runs


@dataclass(frozen=True, eq=False)
class AxisNames:
    """Names of the axes of one basis: `state.value("names")`.

    run, step:  of the snapshot
    size:       the latent size
    basis:      whether `axes` has a name per dimension or per principal component
    axes:       None for an axis that was not measured yet
    directions: the same for the own directions, whose vectors are `vectors`
    digits:     how many images every axis was measured with, 0 before the coarsest level is complete
    finished:   whether no finer level follows
    """

    run: str
    step: int
    size: int
    basis: Basis
    axes: tuple[AxisName | None, ...]
    directions: tuple[AxisName | None, ...]
    digits: int
    finished: bool
    vectors: tuple[tuple[float, ...], ...] = ()

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
    levels:     how many of LEVELS are wanted
    """

    channel: ClassVar[str] = CHANNEL
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    digits: ImageSet
    train: ImageSet | None
    components: SameAxes | None
    directions: tuple[tuple[float, ...], ...]
    levels: int
    turn: int = 0

    @property
    def subject(self) -> Subject:
        digits = (self.digits,) if self.train is None else (self.digits, self.train)
        return Subject.of(self.snapshot, digits)

    def compute(self, cache: InferenceCache, progress: Progress) -> AxisNames:
        began = time.thread_time()
        if self.levels == 1:  # a training runs: learning the classes would cost too much
            probabilities = cache.known("class chances", (self.train,))
        else:
            probabilities = cache.kept(
                "class chances", (self.train,), lambda: _probabilities(self.train, progress)
            )
        if time.thread_time() - began >= TURN_SECONDS:
            return self._nothing_yet()
        measurer = cache.kept(
            "measurer", (self.digits, probabilities), lambda: self._measurer(probabilities, progress)
        )
        what = (self.snapshot, measurer, self.components, self.directions)
        work = cache.kept("naming", what, lambda: self._work(cache, measurer, progress))
        until = LEVELS[: self.levels]
        work.resume(cache.frozen_model(self.snapshot), until, began + TURN_SECONDS, progress)
        names = work.names()
        own = len(names) - len(self.directions)
        return AxisNames(
            self.snapshot.run,
            self.snapshot.step,
            self.snapshot.recipe.network.latent_size,
            self._basis,
            names[:own],
            names[own:],
            work.digits(until),
            work.finished(until),
            self.directions,
        )

    @property
    def _basis(self) -> Basis:
        return "dimensions" if self.components is None else "components"

    def _nothing_yet(self) -> AxisNames:
        size = self.snapshot.recipe.network.latent_size
        axes = size if self.components is None else len(self.components.axes)
        none = (None,) * axes, (None,) * len(self.directions)
        return AxisNames(
            self.snapshot.run, self.snapshot.step, size, self._basis, *none, 0, False, self.directions
        )

    def _measurer(self, probabilities: ClassProbabilityModel | None, progress: Progress) -> AttributeMeasurer:
        from aestudio.analysis.attribute_discovery import make_measurer

        pictures = self.digits.images[_some(len(self.digits), SPREAD), 0]
        return make_measurer(
            pictures, () if probabilities is None else probabilities.class_names, probabilities, progress
        )

    def _work(self, cache: InferenceCache, measurer: AttributeMeasurer, progress: Progress) -> _Work:
        from aestudio.analysis.attribute_discovery import Axis, data_axes
        from aestudio.analysis.latent_transform import axes_of_dimensions

        size = self.snapshot.recipe.network.latent_size
        codes = cache.frozen_model(self.snapshot).encode(self.digits.images[_some(len(self.digits), RANGED)])
        progress(0.0, None, "")
        axes = axes_of_dimensions(size) if self.components is None else self.components.axes
        added = [Axis(np.array(vector), -1.0, 1.0) for vector in self.directions]
        every = (*data_axes(axes, codes), *added)
        # During a training, an axis keeps its name until it is measured again.
        series = (self.snapshot.run_key, self._basis, self.directions, self.digits, len(every))
        named: list[AxisName | None] = cache.kept("names", series, lambda: [None] * len(every))
        return _Work(codes, every, measurer, named)


def _some(count: int, most: int) -> np.ndarray:
    """Indices of at most `most` of `count` images, at random: a set may be sorted by class."""
    return np.random.default_rng(0).permutation(count)[:most]


def _probabilities(train: ImageSet | None, progress: Progress) -> ClassProbabilityModel | None:
    from aestudio.analysis.class_probabilities import train_class_probabilities

    return None if train is None else train_class_probabilities(train, progress)


@dataclass(eq=False)
class _Work:
    """The traversals of every axis so far. Belongs to the inference worker's thread.

    named: the newest name of every axis, also from a snapshot before this one
    """

    codes: Codes
    axes: tuple[Axis, ...]
    measurer: AttributeMeasurer
    named: list[AxisName | None]
    traversals: list[list[AxisTraversal]] = field(default_factory=list)
    done: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.traversals = [[] for _ in self.axes]
        self.done = [0] * len(self.axes)

    def resume(
        self, frozen_model: FrozenModel, levels: Iterable[int], until: float, progress: Progress
    ) -> None:
        """Measure until that time by `time.thread_time()` (one axis at least), level by level."""
        for level in levels:
            for index in self._order():
                if self.done[index] < min(level, len(self.codes)):
                    self._measure(frozen_model, index, level, progress)
                    if time.thread_time() >= until:
                        return

    def _order(self) -> Iterable[int]:
        """Indices of the axes, widest spread of the codes first, then the directions."""
        reach = [
            0.0 if axis.origin is None else (axis.high - axis.low) * float(np.linalg.norm(axis.vector))
            for axis in self.axes
        ]
        return sorted(range(len(self.axes)), key=lambda index: -reach[index])

    def _measure(self, frozen_model: FrozenModel, index: int, level: int, progress: Progress) -> None:
        from aestudio.analysis.attribute_discovery import concatenated, name_axis, traverse_axis

        codes = self.codes.mean[self.done[index] : level]
        self.traversals[index].append(
            traverse_axis(frozen_model.decode, codes, self.axes[index], self.measurer, progress)
        )
        self.done[index] += len(codes)
        self.named[index] = name_axis(concatenated(self.traversals[index]), self.measurer)

    def names(self) -> tuple[AxisName | None, ...]:
        return tuple(self.named)

    def digits(self, levels: Iterable[int]) -> int:
        """How many images every axis was measured with: those of the last complete level."""
        return max(
            (n for n in (min(level, len(self.codes)) for level in levels) if n <= min(self.done)), default=0
        )

    def finished(self, levels: Iterable[int]) -> bool:
        return min(self.done) >= min(max(levels), len(self.codes))


class AxisNaming:
    """Which request for names comes next; one object for each view that shows names."""

    def __init__(self, seconds: float = SECONDS_PER_NAMES) -> None:
        self._seconds = seconds
        self._held: NameAxes | None = None
        self._since = 0.0

    def request(self, state: StudioState) -> NameAxes | None:
        """The next request; None if there is nothing to name or not all inputs are known yet.

        During a training or an animation, the names of one snapshot are shown for some seconds, and only the
        coarsest level is measured.
        """
        wanted = self._wanted(state)
        if wanted is None:
            return None
        result = state.results.get(CHANNEL)
        held = self._held
        if held is None or not self._waits(state, held, wanted):
            held = self._held = wanted
            self._since = time.monotonic()
        if result is not None and result.request == held and not _complete(result, held):
            held = self._held = replace(held, turn=held.turn + 1)
        return held

    def _waits(self, state: StudioState, held: NameAxes, wanted: NameAxes) -> bool:
        """Whether to keep the last request: it is the same, or a training runs and it is recent."""
        if replace(held, turn=0) == wanted:
            return True
        if not _busy(state) or held.snapshot.run_key != wanted.snapshot.run_key:
            return False
        moved = replace(held, snapshot=wanted.snapshot, components=wanted.components, turn=0)
        recently = time.monotonic() - self._since < self._seconds
        return moved == wanted and (recently or not _complete(state.results.get(CHANNEL), held))

    @staticmethod
    def _wanted(state: StudioState) -> NameAxes | None:
        snapshot, digits, workspace = state.snapshot, state.digits, state.workspace
        if snapshot is None or digits is None or not len(digits) or snapshot.recipe.objective.code == "none":
            return None
        components = None
        if workspace.sliders.basis == "components":
            figures = state.value("sliders")
            axes = None if figures is None else figures.axes_of("components")
            if axes is None or axes.size != snapshot.recipe.network.latent_size:
                return None
            components = SameAxes(axes)
        train = state.data.dataset.train if state.data.dataset is not None else None
        size = snapshot.recipe.network.latent_size
        vectors = tuple(
            tuple(direction.vector.tolist())
            for direction in workspace.directions
            if len(direction.vector) == size
        )
        levels = 1 if _busy(state) else len(LEVELS)
        return NameAxes(snapshot, digits, train, components, vectors, levels)


def _busy(state: StudioState) -> bool:
    """Whether another snapshot follows soon."""
    return state.computing or state.history.playing


def _complete(result: Result | None, request: NameAxes) -> bool:
    """Whether all turns of the request were computed, or one of them failed."""
    if result is None:
        return False
    return result.failed == request or (
        result.request == request and (result.value is None or result.value.finished)
    )
