"""The training images nearest to decoded images: to samples, and to the point of the latent space.

By pixels, and by codes where images have some. They answer whether a model has memorised what it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import condition_of_set, repeated
from aestudio.inference.taken_images import require_shape

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from aestudio.analysis.sampling import Nearest
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.inference.requests.samples_request import SampleSet
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

NEIGHBOURS = 6
# Unseen images; the distances of their reconstructions, or of their codes, are the reference.
REFERENCE_IMAGES = 100


@dataclass(frozen=True, eq=False)
class RealNeighbours:
    """The nearest real images of each of n decoded images.

    nearest: by pixels; its distances are root mean squared differences per pixel, 0 to 1
    usual:   the same distance for reconstructions of images that the model has not seen, float64 (m,),
             sorted; empty if there are none. Reconstructions, because they are as blurred as samples, and
             blurred images are nearer to all others.
    codes:   by codes; its distances are Euclidean, between the points of the codes (`Codes.points`). None if
             images have no codes, or these are not searched (yet)
    usual_codes: the same distance for codes of images that the model has not seen, float64 (m,), sorted
    """

    nearest: Nearest
    usual: NDArray[np.float64]
    codes: Nearest | None = None
    usual_codes: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class _AmongReal:
    """real: the images to search; unseen: images that the model was not trained on, or None"""

    snapshot: Snapshot
    real: ImageSet
    unseen: ImageSet | None

    @property
    def subject(self) -> Subject:
        image_sets = (self.real,) if self.unseen is None else (self.real, self.unseen)
        return Subject.of(self.snapshot, image_sets)

    def by_pixels(
        self, cache: InferenceCache, images: NDArray[np.uint8], progress: Progress
    ) -> RealNeighbours:
        """The nearest of the real images of each of images uint8 (n, C, H, W)."""
        from aestudio.analysis.sampling import nearest_images

        require_shape(self.snapshot, self.real.images)
        count = min(NEIGHBOURS, len(self.real))
        nearest = nearest_images(images, self.real.images, count, progress)
        unseen, frozen_model = self.unseen, cache.frozen_model(self.snapshot)
        if unseen is None or not frozen_model.reconstructs:
            return RealNeighbours(nearest, np.zeros(0))

        def measure() -> NDArray[np.float64]:
            some = part_of(unseen, slice(REFERENCE_IMAGES))
            condition = condition_of_set(self.snapshot.architecture, some)
            images = frozen_model.reconstruct(some.images, condition)
            return np.sort(nearest_images(images, self.real.images, 1, progress).distances[:, 0])

        key = (self.snapshot, self.real, unseen)
        return RealNeighbours(nearest, cache.get_or_make("usual distances", key, measure))

    def by_codes(
        self, cache: InferenceCache, codes: NDArray[np.float32], progress: Progress
    ) -> tuple[Nearest, NDArray[np.float64]]:
        """The nearest codes of the real images of each of codes float32 (n, L), and the usual distances."""
        from aestudio.analysis.neighbours import nearest
        from aestudio.analysis.sampling import Nearest

        known = cache.codes(self.snapshot, self.real, len(self.real), progress).points
        frozen_model = cache.frozen_model(self.snapshot)
        points = frozen_model.points(codes) if self.snapshot.architecture.latent.choices else codes
        indices, distances = nearest(points, known, min(NEIGHBOURS, len(known)), progress)
        unseen = self.unseen

        def measure() -> NDArray[np.float64]:
            if unseen is None:
                return np.zeros(0)
            some = part_of(unseen, slice(REFERENCE_IMAGES))
            told = condition_of_set(self.snapshot.architecture, some)
            own = cache.frozen_model(self.snapshot).encode(some.images, told).points
            return np.sort(nearest(own, known, 1, progress)[1][:, 0].astype(np.float64))

        key = (self.snapshot, self.real, unseen)
        usual = cache.get_or_make("usual distances of codes", key, measure)
        return Nearest(indices, distances.astype(np.float64)), usual


@dataclass(frozen=True)
class NearestImages(_AmongReal):
    """The training images nearest to each sample, by pixels."""

    channel: ClassVar[str] = "nearest"
    urgent: ClassVar[bool] = False
    samples: SampleSet

    def compute(self, cache: InferenceCache, progress: Progress) -> RealNeighbours:
        """The 6 nearest training images of each sample, with their distances."""
        return self.by_pixels(cache, self.samples.images, progress)


@dataclass(frozen=True)
class NearestToPoint(_AmongReal):
    """The training images nearest to one code: by pixels of its decoded image, then by codes as well.

    condition: what a conditional model is told of it
    """

    channel: ClassVar[str] = "nearest to the point"
    urgent: ClassVar[bool] = False
    code: tuple[float, ...]
    condition: ConditionRow | None

    def compute(
        self, cache: InferenceCache, progress: Progress
    ) -> Generator[RealNeighbours, None, RealNeighbours]:
        """The 6 nearest by each distance; those by pixels first, because codes of all images take longer."""
        code = np.asarray([self.code], np.float32)
        image = cache.frozen_model(self.snapshot).decode(code, repeated(self.condition, 1))
        found = self.by_pixels(cache, image, progress)
        if not self.snapshot.architecture.encodes:
            return found
        yield found
        codes, usual = self.by_codes(cache, code, progress)
        return RealNeighbours(found.nearest, found.usual, codes, usual)
