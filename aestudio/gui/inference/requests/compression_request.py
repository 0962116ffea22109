"""Compression: one image through quantised codes, and the error for each number of bits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import condition_of_image, repeated
from aestudio.inference.taken_images import require_shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.analysis.compression import Compressed, RatePoint
    from aestudio.codec.container import Sizes
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot
    from aestudio.types import Condition

MOST_BITS = 12  # per number: more bits do not change the curve


@dataclass(frozen=True, eq=False)
class WrittenImage:
    """The file of one image, and what is decoded from its bytes.

    sizes: bytes of its parts; picture: uint8 (C, H, W); squared_error: summed over all its numbers
    """

    sizes: Sizes
    picture: NDArray[np.uint8]
    squared_error: float


@dataclass(frozen=True, eq=False)
class CompressedImage:
    """One image as each kind of file. original: uint8 (C, H, W); sizes in bits, file headers included.

    written: its compressed file; None for a model whose codes no file keeps
    """

    original: NDArray[np.uint8]
    label: str
    code: Compressed
    png_bits: int
    jpeg_bits: int
    written: WrittenImage | None = None


@dataclass(frozen=True)
class CompressImage:
    """The image at `index` with `bits` bits per number of its code.

    reference: the images whose first `reference_count` codes give the range of the quantiser
    """

    channel: ClassVar[str] = "compressed"
    urgent: ClassVar[bool] = True
    snapshot: Snapshot
    image_set: ImageSet
    index: int
    bits: int
    reference: ImageSet
    reference_count: int

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, (self.image_set, self.reference))

    def compute(self, cache: InferenceCache, progress: Progress) -> CompressedImage:
        """The image, its code and its sizes in bits. Raises StudioError if nothing is decoded."""
        from aestudio.analysis.compression import compress, fit_quantiser, require_roundable_codes
        from aestudio.analysis.image_formats import encode_images

        frozen_model = cache.frozen_model(self.snapshot)
        require_roundable_codes(frozen_model)
        known = cache.codes(self.snapshot, self.reference, self.reference_count, progress)
        image = require_shape(self.snapshot, self.image_set.images[self.index : self.index + 1])
        told = repeated(condition_of_image(self.snapshot.architecture, self.image_set, self.index), 1)
        label = ""
        if self.image_set.labels is not None:
            label = self.image_set.class_names[int(self.image_set.labels[self.index])]
        return CompressedImage(
            image[0],
            label,
            compress(frozen_model, fit_quantiser(known.mean, self.bits), image, told),
            int(encode_images(image, "png").bits[0]),
            int(encode_images(image, "jpeg").bits[0]),
            self._written(frozen_model, known, image, told),
        )

    def _written(
        self, frozen_model: FrozenModel, known: Codes, image: NDArray[np.uint8], told: Condition | None
    ) -> WrittenImage | None:
        from aestudio.analysis.metrics import squared_error_per_image
        from aestudio.codec.container import parse_container
        from aestudio.codec.rounded_codes import Fineness, compress_codes, decompress_codes

        if self.snapshot.recipe.objective.condition == "factors":
            return None
        file = compress_codes(frozen_model, image, known, Fineness(bits=self.bits), told)
        read = parse_container(file.to_bytes(), Path("compressed"))
        pictures = decompress_codes(frozen_model, read).pictures
        return WrittenImage(file.sizes, pictures[0], float(squared_error_per_image(image, pictures)[0]))


@dataclass(frozen=True)
class RateOfSet:
    """Bits against error over the first `count` images, for 1 to 12 bits per number."""

    channel: ClassVar[str] = "rate"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    image_set: ImageSet
    count: int
    reference: ImageSet
    reference_count: int

    @property
    def subject(self) -> Subject:
        return Subject.of(self.snapshot, (self.image_set, self.reference))

    def compute(self, cache: InferenceCache, progress: Progress) -> tuple[RatePoint, ...]:
        """A point for each number of bits. Raises StudioError if nothing is decoded."""
        from aestudio.analysis.compression import rate_curve, require_roundable_codes
        from aestudio.datasets.dataset import part_of

        frozen_model = cache.frozen_model(self.snapshot)
        require_roundable_codes(frozen_model)
        codes = cache.codes(self.snapshot, self.reference, self.reference_count, progress).mean
        require_shape(self.snapshot, self.image_set.images)
        image_set = part_of(self.image_set, slice(self.count))
        return rate_curve(frozen_model, codes, image_set, range(1, MOST_BITS + 1), progress)
