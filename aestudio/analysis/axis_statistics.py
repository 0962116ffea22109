"""What each strip of the mixing desk shows of its axis: where the data lie, and how much it tells.

numpy only, apart from the codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.latent_ranges import SPREAD
from aestudio.analysis.latent_transform import Axes, axes_of_components, axes_of_dimensions
from aestudio.analysis.projections import data_limits, principal_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes

ACTIVE = 0.01
"""Burda et al. 2016, "Importance weighted autoencoders", section 5.4: a dimension is active where the
variance over the data of its posterior mean exceeds this. Codes without a prior have no scale of their
own: there the variance must exceed this share of the largest one."""


@dataclass(frozen=True, eq=False)
class AxisStatistics:
    """Figures of k axes; coordinates are the axes' own, everything float64 (k,).

    ranges:    (k, 2), low < high: what a slider covers
    deviation: standard deviation of the data along the axis, in code units
    share:     its share of the codes' whole variance
    active:    bool (k,), whether the data differ along it
    sigma:     mean standard deviation of the posterior along the axis, or None for point codes
    kl:        mean KL to the prior in nats; None for point codes, and for components: there the KL has no
               parts, because the posterior is not independent along them
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
        """How much each axis tells: its KL in nats, or its share of the variance where there is none."""
        return self.share if self.kl is None else self.kl

    def sigma_of(self, std: NDArray[Any]) -> NDArray[np.float64]:
        """The standard deviations along the axes of one posterior with these (L,) along the dimensions."""
        squares = np.square(np.asarray(std, np.float64))
        return np.sqrt(squares @ np.square(self.axes.vectors).T) / self.axes.scale


@dataclass(frozen=True, eq=False)
class LatentStatistics:
    """The figures of both sets of strips. gaussian: whether the code has a prior, N(0, I)."""

    dimensions: AxisStatistics
    components: AxisStatistics
    gaussian: bool
    count: int

    def metrics_of(self, basis: str) -> AxisStatistics:
        """The figures of the "dimensions" or of the "components"."""
        return self.components if basis == "components" else self.dimensions

    def axes_of(self, basis: str) -> Axes:
        """The directions of the "dimensions" or of the "components"."""
        return self.metrics_of(basis).axes


def latent_statistics(codes: Codes, gaussian: bool) -> LatentStatistics:
    """Figures from the codes of some digits (N, L); raises StudioError for fewer than two.

    gaussian: whether the recipe's code has a prior; shipped codes come without their deviations
    """
    means = codes.mean.astype(np.float64)
    components = principal_components(means, means.shape[1])
    plain = axes_of_dimensions(means.shape[1], None if gaussian else components.mean)
    turned = axes_of_components(components)
    variances = None if codes.std is None else np.square(codes.std.astype(np.float64))
    along = None if variances is None else variances @ np.square(components.directions)
    kl = None if variances is None else kl_per_dimension(codes)
    return LatentStatistics(
        _figures(plain, means, variances, kl, gaussian),
        _figures(turned, turned.coordinates(means), along, None, gaussian),
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


def _figures(
    axes: Axes,
    placed: NDArray[np.float64],
    variances: NDArray[np.float64] | None,
    kl: NDArray[np.float64] | None,
    gaussian: bool,
) -> AxisStatistics:
    """placed: coordinates (N, k); variances: of the posteriors along the axes (N, k), in code units."""
    spread = placed.std(axis=0, ddof=1)
    std = spread * axes.scale
    variance = np.square(std)
    total = variance.sum()
    share = variance / total if total > 0 else np.zeros(len(axes))
    active = variance > (ACTIVE if gaussian else ACTIVE * variance.max())
    if variances is None:
        return AxisStatistics(axes, data_limits(placed), std, share, active, None, kl)
    sigma = np.sqrt(variances).mean(axis=0) / axes.scale
    whole = np.sqrt(np.square(std) + variances.mean(axis=0)) / axes.scale
    return AxisStatistics(axes, _widened(placed, whole), std, share, active, sigma, kl)


def _widened(placed: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """The data's range, and at least 2.5 standard deviations of all that the encoder says to each side.

    Of the dimensions these are the sliders' ranges everywhere (`analysis.codes.latent_ranges`).
    """
    limits, centre = data_limits(placed), placed.mean(axis=0)
    low, high = centre - SPREAD * whole, centre + SPREAD * whole
    return np.stack([np.minimum(limits[:, 0], low), np.maximum(limits[:, 1], high)], axis=1)
