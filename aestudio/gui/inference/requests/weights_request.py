"""The first layer's weights as images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.inference.requests.subjects import OfSnapshot

if TYPE_CHECKING:
    from aestudio.analysis.first_layer import FirstLayer
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress


@dataclass(frozen=True)
class FirstWeights(OfSnapshot):
    """The weights of each unit or filter of the first layer."""

    channel: ClassVar[str] = "first weights"
    urgent: ClassVar[bool] = True

    def compute(self, cache: InferenceCache, progress: Progress) -> FirstLayer:
        """The weights as images, one for each unit or filter."""
        from aestudio.analysis.first_layer import first_layer

        return first_layer(self.snapshot)
