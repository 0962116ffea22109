"""Requests for the compared runs: the same image, the same code, and the maps of their codes, side by side.

Each request holds one snapshot of every run, taken at the same step, so that columns never show different
steps.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.gui.inference.requests.exploration_request import Inspect
from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import condition_of_image, condition_of_set, repeated, some_of
from aestudio.inference.taken_images import require_shape
from aestudio.recipes.requirements import no_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.projections import Plane
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.inference.requests.exploration_request import Inspected
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

    Snapshots = tuple[Snapshot, ...]


@dataclass(frozen=True)
class ComparedImage:
    """The selected image through each run."""

    channel: ClassVar[str] = "comparison digit"
    urgent: ClassVar[bool] = True
    snapshots: Snapshots
    image_sets: tuple[ImageSet, ...]
    index: int

    @property
    def subject(self) -> Subject:
        return Subject.of_comparison(self.snapshots, self.image_sets)

    def compute(self, cache: InferenceCache, progress: Progress) -> tuple[Inspected, ...]:
        return tuple(
            Inspect(snapshot, self.image_sets, self.index).compute(cache, progress)
            for snapshot in self.snapshots
        )


@dataclass(frozen=True)
class ComparedAtCode:
    """The same code decoded by each run with codes of that length: uint8 (C, H, W), or None.

    conditions: what each conditional run is told of it, one for each snapshot
    """

    channel: ClassVar[str] = "comparison at code"
    urgent: ClassVar[bool] = True
    snapshots: Snapshots
    code: tuple[float, ...]
    conditions: tuple[ConditionRow | None, ...] = ()

    @property
    def subject(self) -> Subject:
        return Subject.of_comparison(self.snapshots)

    def compute(self, cache: InferenceCache, progress: Progress) -> tuple[NDArray[np.uint8] | None, ...]:
        told = self.conditions or (None,) * len(self.snapshots)
        return tuple(
            self._image(cache, snapshot, condition)
            for snapshot, condition in zip(self.snapshots, told, strict=True)
        )

    def _image(
        self, cache: InferenceCache, snapshot: Snapshot, condition: ConditionRow | None
    ) -> NDArray[np.uint8] | None:
        architecture = snapshot.architecture
        if architecture.latent.size != len(self.code) or not architecture.decodes:
            return None
        if architecture.latent.choices and not architecture.latent.contains(self.code):
            return None  # dragged in the map of a run with continuous codes
        code = np.asarray(self.code, np.float32)[None]
        return cache.frozen_model(snapshot).decode(code, repeated(condition, 1))[0]


@dataclass(frozen=True)
class ComparedStyles:
    """Each conditional run's own code of the selected image, decoded with other conditions.

    Gives uint8 (C, H, W) for each run, or None for one that is told nothing or does not reconstruct.
    conditions: what each conditional run is told of its code, one for each snapshot
    """

    channel: ClassVar[str] = "comparison styles"
    urgent: ClassVar[bool] = True
    snapshots: Snapshots
    image_sets: tuple[ImageSet, ...]
    index: int
    conditions: tuple[ConditionRow | None, ...]

    @property
    def subject(self) -> Subject:
        return Subject.of_comparison(self.snapshots, self.image_sets)

    def compute(self, cache: InferenceCache, progress: Progress) -> tuple[NDArray[np.uint8] | None, ...]:
        return tuple(
            self._image(cache, snapshot, condition)
            for snapshot, condition in zip(self.snapshots, self.conditions, strict=True)
        )

    def _image(
        self, cache: InferenceCache, snapshot: Snapshot, condition: ConditionRow | None
    ) -> NDArray[np.uint8] | None:
        if condition is None or not snapshot.architecture.reconstructs:
            return None
        image_set, index = Inspect(snapshot, self.image_sets, self.index).position
        image = require_shape(snapshot, image_set.images[index : index + 1])
        own = condition_of_image(snapshot.architecture, image_set, index)
        frozen_model = cache.frozen_model(snapshot)
        code = frozen_model.encode(image, repeated(own, 1)).mean
        return frozen_model.decode(code, repeated(condition, 1))[0]


@dataclass(frozen=True, eq=False)
class ComparedMap:
    """One run's codes of the first images.

    plane:         None if a code is a single number, or images have none
    xy:            float32 (N, 2) on the plane; frame: float32 (M, 2), points that the map should show fully
    squared_error: mean per image over these images; None if images are not reconstructed
    discrete:      whether the points are of entries, between which there is no code
    """

    plane: Plane | None
    xy: NDArray[np.float32]
    frame: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    squared_error: float | None
    discrete: bool = False


@dataclass(frozen=True)
class ComparedMaps:
    """The codes of the first `count` images in each run.

    same_axes: codes of one length are shown on one plane and in one frame; otherwise each on its own
    before:    the result before, for aligning the axes; ignored when comparing requests
    """

    channel: ClassVar[str] = "comparison maps"
    urgent: ClassVar[bool] = False
    snapshots: Snapshots
    image_set: ImageSet
    count: int
    same_axes: bool
    before: tuple[ComparedMap, ...] = field(default=(), compare=False, repr=False)

    @property
    def subject(self) -> Subject:
        return Subject.of_comparison(self.snapshots, (self.image_set,))

    def compute(self, cache: InferenceCache, progress: Progress) -> tuple[ComparedMap, ...]:
        codes = {
            number: cache.codes(snapshot, self.image_set, self.count, progress)
            for number, snapshot in enumerate(self.snapshots)
            if not no_codes(snapshot.architecture)
        }
        groups: dict[int, list[int]] = defaultdict(list)
        for number, run_codes in codes.items():
            size = run_codes.points.shape[1]
            groups[size if self.same_axes else -number - 1].append(number)
        planes = {
            number: plane
            for group in groups.values()
            for number, plane in self._planes(group, [codes[number] for number in group]).items()
        }
        return tuple(
            self._map(cache, number, codes.get(number), planes, groups, codes, progress)
            for number in range(len(self.snapshots))
        )

    def _planes(self, group: list[int], codes: list[Codes]) -> dict[int, Plane]:
        from aestudio.analysis.common_plane import common_plane

        if codes[0].points.shape[1] < 2 or len(codes[0]) < 2:
            return {}
        old = self.before[group[0]].plane if len(self.before) == len(self.snapshots) else None
        plane = common_plane([one.points for one in codes], old)
        return dict.fromkeys(group, plane)

    def _map(
        self,
        cache: InferenceCache,
        number: int,
        codes: Codes | None,
        planes: dict[int, Plane],
        groups: dict[int, list[int]],
        all_codes: dict[int, Codes],
        progress: Progress,
    ) -> ComparedMap:
        labels = None if self.image_set.labels is None else self.image_set.labels[: self.count]
        nowhere = np.empty((0, 2), np.float32)
        if codes is None:
            return ComparedMap(None, nowhere, nowhere, labels, self.image_set.class_names, None)
        reconstructs = self.snapshots[number].architecture.reconstructs
        error = self._error(cache, self.snapshots[number], codes, progress) if reconstructs else None
        plane = planes.get(number)
        if plane is None:
            return ComparedMap(None, nowhere, nowhere, labels, self.image_set.class_names, error)
        group = next(group for group in groups.values() if number in group)
        frame = np.concatenate([plane.to_plane(all_codes[one].points) for one in group]).astype(np.float32)
        xy = plane.to_plane(codes.points).astype(np.float32)
        discrete = codes.entries is not None
        return ComparedMap(plane, xy, frame, labels, self.image_set.class_names, error, discrete)

    def _error(self, cache: InferenceCache, snapshot: Snapshot, codes: Codes, progress: Progress) -> float:
        from aestudio.analysis.metrics import squared_error_per_image

        image_set = part_of(self.image_set, slice(len(codes)))
        images, condition = image_set.images, condition_of_set(snapshot.architecture, image_set)
        total, step = 0.0, 250
        for start in range(0, len(codes), step):
            progress(start, len(codes), "")
            part = slice(start, start + step)
            decoded = cache.frozen_model(snapshot).decode_exactly(codes.mean[part], some_of(condition, part))
            total += float(squared_error_per_image(images[part], decoded).sum(dtype=np.float64))
        return total / max(1, len(codes))


class ComparisonPacing:
    """Keeps one snapshot of every run, all of one step, until the maps were computed.

    Like `RequestPacing`, for several trainings in step.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: Snapshots = ()
        self._since = 0.0

    def snapshots(self, state: StudioState, channel: str) -> Snapshots:
        """The snapshots to request on this channel now; () if there are none."""
        newest, held = state.comparison.snapshots, self._held
        if newest == held or not newest:
            return newest
        same = [snapshot.run_key for snapshot in newest] == [snapshot.run_key for snapshot in held]
        waits = state.comparison.phase == "running" and same
        due = channel not in state.pending and time.monotonic() - self._since >= self._seconds
        if waits and not (due and in_step(newest, state)):
            return held
        self._held = newest
        self._since = time.monotonic()
        return newest


def in_step(snapshots: Snapshots, state: StudioState) -> bool:
    """Whether the snapshots of all runs that have not ended are of one step."""
    steps = {
        snapshot.step
        for snapshot, compared_run in zip(snapshots, state.comparison.runs, strict=True)
        if compared_run.training.phase != "ended"
    }
    return len(steps) <= 1
