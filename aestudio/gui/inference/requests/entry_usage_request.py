"""The request of the codebook picker and the category chooser: how often each entry is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.state.subject import Subject

if TYPE_CHECKING:
    from aestudio.analysis.entry_usage import EntryUsage
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class EntryUsageRequest:
    """The usage of the entries by the first `count` images, those that the map shows."""

    channel: ClassVar[str] = "entry usage"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    image_set: ImageSet
    count: int

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, (self.image_set,))

    def compute(self, cache: InferenceCache, progress: Progress) -> EntryUsage:
        """Counts int64 (L, K) of the K entries at each of the L places."""
        from aestudio.analysis.entry_usage import entry_usage

        codes = cache.codes(self.snapshot, self.image_set, self.count, progress)
        return entry_usage(codes.mean, self.snapshot.architecture.latent.choices)
