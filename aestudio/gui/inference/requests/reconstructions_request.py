"""Originals and reconstructions: of the visible images, the selected one, a drawing, the worst ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from aestudio.errors import StudioError
from aestudio.gui.inference.requests.subjects import OfImages, OfSnapshot
from aestudio.gui.state.model_shape import taken_shape
from aestudio.inference.conditions import repeated
from aestudio.inference.taken_images import require_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.reconstructions import Reconstructions
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress

KEPT = 500  # of the worst images: more than any screen can show


@dataclass(frozen=True)
class Triples(OfImages):
    """The images at these indices and their reconstructions."""

    channel: ClassVar[str] = "triples"
    urgent: ClassVar[bool] = True
    indices: tuple[int, ...]

    def compute(self, cache: InferenceCache, progress: Progress) -> Reconstructions:
        """Originals and reconstructions uint8 (n, C, H, W), with their errors."""
        from aestudio.analysis.reconstructions import reconstruct

        require_shape(self.snapshot, self.image_set.images)
        return reconstruct(cache.frozen_model(self.snapshot), self.image_set, self.indices)


@dataclass(frozen=True)
class Enlarged(Triples):
    """The selected image alone."""

    channel: ClassVar[str] = "enlarged"


@dataclass(frozen=True, eq=False)
class ReconstructedDrawing:
    """A drawing through the model: a reconstruction, or class probabilities if nothing is decoded.

    image: uint8 (C, H, W); probabilities: float32 (classes,)
    """

    image: NDArray[np.uint8]
    triple: Reconstructions | None
    probabilities: NDArray[np.float32] | None


@dataclass(frozen=True)
class ReconstructDrawing(OfSnapshot):
    """A drawing, in the shape that the model takes and given as its bytes.

    condition: what a conditional model is told of it
    """

    channel: ClassVar[str] = "drawn"
    urgent: ClassVar[bool] = True
    drawing: bytes
    condition: ConditionRow | None = None

    def compute(self, cache: InferenceCache, progress: Progress) -> ReconstructedDrawing:
        """The reconstruction uint8 (1, C, H, W), or class probabilities float32 (classes,)."""
        from aestudio.analysis.reconstructions import reconstruct_images

        image, told = self._image(), repeated(self.condition, 1)
        frozen_model = cache.frozen_model(self.snapshot)
        if frozen_model.decodes:
            triple = reconstruct_images(frozen_model, image[None], condition=told)
            return ReconstructedDrawing(image, triple, None)
        logits = frozen_model.encode(image[None], told).mean[0].astype(np.float64)
        probabilities = np.exp(logits - logits.max())
        return ReconstructedDrawing(image, None, (probabilities / probabilities.sum()).astype(np.float32))

    def _image(self) -> NDArray[np.uint8]:
        """The drawing, uint8 (C, H, W); raises StudioError if it was made for images of another size."""
        shape = taken_shape(self.snapshot)
        pixels = np.frombuffer(self.drawing, np.uint8)
        if pixels.size != shape.size:
            raise StudioError(
                f"The model takes images of {shape}, and this drawing was made for others",
                advice="Change the drawing, so that it is made for this model.",
            )
        return pixels.reshape(shape.array)


@dataclass(frozen=True, eq=False)
class Worst:
    """Indices (n,) of the images with the greatest loss, the greatest first, among the first `among`."""

    indices: NDArray[np.int64]
    among: int


@dataclass(frozen=True)
class WorstFirst(OfImages):
    """The worst of the first `count` images."""

    channel: ClassVar[str] = "worst"
    urgent: ClassVar[bool] = False
    count: int

    def compute(self, cache: InferenceCache, progress: Progress) -> Worst:
        """Indices int64 (n,) of at most 500 images, the greatest loss first."""
        from aestudio.analysis.reconstructions import worst_first
        from aestudio.datasets.dataset import part_of

        require_shape(self.snapshot, self.image_set.images)
        among = part_of(self.image_set, slice(self.count))
        return Worst(worst_first(cache.frozen_model(self.snapshot), among, progress)[:KEPT], len(among))
