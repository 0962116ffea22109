"""The request of the sheet of traversals: some of its rows, and the order of all axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.gui.state.subject import Subject
from aestudio.recipes.requirements import has_standard_normal_prior

if TYPE_CHECKING:
    from aestudio.analysis.axis_statistics import LatentStatistics
    from aestudio.analysis.traversal_sheet import RankedAxes, TraversalSheet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.gui.inference.requests.sliders_request import SlidersRequest
    from aestudio.gui.state.workspace import Basis
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class SheetRows:
    """Rows `first` to `first + count` of the sheet, of as many as there are.

    sources:    what the statistics were asked with; None for a model whose images have no codes
    statistics: by which the axes are sorted; of the same snapshot, so that order and images are of one step
    around:     the code whose other coordinates are kept; None: the mean of the prior, or of the codes
    condition:  what a conditional model is told of every code
    """

    channel: ClassVar[str] = "traversals"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    sources: SlidersRequest | None
    statistics: LatentStatistics | None
    basis: Basis
    around: tuple[float, ...] | None
    condition: ConditionRow | None
    columns: int
    first: int
    count: int

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot) if self.sources is None else self.sources.subject

    def ranked(self, cache: InferenceCache) -> RankedAxes:
        """All axes in their order."""
        from aestudio.analysis.traversal_sheet import axes_by_change, ranked_axes

        if self.statistics is None:
            frozen_model = cache.frozen_model(self.snapshot)
            key = self.snapshot, self.condition
            return cache.get_or_make("ranked axes", key, lambda: axes_by_change(frozen_model, self.condition))
        prior = has_standard_normal_prior(self.snapshot.architecture.latent)
        metrics = self.statistics.metrics_of(self.basis)
        return ranked_axes(metrics, prior, self.basis == "components")

    def compute(self, cache: InferenceCache, progress: Progress) -> TraversalSheet:
        """Images uint8 (r, n, C, H, W) of these rows, with their codes."""
        from aestudio.analysis.traversal_sheet import traversal_sheet

        ranked = self.ranked(cache)
        around = ranked.neutral if self.around is None else np.asarray(self.around, np.float32)
        first = max(0, min(self.first, len(ranked) - self.count))
        rows = slice(first, first + self.count)
        frozen_model = cache.frozen_model(self.snapshot)
        return traversal_sheet(frozen_model, ranked, around, self.columns, rows, self.condition, progress)
