"""What each latent slider covers, from the codes of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.projections import data_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes


SPREAD = 2.5
"""Standard deviations to each side that a slider reaches at least, where the code is Gaussian."""


def latent_ranges(codes: Codes) -> NDArray[np.float64]:
    """What each slider covers: (low, high) of every dimension, float64 (L, 2), low < high.

    The data's 0.5 to 99.5 % quantiles. A Gaussian code's slider covers at least 2.5 standard deviations
    of all that the encoder says (mean and spread together) to both sides: a dimension that has collapsed
    onto the prior gets the prior's range, though its means hardly move.
    """
    limits = data_limits(codes.mean)
    if codes.std is None or not len(codes):
        return limits
    means = codes.mean.astype(np.float64)
    whole = np.sqrt(means.var(axis=0) + np.square(codes.std.astype(np.float64)).mean(axis=0))
    centre = means.mean(axis=0)
    return np.stack(
        [
            np.minimum(limits[:, 0], centre - SPREAD * whole),
            np.maximum(limits[:, 1], centre + SPREAD * whole),
        ],
        axis=1,
    )
