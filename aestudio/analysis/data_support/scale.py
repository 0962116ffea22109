"""The standard deviation of the data's codes in each dimension, and which dimensions are active."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.axis_statistics import kl_per_dimension
from aestudio.analysis.latent_ranges import aggregate_std

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes

# A dimension of a Gaussian code with a smaller KL than this has collapsed onto the prior.
MIN_KL = 0.01
# A dimension of a point code with less than this share of the largest standard deviation is constant.
MIN_STD_SHARE = 0.01


@dataclass(frozen=True, eq=False)
class CodeScale:
    """Mean and standard deviation of codes, and which of their dimensions are active.

    centre, std: float64 (L,), std > 0; active: bool (L,), at least one is True
    """

    centre: NDArray[np.float64]
    std: NDArray[np.float64]
    active: NDArray[np.bool_]

    def scaled(self, codes: NDArray[Any]) -> NDArray[np.float32]:
        """Codes (N, L) -> float32 (N, A): the A active dimensions, in standard deviations from the centre."""
        active = self.active
        return ((codes[:, active] - self.centre[active]) / self.std[active]).astype(np.float32)


def code_scale_of(codes: Codes) -> CodeScale:
    """The scale of N > 0 codes (N, L); for Gaussian codes that of the aggregate posterior.

    The variance of the aggregate posterior is the variance of the means plus the mean of the variances. So
    a dimension that has collapsed onto the prior has the prior's width, not the tiny width of its means.
    Such dimensions (a mean KL below 0.01 nats) are not active: the decoder ignores them.
    """
    means = codes.mean.astype(np.float64)
    if codes.std is None:
        std = means.std(axis=0)
        active = std > MIN_STD_SHARE * std.max()
    else:
        std, active = aggregate_std(codes), kl_per_dimension(codes) > MIN_KL
    if not active.any():
        active = np.ones_like(active)
    floor = max(float(std.max()) * 1e-6, 1e-12)
    return CodeScale(means.mean(axis=0), np.maximum(std, floor), active)
