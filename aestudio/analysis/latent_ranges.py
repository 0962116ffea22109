"""The range of each latent slider, from the codes of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    limits = data_limits(codes.mean)
    if codes.std is None or not len(codes):
        return limits
    means = codes.mean.astype(np.float64)
    aggregate_std = np.sqrt(means.var(axis=0) + np.square(codes.std.astype(np.float64)).mean(axis=0))
    centre = means.mean(axis=0)
    return np.stack(
        [
            np.minimum(limits[:, 0], centre - SIGMAS * aggregate_std),
            np.maximum(limits[:, 1], centre + SIGMAS * aggregate_std),
        ],
        axis=1,
    )
