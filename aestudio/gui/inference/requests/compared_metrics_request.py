"""The metrics of the compared runs over the same first test images, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.datasets.dataset import part_of
from aestudio.gui.state.subject import Subject

if TYPE_CHECKING:
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress
    from aestudio.runs.compared_metrics import ComparedMetric
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class MetricsOfRuns:
    """Each run over the first `count` images; differences are from the first run, image by image."""

    channel: ClassVar[str] = "comparison metrics"
    urgent: ClassVar[bool] = False
    snapshots: tuple[Snapshot, ...]
    image_set: ImageSet
    count: int

    @property
    def subject(self) -> Subject:
        return Subject.of_comparison(self.snapshots, (self.image_set,))

    def compute(self, cache: InferenceCache, progress: Progress) -> tuple[ComparedMetric, ...]:
        from aestudio.runs.compared_metrics import compared_metrics, measure_model

        some = part_of(self.image_set, slice(self.count))
        return compared_metrics(
            [measure_model(cache.frozen_model(one), some, "the same", progress) for one in self.snapshots]
        )
