"""Compression: codes rounded to a few bits per number, their size in bits, and the reconstructions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.metrics import squared_error_per_image
from aestudio.analysis.reconstructions import require_reconstructions
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.chunks import chunks
from aestudio.inference.codes import encode_set
from aestudio.inference.conditions import condition_of_set, some_of
from aestudio.progress import silent
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.types import Condition

MAX_BITS = 16


@dataclass(frozen=True, eq=False)
class Quantiser:
    """Rounds each dimension of a code to the middle of one of 2^bits equal cells.

    minimum, maximum: float32 (L,), of the training codes; codes outside belong to the outermost cell
    """

    minimum: NDArray[np.float32]
    maximum: NDArray[np.float32]
    bits: int

    def levels(self, codes: NDArray[Any]) -> NDArray[np.int64]:
        """Codes (N, L) -> cell numbers int64 (N, L), 0 to 2^bits - 1."""
        cells = 2**self.bits
        span = np.where(self.maximum > self.minimum, self.maximum - self.minimum, 1.0)
        share = (codes.astype(np.float64) - self.minimum) / span
        return np.clip(np.floor(share * cells), 0, cells - 1).astype(np.int64)

    def restore(self, levels: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cell numbers int64 (N, L) -> codes float32 (N, L) in the middle of the cells."""
        share = (levels + 0.5) / 2**self.bits
        return (self.minimum + share * (self.maximum - self.minimum)).astype(np.float32)

    @property
    def fixed_bits(self) -> int:
        """Bits per image if every number takes the same number of bits: L * bits."""
        return len(self.minimum) * self.bits


def fit_quantiser(training_codes: NDArray[np.float32], bits: int) -> Quantiser:
    """A quantiser from the smallest to the largest value of training codes float32 (N, L) per dimension.

    Raises BadChoice for an invalid number of bits, StudioError for N = 0.
    """
    if not 1 <= bits <= MAX_BITS:
        raise BadChoice("bits per number", bits, f"whole number from 1 up to {MAX_BITS}")
    if not len(training_codes):
        raise StudioError("There is no code to measure the range of", advice="Encode some images first.")
    return Quantiser(training_codes.min(axis=0), training_codes.max(axis=0), bits)


def entropy_bits(levels: NDArray[np.int64]) -> float:
    """Empirical entropy of cell numbers int64 (N, L), summed over the dimensions: bits per image.

    The code length of an ideal coder that knows the frequencies of each dimension in this set. It is an
    underestimate for few images per cell.
    """
    total = 0.0
    for column in levels.T:
        share = np.unique(column, return_counts=True)[1] / len(column)
        total -= float((share * np.log2(share)).sum())
    return total


def learned_bits(levels: NDArray[np.int64], training_levels: NDArray[np.int64], bits: int) -> float:
    """Bits per image of an ideal coder that knows only the frequencies of the training set.

    levels (N, L), training_levels (M, L): cell numbers int64, 0 to 2^bits - 1. Half an image is added to
    each cell's count (Krichevsky & Trofimov 1981), so that a cell without training images can be coded.
    """
    cells, total = 2**bits, 0.0
    for column, training in zip(levels.T, training_levels.T, strict=True):
        counts = np.bincount(training, minlength=cells) + 0.5
        total -= float(np.log2(counts[column] / counts.sum()).mean())
    return total


@dataclass(frozen=True, eq=False)
class Compressed:
    """Images as rounded codes, and their reconstructions.

    levels:        int64 (n, L), cell numbers
    reconstructed: uint8 (n, C, H, W)
    squared_error: float64 (n,), summed over all numbers, of reconstructions not rounded to grey levels
    fixed_bits:    bits per image
    raw_bits:      bits of an original: 8 for each of its C * H * W numbers
    """

    levels: NDArray[np.int64]
    reconstructed: NDArray[np.uint8]
    squared_error: NDArray[np.float64]
    fixed_bits: int
    raw_bits: int


def require_roundable_codes(frozen_model: FrozenModel) -> None:
    """Raises StudioError if nothing is reconstructed, or if codes are entries, which cannot be rounded."""
    require_reconstructions(frozen_model)
    require_continuous(frozen_model.model.architecture, "it cannot be rounded to fewer bits")


def compress(
    frozen_model: FrozenModel,
    quantiser: Quantiser,
    images: NDArray[np.uint8],
    condition: Condition | None = None,
) -> Compressed:
    """Encode images uint8 (n, C, H, W), round the mean of their code, and decode it.

    condition: float32 (n, K), what a conditional model is told; its bits are not counted

    Raises StudioError if the recipe does not reconstruct, or its codes are discrete already.
    """
    from aestudio.inference.frozen_model import to_bytes

    require_roundable_codes(frozen_model)
    levels = quantiser.levels(frozen_model.encode(images, condition).mean)
    exact = frozen_model.decode_exactly(quantiser.restore(levels), condition)
    return Compressed(
        levels=levels,
        reconstructed=to_bytes(exact),
        squared_error=squared_error_per_image(images, exact),
        fixed_bits=quantiser.fixed_bits,
        raw_bits=8 * math.prod(images.shape[1:]),
    )


@dataclass(frozen=True)
class RatePoint:
    """One quantisation of a whole set: bits per image by three coders, and the error.

    bits: per dimension; mse_per_pixel: mean squared error over all C * H * W numbers, from 0 to 1
    """

    bits: int
    fixed_bits: float
    entropy_bits: float
    learned_bits: float
    mse_per_pixel: float


def rate_curve(
    frozen_model: FrozenModel,
    training_codes: NDArray[np.float32],
    image_set: ImageSet,
    bits: Iterable[int] = range(1, 13),
    progress: Progress = silent,
) -> tuple[RatePoint, ...]:
    """Rate and distortion: bits per image and squared error, for each number of bits per dimension.

    training_codes: float32 (N, L), for the quantiser's range and the frequencies of `learned_bits`
    Raises StudioError if the recipe does not reconstruct, its codes are discrete or there is no image,
    BadChoice for an invalid number of bits, and what `progress` raises.
    """
    require_roundable_codes(frozen_model)
    if not len(image_set):
        raise StudioError("There is no image to compress", advice="Choose another data set.")
    quantisers = [fit_quantiser(training_codes, count) for count in bits]
    codes = encode_set(frozen_model, image_set, progress).mean
    condition = condition_of_set(frozen_model.snapshot.architecture, image_set)
    error = np.zeros(len(quantisers))
    total, size = len(image_set) * len(quantisers), math.prod(image_set.images.shape[1:])
    for row, quantiser in enumerate(quantisers):
        for chunk in chunks(len(image_set), silent, ""):
            progress(row * len(image_set) + chunk.start, total, "Decoding the rounded codes")
            rounded = quantiser.restore(quantiser.levels(codes[chunk]))
            images = frozen_model.decode_exactly(rounded, some_of(condition, chunk))
            error[row] += squared_error_per_image(image_set.images[chunk], images).sum()
    progress(total, total, "Decoding the rounded codes")
    points: list[RatePoint] = []
    for quantiser, squared_error in zip(quantisers, error, strict=True):
        levels, training_levels = quantiser.levels(codes), quantiser.levels(training_codes)
        points.append(
            RatePoint(
                quantiser.bits,
                quantiser.fixed_bits,
                entropy_bits(levels),
                learned_bits(levels, training_levels, quantiser.bits),
                squared_error / len(image_set) / size,
            )
        )
    return tuple(points)
