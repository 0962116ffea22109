"""Statistics of latent dimensions and principal components, which the sliders show. numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.latent_ranges import widened_limits
from aestudio.analysis.latent_transform import Axes, axes_of_components, axes_of_dimensions
from aestudio.analysis.projections import data_limits, principal_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes

ACTIVE = 0.01
"""Burda et al. 2016, "Importance weighted autoencoders", section 5.4: a dimension is active where the
variance over the data of its posterior mean exceeds this. Without a prior, codes have no fixed scale: then
the variance must exceed this share of the largest one."""


@dataclass(frozen=True, eq=False)
class AxisStatistics:
    """Statistics of k axes, float64 (k,) unless stated; coordinates are those of `Axes`.

    ranges: float64 (k, 2), low < high: the range of the slider, in coordinates
    std:    standard deviation of the data along the axis, in code units
    share:  its share of the total variance of the codes
    active: bool (k,), whether the dimension is active, see `ACTIVE`
    sigma:  mean standard deviation of the posterior along the axis, in coordinates; None for point codes
    kl:     mean KL to the prior in nats; None for point codes, and for components: the posterior is not
            independent along them, so the KL is not a sum over them
    """

    axes: Axes
    ranges: NDArray[np.float64]
    std: NDArray[np.float64]
    share: NDArray[np.float64]
    active: NDArray[np.bool_]
    sigma: NDArray[np.float64] | None
    kl: NDArray[np.float64] | None

    def __len__(self) -> int:
        return len(self.axes)

    @property
    def information(self) -> NDArray[np.float64]:
        """The information of each axis, float64 (k,): its KL in nats, otherwise its share of the variance."""
        return self.share if self.kl is None else self.kl

    def sigma_of(self, std: NDArray[Any]) -> NDArray[np.float64]:
        """Posterior standard deviations along the dimensions (L,) -> along the axes float64 (k,)."""
        squares = np.square(np.asarray(std, np.float64))
        return np.sqrt(squares @ np.square(self.axes.vectors).T) / self.axes.scale


@dataclass(frozen=True, eq=False)
class LatentStatistics:
    """The statistics of both sets of axes.

    gaussian: whether the code has a prior, N(0, I); count: the number of codes
    """

    dimensions: AxisStatistics
    components: AxisStatistics
    gaussian: bool
    count: int

    def metrics_of(self, basis: str) -> AxisStatistics:
        """The statistics of the "dimensions" or of the "components"."""
        return self.components if basis == "components" else self.dimensions

    def axes_of(self, basis: str) -> Axes:
        """The axes of the "dimensions" or of the "components"."""
        return self.metrics_of(basis).axes


def active_dimensions(variance: NDArray[np.float64], gaussian: bool) -> NDArray[np.bool_]:
    """Which dimensions are active, bool (L,), by the variances of their mean codes, float64 (L,): `ACTIVE`.

    gaussian: whether the codes have the prior N(0, I)
    """
    return variance > (ACTIVE if gaussian else ACTIVE * variance.max())


def latent_statistics(codes: Codes, gaussian: bool) -> LatentStatistics:
    """Statistics of codes (N, L) of images; raises StudioError for fewer than two codes.

    gaussian: whether the prior is N(0, I): only then is there a KL to it of each dimension. The shipped
              codes have no standard deviations
    """
    means = codes.mean.astype(np.float64)
    components = principal_components(means, means.shape[1])
    dimensions = axes_of_dimensions(means.shape[1], None if gaussian else components.mean)
    rotated = axes_of_components(components)
    variances = None if codes.std is None else np.square(codes.std.astype(np.float64))
    component_variances = None if variances is None else variances @ np.square(components.directions)
    kl = None if variances is None or not gaussian else kl_per_dimension(codes)
    return LatentStatistics(
        _statistics(dimensions, means, variances, kl, gaussian),
        _statistics(rotated, rotated.coordinates(means), component_variances, None, gaussian),
        gaussian,
        len(codes),
    )


def kl_per_dimension(codes: Codes) -> NDArray[np.float64]:
    """Mean over the images of KL(N(mu_j, sigma_j^2) || N(0, 1)) in nats, float64 (L,), for Gaussian codes.

    0.5 (mu^2 + sigma^2 - 1 - log sigma^2): Kingma & Welling 2013, appendix B, dimension by dimension.
    """
    assert codes.std is not None
    means, variances = codes.mean.astype(np.float64), np.square(codes.std.astype(np.float64))
    # A posterior can be so narrow that its variance is 0 in single precision.
    logs = np.log(np.maximum(variances, np.finfo(np.float32).tiny))
    return 0.5 * (np.square(means) + variances - 1.0 - logs).mean(axis=0)


def _statistics(
    axes: Axes,
    coordinates: NDArray[np.float64],
    variances: NDArray[np.float64] | None,
    kl: NDArray[np.float64] | None,
    gaussian: bool,
) -> AxisStatistics:
    """coordinates: (N, k); variances: of the posteriors along the axes (N, k), in squared code units."""
    std = coordinates.std(axis=0, ddof=1) * axes.scale
    variance = np.square(std)
    total = variance.sum()
    share = variance / total if total > 0 else np.zeros(len(axes))
    active = active_dimensions(variance, gaussian)
    if variances is None:
        return AxisStatistics(axes, data_limits(coordinates), std, share, active, None, kl)
    sigma = np.sqrt(variances).mean(axis=0) / axes.scale
    aggregate_std = np.sqrt(np.square(std) + variances.mean(axis=0)) / axes.scale
    return AxisStatistics(axes, widened_limits(coordinates, aggregate_std), std, share, active, sigma, kl)
