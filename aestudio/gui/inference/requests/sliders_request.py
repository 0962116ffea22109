"""The request of the sliders: the axis of each, and its statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.inference.requests.data_support_request import ReferenceCodes
from aestudio.recipes.requirements import has_standard_normal_prior, require_continuous

if TYPE_CHECKING:
    from aestudio.analysis.axis_statistics import LatentStatistics
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress


@dataclass(frozen=True)
class SlidersRequest(ReferenceCodes):
    """The statistics of the codes of the first `count` images, or of the shipped codes.

    The same images and count as the map's: they are encoded once for both.
    """

    channel: ClassVar[str] = "sliders"
    urgent: ClassVar[bool] = False

    def compute(self, cache: InferenceCache, progress: Progress) -> LatentStatistics:
        """The axes and their statistics over the codes float32 (N, L)."""
        from aestudio.analysis.axis_statistics import latent_statistics

        latent = self.snapshot.architecture.latent
        require_continuous(self.snapshot.architecture, "it has no axes")
        return latent_statistics(self.codes(cache, progress), has_standard_normal_prior(latent))
