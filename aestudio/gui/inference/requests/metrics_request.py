"""Metrics of the shown model over the first images of the test set: quick enough to follow a training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aestudio.datasets.dataset import part_of
from aestudio.gui.inference.requests.subjects import OfImages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress


@dataclass(frozen=True)
class QuickMetrics(OfImages):
    """The table of `aestudio evaluate` over the first `count` images of the set.

    live: the settings that were changed while training, with their values at the snapshot's step
    """

    channel: ClassVar[str] = "metrics"
    urgent: ClassVar[bool] = False
    count: int
    live: tuple[tuple[str, float], ...] = ()

    def compute(self, cache: InferenceCache, progress: Progress) -> Mapping[str, Any]:
        """Plain values by name; raises StudioError, as without labels for a classifier."""
        from aestudio.analysis.evaluation_metrics import evaluate

        images = part_of(self.image_set, slice(self.count))
        frozen_model = cache.frozen_model(self.snapshot)
        return evaluate(self.snapshot, images, dict(self.live), progress, frozen_model, noisy=False).to_json()
