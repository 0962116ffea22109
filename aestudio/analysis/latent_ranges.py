"""The range of each latent slider, from the codes of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.projections import data_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes


SIGMAS = 2.5
"""Standard deviations to each side that the slider of a Gaussian code covers at least."""


def latent_ranges(codes: Codes) -> NDArray[np.float64]:
    """The range of each slider for codes (N, L): (low, high) of each dimension, float64 (L, 2), low < high.

    The 0.5 and 99.5 % quantiles of the data. The slider of a Gaussian code covers at least 2.5 standard
    deviations of the aggregate posterior to both sides: a dimension that has collapsed onto the prior has
    the prior's range, although its means hardly vary.
    """
    if codes.std is None or not len(codes):
        return data_limits(codes.mean)
    return widened_limits(codes.mean, aggregate_std(codes))


def aggregate_std(codes: Codes) -> NDArray[np.float64]:
    """Standard deviations float64 (L,) of the aggregate posterior of Gaussian codes (N, L), N > 0."""
    assert codes.std is not None
    variances = codes.mean.var(axis=0, dtype=np.float64)
    return np.sqrt(variances + np.square(codes.std, dtype=np.float64).mean(axis=0))


def widened_limits(coordinates: NDArray[Any], std: NDArray[np.float64]) -> NDArray[np.float64]:
    """The data's range, at least 2.5 standard deviations to both sides of the mean: float64 (k, 2).

    coordinates: (N, k) of the data; std: float64 (k,)
    """
    limits, centre = data_limits(coordinates), coordinates.mean(axis=0, dtype=np.float64)
    low, high = centre - SIGMAS * std, centre + SIGMAS * std
    return np.stack([np.minimum(limits[:, 0], low), np.maximum(limits[:, 1], high)], axis=1)
