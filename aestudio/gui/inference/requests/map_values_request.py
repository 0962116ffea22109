"""The request of the map's colours: the loss of each image, or the density at its position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from aestudio.gui.inference.requests.latent_map_request import COARSE_COUNT, PLANE_COUNT, pieces
from aestudio.gui.state.subject import Subject
from aestudio.inference.taken_images import require_shape
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.model_state import ShippedCodes
    from aestudio.inference.frozen_model import Codes
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

MapColour = Literal["loss", "density"]


@dataclass(frozen=True, eq=False)
class MapValues:
    """A value for each of the first N points of the map, float32 (N,).

    unit: "squared error", "nats", or what a user's objective says; density: "nats"
    """

    kind: MapColour
    values: NDArray[np.float32]
    unit: str


@dataclass(frozen=True)
class ValuesOnMap:
    """The values of the points of a map, coarse to fine.

    snapshot, image_sets, shipped_codes: those of the map's request
    """

    channel: ClassVar[str] = "map values"
    urgent: ClassVar[bool] = False
    kind: MapColour
    snapshot: Snapshot
    image_sets: tuple[ImageSet, ...]
    shipped_codes: ShippedCodes | None
    shown: CodeMap

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, self.image_sets, self.shipped_codes)

    def compute(self, cache: InferenceCache, progress: Progress) -> Generator[MapValues, None, MapValues]:
        """Loss: the recipe's reconstruction loss, per image; density: on the plane, in nats.

        Raises StudioError for the loss of shipped codes, which come without images, and if nothing is
        decoded.
        """
        make = self._densities if self.kind == "density" else self._losses
        total = len(self.shown.xy)
        for count in (COARSE_COUNT, PLANE_COUNT):
            if count < total:
                yield make(cache, count, progress)
        return make(cache, total, progress)

    def _densities(self, cache: InferenceCache, count: int, progress: Progress) -> MapValues:
        from aestudio.analysis.point_values import densities_on_map

        require_continuous(self.snapshot.architecture, "its codes have no density")
        xy = self.shown.xy[:count]
        values = densities_on_map(self.shown.plane, xy, self._codes(cache, progress), progress)
        return MapValues("density", values, "nats")

    def _codes(self, cache: InferenceCache, progress: Progress) -> Codes:
        """The codes of the first points, at most 2,000, from which the density is estimated."""
        from aestudio.inference.frozen_model import Codes

        if self.shipped_codes is not None:
            return Codes(self.shipped_codes.mean[:COARSE_COUNT])
        # The test images come first; there are always some.
        count = min(COARSE_COUNT, len(self.shown.xy), len(self.image_sets[0]))
        return cache.codes(self.snapshot, self.image_sets[0], count, progress)

    def _losses(self, cache: InferenceCache, count: int, progress: Progress) -> MapValues:
        from aestudio.analysis.reconstructions import loss_unit
        from aestudio.errors import StudioError

        if self.shipped_codes is not None:
            raise StudioError(
                "The map's points came with the model, without their images, so there is no loss to show",
                advice="Load the data set.",
            )
        losses = [
            self._of_set(cache, image_set, some, progress)
            for image_set, some in pieces(self.image_sets, count)
        ]
        values = np.concatenate(losses).astype(np.float32)
        return MapValues("loss", values, loss_unit(self.snapshot.recipe))

    def _of_set(
        self, cache: InferenceCache, image_set: ImageSet, count: int, progress: Progress
    ) -> NDArray[np.float64]:
        from aestudio.analysis.reconstructions import image_losses
        from aestudio.datasets.dataset import part_of

        require_shape(self.snapshot, image_set.images)
        position = self.image_sets.index(image_set)
        known = cache.get_or_make(f"losses {position}", (self.snapshot, image_set), dict)
        if count not in known:
            done = max((number for number in known if number < count), default=0)
            fresh = image_losses(
                cache.frozen_model(self.snapshot), part_of(image_set, slice(done, count)), progress
            )
            known[count] = np.concatenate([known[done], fresh]) if done else fresh
        return known[count]
