"""The request of the sliders: the axis of each, and its statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.state.subject import Subject

if TYPE_CHECKING:
    from aestudio.analysis.axis_statistics import LatentStatistics
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.state.model_state import GivenCodes
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class SlidersRequest:
    """The statistics of the codes of the first `count` images, or of the given codes.

    The same images and count as the map's: they are encoded once for both.
    """

    channel: ClassVar[str] = "sliders"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    digits: ImageSet | None
    given: GivenCodes | None
    count: int

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, () if self.digits is None else (self.digits,), self.given)

    def compute(self, cache: InferenceCache, progress: Progress) -> LatentStatistics:
        from aestudio.analysis.axis_statistics import latent_statistics
        from aestudio.inference.frozen_model import Codes

        if self.given is not None:
            codes = Codes(self.given.mean)
        else:
            assert self.digits is not None
            codes = cache.codes(self.snapshot, self.digits, self.count, progress)
        return latent_statistics(codes, self.snapshot.recipe.objective.code == "gaussian")
