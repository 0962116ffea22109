"""Some images compressed without loss, with every step of the stack, to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.codec.bits_back import BitsBack, compress_exactly, decompress_exactly
from aestudio.codec.elbo_size import elbo_bits
from aestudio.codec.lossless_models import likelihood_of
from aestudio.codec.other_formats import FormatSize, lossless_sizes
from aestudio.errors import StudioError
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress

_BINARY = 128  # grey levels from here on are ink


@dataclass(frozen=True, eq=False)
class LosslessSteps:
    """images: uint8 (N, C, H, W), as they were compressed; binary: whether they were made black and white.

    elbo: the negative ELBO of all of them in bits; others: what other programs make of them
    """

    images: NDArray[np.uint8]
    binary: bool
    file: BitsBack
    elbo: float
    others: tuple[FormatSize, ...]


def lossless_steps(
    frozen_model: FrozenModel, images: NDArray[np.uint8], progress: Progress = silent
) -> LosslessSteps:
    """Compress images uint8 (N, C, H, W) without loss, for a Bernoulli likelihood as black and white ones.

    Raises StudioError as `compress_exactly`, and if they did not come out of the file again; and what
    `progress` raises.
    """
    binary = likelihood_of(frozen_model.snapshot.architecture) == "bernoulli"
    taken = np.where(images >= _BINARY, 255, 0).astype(np.uint8) if binary else images
    file = compress_exactly(frozen_model, taken, progress)
    if not np.array_equal(decompress_exactly(frozen_model, file.container, progress).pictures, taken):
        raise StudioError("The images did not come out of their file again", advice="Please report this.")
    elbo = elbo_bits(frozen_model.snapshot, taken, draws=20)
    return LosslessSteps(taken, binary, file, elbo, lossless_sizes(taken, progress))
