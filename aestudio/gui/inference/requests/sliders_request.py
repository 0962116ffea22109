"""The request of the sliders: the axis of each, and its statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.state.subject import Subject
from aestudio.recipes.requirements import has_standard_normal_prior, require_continuous

if TYPE_CHECKING:
    from aestudio.analysis.axis_statistics import LatentStatistics
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.model_state import ShippedCodes
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class SlidersRequest:
    """The statistics of the codes of the first `count` images, or of the shipped codes.

    The same images and count as the map's: they are encoded once for both.
    """

    channel: ClassVar[str] = "sliders"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    image_set: ImageSet | None
    shipped_codes: ShippedCodes | None
    count: int

    @property
    def subject(self) -> Subject:
        return Subject.of(
            self.snapshot, () if self.image_set is None else (self.image_set,), self.shipped_codes
        )

    def compute(self, cache: InferenceCache, progress: Progress) -> LatentStatistics:
        """The axes and their statistics over the codes float32 (N, L)."""
        from aestudio.analysis.axis_statistics import latent_statistics
        from aestudio.inference.frozen_model import Codes

        require_continuous(self.snapshot.architecture, "it has no axes")
        if self.shipped_codes is not None:
            codes = Codes(self.shipped_codes.mean)
        else:
            assert self.image_set is not None
            codes = cache.codes(self.snapshot, self.image_set, self.count, progress)
        return latent_statistics(codes, has_standard_normal_prior(self.snapshot.architecture.latent))
