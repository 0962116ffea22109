"""Compression: codes rounded to a few bits per number, their size in bits, and the reconstructions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.metrics import PIXELS, squared_error_per_image
from aestudio.analysis.reconstructions import require_decoder
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.chunks import chunks
from aestudio.inference.codes import encode_set
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress

MOST_BITS = 16


@dataclass(frozen=True, eq=False)
class Quantiser:
    """Rounds each dimension of a code to the middle of one of 2^bits equal cells.

    minimum, maximum: float32 (L,), of the training codes; what lies outside goes to the outermost cell
    """

    minimum: NDArray[np.float32]
    maximum: NDArray[np.float32]
    bits: int

    def levels(self, codes: NDArray[Any]) -> NDArray[np.int64]:
        """Codes (N, L) -> cell numbers (N, L), 0 to 2^bits - 1."""
        cells = 2**self.bits
        span = np.where(self.maximum > self.minimum, self.maximum - self.minimum, 1.0)
        share = (codes.astype(np.float64) - self.minimum) / span
        return np.clip(np.floor(share * cells), 0, cells - 1).astype(np.int64)

    def restore(self, levels: NDArray[np.int64]) -> NDArray[np.float32]:
        """Cell numbers (N, L) -> the codes in the middle of the cells (N, L)."""
        share = (levels + 0.5) / 2**self.bits
        return (self.minimum + share * (self.maximum - self.minimum)).astype(np.float32)

    @property
    def fixed_bits(self) -> int:
        """Bits per image where every number takes the same room: L * bits."""
        return len(self.minimum) * self.bits


def fit_quantiser(training_codes: NDArray[np.float32], bits: int) -> Quantiser:
    """A quantiser between the least and the greatest training code (N, L), N > 0, of each dimension."""
    if not 1 <= bits <= MOST_BITS:
        raise BadChoice("bits per number", bits, f"whole number from 1 up to {MOST_BITS}")
    if not len(training_codes):
        raise StudioError("There is no code to measure the range of", advice="Encode some images first.")
    return Quantiser(training_codes.min(axis=0), training_codes.max(axis=0), bits)


def entropy_bits(levels: NDArray[np.int64]) -> float:
    """Empirical entropy of the cell numbers (N, L), summed over the dimensions: bits per image.

    What an ideal coder needs that knows each dimension's frequencies in this very set; too small a
    figure where there are few images per cell.
    """
    total = 0.0
    for column in levels.T:
        share = np.unique(column, return_counts=True)[1] / len(column)
        total -= float((share * np.log2(share)).sum())
    return total


def learned_bits(levels: NDArray[np.int64], training_levels: NDArray[np.int64], bits: int) -> float:
    """Bits per image of an ideal coder that knows the training set's frequencies only.

    levels (N, L), training_levels (M, L): cell numbers, 0 to 2^bits - 1. Every cell counts half an image
    more than it has (Krichevsky & Trofimov 1981), so that a cell without training images can be coded too.
    """
    cells, total = 2**bits, 0.0
    for column, training in zip(levels.T, training_levels.T, strict=True):
        counts = np.bincount(training, minlength=cells) + 0.5
        total -= float(np.log2(counts[column] / counts.sum()).mean())
    return total


@dataclass(frozen=True, eq=False)
class Compressed:
    """Images as rounded codes, and their reconstructions.

    levels: int64 (n, L); pictures: uint8 (n, 28, 28); squared_error: float64 (n,), of reconstructions not
    rounded to grey levels; fixed_bits: bits per image; raw_bits: of the original
    """

    levels: NDArray[np.int64]
    pictures: NDArray[np.uint8]
    squared_error: NDArray[np.float64]
    fixed_bits: int
    raw_bits: int = PIXELS * 8


def compress(frozen_model: FrozenModel, quantiser: Quantiser, images: NDArray[np.uint8]) -> Compressed:
    """Images uint8 (n, 1, 28, 28) through the rounded mean of their code.

    Raises StudioError where nothing is decoded.
    """
    from aestudio.inference.frozen_model import to_bytes

    require_decoder(frozen_model)
    levels = quantiser.levels(frozen_model.encode(images).mean)
    exact = frozen_model.decode_exactly(quantiser.restore(levels))
    return Compressed(levels, to_bytes(exact), squared_error_per_image(images, exact), quantiser.fixed_bits)


@dataclass(frozen=True)
class RatePoint:
    """One quantisation of a whole set: bits per image counted in three ways, and the error."""

    bits: int
    fixed_bits: float
    entropy_bits: float
    learned_bits: float
    mse_per_pixel: float


def rate_curve(
    frozen_model: FrozenModel,
    training_codes: NDArray[np.float32],
    digits: ImageSet,
    bits: Iterable[int] = range(1, 13),
    progress: Progress = silent,
) -> tuple[RatePoint, ...]:
    """Bits per image against squared error on the digits, for each number of bits per dimension.

    training_codes (N, L) give the quantiser's range and the frequencies of `learned_bits`.
    Raises StudioError where nothing is decoded, or there are no digits.
    """
    require_decoder(frozen_model)
    if not len(digits):
        raise StudioError("There is no image to compress", advice="Choose another dataset.")
    wanted = tuple(bits)
    quantisers = [fit_quantiser(training_codes, count) for count in wanted]
    codes = encode_set(frozen_model, digits, progress).mean
    error = np.zeros(len(wanted))
    total = len(digits) * len(wanted)
    for row, quantiser in enumerate(quantisers):
        for part in chunks(len(digits), silent, ""):
            progress(row * len(digits) + part.start, total, "Decoding the rounded codes")
            pictures = frozen_model.decode_exactly(quantiser.restore(quantiser.levels(codes[part])))
            error[row] += squared_error_per_image(digits.images[part], pictures).sum()
    progress(total, total, "Decoding the rounded codes")
    points = []
    for quantiser, squared_error in zip(quantisers, error, strict=True):
        levels, seen = quantiser.levels(codes), quantiser.levels(training_codes)
        points.append(
            RatePoint(
                quantiser.bits,
                quantiser.fixed_bits,
                entropy_bits(levels),
                learned_bits(levels, seen, quantiser.bits),
                squared_error / len(digits) / PIXELS,
            )
        )
    return tuple(points)
