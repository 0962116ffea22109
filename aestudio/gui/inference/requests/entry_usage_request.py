"""The request of the codebook picker and the category chooser: how often each entry is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.inference.requests.subjects import OfImages

if TYPE_CHECKING:
    from aestudio.analysis.entry_usage import EntryUsage
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress


@dataclass(frozen=True)
class EntryUsageRequest(OfImages):
    """The usage of the entries by the first `count` images, those that the map shows."""

    channel: ClassVar[str] = "entry usage"
    urgent: ClassVar[bool] = False
    count: int

    def compute(self, cache: InferenceCache, progress: Progress) -> EntryUsage:
        """Counts int64 (L, K) of the K entries at each of the L places."""
        from aestudio.analysis.entry_usage import entry_usage

        codes = cache.codes(self.snapshot, self.image_set, self.count, progress)
        return entry_usage(codes.mean, self.snapshot.architecture.latent.choices)
