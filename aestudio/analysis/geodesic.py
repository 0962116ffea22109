"""Shortest ways through the code space, measured by how much the decoded picture changes.

The decoder carries the pixels' distance back into the code space; a curve that minimises its energy
there is a geodesic, and walks at an even pace (Shao et al. 2018, arXiv:1711.08014, algorithm 1; Arvanitidis
et al. 2018, arXiv:1710.11379). Here the decoder's mean alone is used, without its variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import BadChoice
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from torch import Tensor

    from aestudio.progress import Progress

    Decode = Callable[[Tensor], Tensor]
    """Codes (M, latent) float32 -> pictures (M, ...), differentiable."""

LEVELS = (9, 17, 33)
"""Points of the curve, coarse to fine; the coarse ones find the way in a tenth of the time."""
MOST_STEPS = 120
# Relative to the energy: below it the pictures' single precision says nothing more.
_ENOUGH = 3e-6
_NOT_ENDED = 1  # what scipy says where the steps ran out


@dataclass(frozen=True, eq=False)
class GeodesicPath:
    """A path between two codes.

    codes:     float32 (P, L), both ends included
    energy:    (P - 1) * sum |g(z_{i+1}) - g(z_i)|^2, which tends to the integral of the squared speed
    straight:  the same of the straight line with as many points
    converged: whether the descent ended by itself
    """

    codes: NDArray[np.float32]
    energy: float
    straight: float
    converged: bool


def geodesic(
    decode: Decode,
    first: NDArray[Any],
    last: NDArray[Any],
    levels: tuple[int, ...] = LEVELS,
    progress: Progress = silent,
    most_steps: int = MOST_STEPS,
) -> Iterator[GeodesicPath]:
    """The geodesic from one code (latent,) to another, once for each level, each finer than the last.

    Its energy is never above the straight line's. Descent is by L-BFGS in the coordinates in which the
    straight line's energy is round (a Sobolev gradient), so that steps do not grow in number with points.
    `progress` is told after each step, in steps of all levels, and may raise Cancelled.
    Raises BadChoice for a level of fewer than three points.
    """
    start, end = np.asarray(first, np.float64), np.asarray(last, np.float64)
    codes = _line(start, end, 3)
    whole = len(levels) * most_steps
    for level, points in enumerate(levels):
        if points < 3:
            raise BadChoice("points", points, "whole number from 3")

        def told(step: int, before: int = level * most_steps) -> None:
            progress(min(before + step, whole), whole, "Shortening the way")

        found = _shortened(decode, _with_points(codes, points), told, most_steps)
        codes = found.codes.astype(np.float64)
        yield found


def _shortened(
    decode: Decode, begin: NDArray[np.float64], told: Callable[[int], None], most_steps: int
) -> GeodesicPath:
    from scipy.optimize import minimize

    points, size = begin.shape
    smooth = _smoothing(points - 2)
    straight = _line(begin[0], begin[-1], points)
    line_energy, _ = energy_and_gradient(decode, straight)
    begun_at, _ = energy_and_gradient(decode, begin)
    base = begin if begun_at < line_energy else straight
    evaluations = 0

    def curve(inner: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = base.copy()
        moved[1:-1] += smooth @ inner.reshape(points - 2, size)
        return moved

    def cost(inner: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        nonlocal evaluations
        evaluations += 1
        told(evaluations)
        energy, gradient = energy_and_gradient(decode, curve(inner))
        return energy, (smooth.T @ gradient[1:-1]).ravel()

    nothing = np.zeros((points - 2) * size)
    options = {"maxiter": most_steps, "maxfun": most_steps, "ftol": _ENOUGH, "gtol": 0.0}
    found = minimize(cost, nothing, jac=True, method="L-BFGS-B", options=options)
    codes = curve(found.x).astype(np.float32)
    codes[[0, -1]] = begin[[0, -1]]
    energy, _ = energy_and_gradient(decode, codes)
    if energy > line_energy:  # by a rounding: nothing was to be gained
        codes, energy = straight.astype(np.float32), line_energy
    return GeodesicPath(codes, energy, line_energy, found.status != _NOT_ENDED)


def energy_and_gradient(decode: Decode, codes: NDArray[Any]) -> tuple[float, NDArray[np.float64]]:
    """The discrete energy of a curve through codes (M, latent), and its gradient float64 (M, latent)."""
    import torch

    inputs = torch.tensor(np.asarray(codes, np.float32), requires_grad=True)
    with torch.enable_grad():
        pictures = decode(inputs).flatten(1)
        energy = (len(codes) - 1) * (pictures[1:] - pictures[:-1]).square().sum()
        (gradient,) = torch.autograd.grad(energy, inputs)
    return float(energy.detach()), gradient.numpy().astype(np.float64)


def _line(start: NDArray[np.float64], end: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    share = np.linspace(0.0, 1.0, points)[:, None]
    return (1 - share) * start + share * end


def _with_points(codes: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """The same way through another number of points, evenly along its numbering."""
    old, new = np.linspace(0, 1, len(codes)), np.linspace(0, 1, points)
    return np.stack([np.interp(new, old, column) for column in codes.T], axis=1)


def _smoothing(inner: int) -> NDArray[np.float64]:
    """(inner, inner): the inverse root of the second difference with fixed ends, times the point count.

    In these coordinates the energy of a curve through a linear decoder has the same curvature along every
    wavelength, from the longest to one of two points.
    """
    second = 2 * np.eye(inner) - np.eye(inner, k=1) - np.eye(inner, k=-1)
    values, vectors = np.linalg.eigh((inner + 1) * second)
    return vectors @ np.diag(values**-0.5) @ vectors.T
