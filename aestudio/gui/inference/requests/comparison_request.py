"""Requests for the compared runs: the same image, the same code, and the maps of their codes, side by side.

Each request holds one snapshot of every run, taken at the same step, so that columns never show different
steps.
"""

from __future__ import annotations

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
        codes = [
            None if no_codes(one.architecture) else cache.codes(one, self.image_set, self.count, progress)
            for one in self.snapshots
        ]
        planes = self._planes([None if one is None else one.points for one in codes])
        numbers = range(len(self.snapshots))
        return tuple(self._map(cache, number, codes, planes, progress) for number in numbers)

    def _planes(self, points: list[NDArray[np.float32] | None]) -> list[Plane | None]:
        """The plane of each run's map; maps that share one have the same object."""
        from aestudio.analysis.common_plane import common_plane

        planes: list[Plane | None] = [None] * len(points)
        for number, own in enumerate(points):
            if own is None or planes[number] is not None or own.shape[1] < 2 or len(own) < 2:
                continue
            together = {number: own}
            if self.same_axes:
                equal = {n: one for n, one in enumerate(points) if one is not None and one.shape == own.shape}
                together |= equal
            old = self.before[number].plane if len(self.before) == len(self.snapshots) else None
            plane = common_plane(list(together.values()), old)
            for one in together:
                planes[one] = plane
        return planes

    def _map(
        self,
        cache: InferenceCache,
        number: int,
        codes: list[Codes | None],
        planes: list[Plane | None],
        progress: Progress,
    ) -> ComparedMap:
        own, plane, images = codes[number], planes[number], self.image_set
        labels = None if images.labels is None else images.labels[: self.count]
        error = None if own is None else self._error(cache, self.snapshots[number], own, progress)
        if own is None or plane is None:
            nowhere = np.empty((0, 2), np.float32)
            return ComparedMap(None, nowhere, nowhere, labels, images.class_names, error)
        pairs = zip(codes, planes, strict=True)
        shared = [one.points for one, its in pairs if one is not None and its is plane]
        frame = np.concatenate([plane.to_plane(points) for points in shared]).astype(np.float32)
        xy = plane.to_plane(own.points).astype(np.float32)
        return ComparedMap(plane, xy, frame, labels, images.class_names, error, own.entries is not None)

    def _error(
        self, cache: InferenceCache, snapshot: Snapshot, codes: Codes, progress: Progress
    ) -> float | None:
        from aestudio.analysis.metrics import squared_error_per_image

        if not snapshot.architecture.reconstructs:
            return None
        image_set = part_of(self.image_set, slice(len(codes)))
        images, condition = image_set.images, condition_of_set(snapshot.architecture, image_set)
        total, step = 0.0, 250
        for start in range(0, len(codes), step):
            progress(start, len(codes), "")
            part = slice(start, start + step)
            decoded = cache.frozen_model(snapshot).decode_exactly(codes.mean[part], some_of(condition, part))
            total += float(squared_error_per_image(images[part], decoded).sum(dtype=np.float64))
        return total / max(1, len(codes))
