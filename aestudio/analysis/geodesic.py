"""Geodesics: shortest paths through the code space, measured by the change of the decoded image.

The decoder pulls the distance of pixels back to the code space. A curve that minimises the energy there is a
geodesic, and has constant speed (Shao et al. 2018, arXiv:1711.08014, algorithm 1; Arvanitidis et al. 2018,
arXiv:1710.11379). Only the decoder's mean is used here, not its variance.
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

    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.model import Model

    Decode = Callable[[Tensor], Tensor]
    """Codes float32 (M, L) -> images (M, ...), differentiable."""

LEVELS = (9, 17, 33)
"""Points of the curve, coarse to fine; the coarse ones find the path in a tenth of the time."""
MAX_STEPS = 120
# Relative to the energy: smaller changes are below the single precision of the images.
_TOLERANCE = 3e-6
_STEPS_EXHAUSTED = 1  # scipy's status


@dataclass(frozen=True, eq=False)
class GeodesicPath:
    """A path between two codes.

    codes:     float32 (P, L), with both ends
    energy:    (P - 1) * sum |g(z_{i+1}) - g(z_i)|^2, which converges to the integral of the squared speed
    straight:  the energy of the straight line with P points
    converged: whether the optimisation converged within the steps
    """

    codes: NDArray[np.float32]
    energy: float
    straight: float
    converged: bool


def decoder_told(model: Model, condition: ConditionRow | None) -> Decode:
    """The model's decoder, which is told the same condition of every code; None for another model.

    It raises StudioError if a user's own part gives images that are not differentiable.
    """

    def decode(codes: Tensor) -> Tensor:
        told = None if condition is None else codes.new_tensor(condition).expand(len(codes), -1)
        images = model.decode_images(codes, told)
        if codes.requires_grad and not images.requires_grad:
            with model.own_errors():
                raise TypeError("its images have no gradient with respect to the codes")
        return images

    return decode


def geodesic(
    decode: Decode,
    first: NDArray[Any],
    last: NDArray[Any],
    levels: tuple[int, ...] = LEVELS,
    progress: Progress = silent,
    most_steps: int = MAX_STEPS,
) -> Iterator[GeodesicPath]:
    """The geodesic from one code (L,) to another: one path for each level, each finer than the one before.

    Its energy is never above that of the straight line. The optimiser is L-BFGS, in coordinates in which a
    straight line's energy has equal curvature in all directions (a Sobolev gradient), so that the number of
    steps does not grow with the number of points. `progress` counts the steps of all levels.
    Raises BadChoice for a level of fewer than three points, and what `progress` raises.
    """
    start, end = np.asarray(first, np.float64), np.asarray(last, np.float64)
    codes = _line(start, end, 3)
    total = len(levels) * most_steps
    for level, points in enumerate(levels):
        if points < 3:
            raise BadChoice("points", points, "whole number from 3")

        def report(step: int, before: int = level * most_steps) -> None:
            progress(min(before + step, total), total, "Shortening the path")

        path = _shortened(decode, _resampled(codes, points), report, most_steps)
        codes = path.codes.astype(np.float64)
        yield path


def _shortened(
    decode: Decode, begin: NDArray[np.float64], report: Callable[[int], None], most_steps: int
) -> GeodesicPath:
    from scipy.optimize import minimize

    points, size = begin.shape
    smooth = _smoothing(points - 2)
    straight = _line(begin[0], begin[-1], points)
    line_energy, _ = energy_and_gradient(decode, straight)
    begin_energy, _ = energy_and_gradient(decode, begin)
    base = begin if begin_energy < line_energy else straight
    evaluations = 0

    def curve(inner: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = base.copy()
        moved[1:-1] += smooth @ inner.reshape(points - 2, size)
        return moved

    def cost(inner: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        nonlocal evaluations
        evaluations += 1
        report(evaluations)
        energy, gradient = energy_and_gradient(decode, curve(inner))
        return energy, (smooth.T @ gradient[1:-1]).ravel()

    no_change = np.zeros((points - 2) * size)
    options = {"maxiter": most_steps, "maxfun": most_steps, "ftol": _TOLERANCE, "gtol": 0.0}
    result = minimize(cost, no_change, jac=True, method="L-BFGS-B", options=options)
    codes = curve(result.x).astype(np.float32)
    codes[[0, -1]] = begin[[0, -1]]
    energy, _ = energy_and_gradient(decode, codes)
    if energy > line_energy:  # by rounding: the straight line is the geodesic
        codes, energy = straight.astype(np.float32), line_energy
    return GeodesicPath(codes, energy, line_energy, result.status != _STEPS_EXHAUSTED)


def energy_and_gradient(decode: Decode, codes: NDArray[Any]) -> tuple[float, NDArray[np.float64]]:
    """The discrete energy of a curve through codes (M, L), and its gradient float64 (M, L)."""
    import torch

    inputs = torch.tensor(np.asarray(codes, np.float32), requires_grad=True)
    with torch.enable_grad():
        images = decode(inputs).flatten(1)
        energy = (len(codes) - 1) * (images[1:] - images[:-1]).square().sum()
        (gradient,) = torch.autograd.grad(energy, inputs)
    return float(energy.detach()), gradient.numpy().astype(np.float64)


def _line(start: NDArray[np.float64], end: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    share = np.linspace(0.0, 1.0, points)[:, None]
    return (1 - share) * start + share * end


def _resampled(codes: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """The same path with another number of points, linear in the point number."""
    old, new = np.linspace(0, 1, len(codes)), np.linspace(0, 1, points)
    columns: list[NDArray[np.float64]] = [np.interp(new, old, column) for column in codes.T]
    return np.stack(columns, axis=1)


def _smoothing(inner: int) -> NDArray[np.float64]:
    """(inner, inner): the inverse square root of the scaled second difference with fixed ends.

    In these coordinates the energy of a curve through a linear decoder has the same curvature for every
    wavelength, from the whole curve to two points.
    """
    second = 2 * np.eye(inner) - np.eye(inner, k=1) - np.eye(inner, k=-1)
    values, vectors = np.linalg.eigh((inner + 1) * second)
    return vectors @ np.diag(values**-0.5) @ vectors.T
