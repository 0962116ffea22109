"""Discrete codes as arrays of a file: whole numbers, and the points that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes
    from aestudio.recipes.latent import Latent


def discrete_arrays(latent: Latent, codes: Codes) -> dict[str, NDArray[np.generic]]:
    """The arrays that only discrete codes have; {} for others.

    entries: int64 (N, *shape), (N, h, w) for a codebook; points: float32 (N, P); choices: int64 ()
    """
    if not latent.choices:
        return {}
    return {
        "entries": codes.mean.astype(np.int64).reshape(len(codes), *latent.shape),
        "points": codes.points,
        "choices": np.array(latent.choices, np.int64),
    }
