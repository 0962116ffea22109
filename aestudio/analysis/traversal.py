"""Walks through the code space: a grid over a plane, a morph between two codes, samples."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.errors import BadChoice, StudioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.analysis.projections import Plane
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.recipes.recipe import Recipe

Spacing = Literal["even", "normal"]
MorphKind = Literal["straight", "spherical"]
# Sine of the angle below which two directions count as one line, where an arc is not defined.
FLAT = 1e-6
_FINENESS = 4  # pieces of the line that are measured for each frame


def grid_points(plane: Plane, rows: int, columns: int, spacing: Spacing = "even") -> NDArray[np.float64]:
    """Coordinates on the plane, float64 (rows, columns, 2); row 0 is the top one, with the largest y.

    even:   the centres of rows x columns equal cells over the plane's limits, so that a picture of the
            grid stretched over the limits shows each digit where its code lies
    normal: at quantiles of the prior N(0, I) along each axis, equally probable steps (Kingma & Welling
            2013, appendix A)
    """
    x = _positions(plane, 0, columns, spacing)
    y = _positions(plane, 1, rows, spacing)[::-1]
    return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1)


def _positions(plane: Plane, axis: int, count: int, spacing: Spacing) -> NDArray[np.float64]:
    centres = (np.arange(count) + 0.5) / count
    if spacing == "normal":
        quantile = NormalDist().inv_cdf
        # The prior's centre is the zero code, which need not be the plane's origin.
        return np.array([quantile(share) for share in centres]) - plane.origin @ plane.axes[axis]
    if spacing != "even":
        raise BadChoice("spacing", spacing, ("even", "normal"))
    low, high = plane.limits[axis]
    return low + centres * (high - low)


def decode_grid(
    frozen_model: FrozenModel,
    plane: Plane,
    base: NDArray[Any],
    rows: int,
    columns: int,
    spacing: Spacing = "even",
) -> NDArray[np.uint8]:
    """Decoded pictures uint8 (rows, columns, 28, 28) over the plane, as `grid_points` places them.

    base: the code (L,) that gives what lies outside the plane.
    """
    points = grid_points(plane, rows, columns, spacing).reshape(-1, 2)
    return frozen_model.decode(plane.from_plane(points, base)).reshape(rows, columns, 28, 28)


def interpolate_codes(
    first: NDArray[Any], last: NDArray[Any], frames: int, kind: MorphKind = "straight"
) -> NDArray[np.float32]:
    """Codes (frames, L) from the first (L,) to the last (L,), both included.

    spherical: the direction turns evenly along the great circle (Shoemake 1985) while the length goes
    evenly from one to the other, which keeps to the shell where a Gaussian prior has its mass; a straight
    line where the codes point the same or opposite ways, or one is zero.
    Raises BadChoice for fewer than two frames.
    """
    if frames < 2:
        raise BadChoice("frames", frames, "whole number from 2")
    start, end = first.astype(np.float64), last.astype(np.float64)
    share = np.linspace(0.0, 1.0, frames)[:, None]
    if kind == "spherical":
        return _arc(start, end, share).astype(np.float32)
    if kind != "straight":
        raise BadChoice("morph", kind, ("straight", "spherical"))
    return ((1 - share) * start + share * end).astype(np.float32)


def _arc(
    start: NDArray[np.float64], end: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    straight = (1 - share) * start + share * end
    if min(lengths) == 0:
        return straight
    one, other = start / lengths[0], end / lengths[1]
    angle = np.arccos(np.clip(one @ other, -1.0, 1.0))
    if np.sin(angle) < FLAT:
        return straight
    direction = (np.sin((1 - share) * angle) * one + np.sin(share * angle) * other) / np.sin(angle)
    return direction * ((1 - share) * lengths[0] + share * lengths[1])


def chained(legs: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
    """Legs (M, L), each beginning where the one before ends, as one way; shared stations once."""
    parts = [np.asarray(leg, np.float32)[1 if index else 0 :] for index, leg in enumerate(legs)]
    return np.concatenate(parts)


def even_in_pixels(frozen_model: FrozenModel, codes: NDArray[Any], frames: int) -> NDArray[np.float32]:
    """Codes (frames, L) along the line through codes (M, L), so placed that the picture changes evenly.

    The change is counted as the length of the difference of pictures over pieces of the line; ends stay.
    Where the picture never changes, codes are even along the line's numbering.
    """
    fine = _between(codes, np.linspace(0, len(codes) - 1, _FINENESS * frames))
    pictures = frozen_model.decode_exactly(fine.astype(np.float32)).reshape(len(fine), -1).astype(np.float64)
    way = np.concatenate([[0.0], np.linalg.norm(np.diff(pictures, axis=0), axis=1).cumsum()])
    if way[-1] <= 0:
        return _between(fine, np.linspace(0, len(fine) - 1, frames)).astype(np.float32)
    # Steps without any change would make the inverse ambiguous.
    way += np.linspace(0.0, 1e-9 * way[-1], len(way))
    places = np.interp(np.linspace(0.0, way[-1], frames), way, np.arange(len(way)))
    return _between(fine, places).astype(np.float32)


def _between(codes: NDArray[Any], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Codes at fractional places of the line through codes (M, L)."""
    numbers = np.arange(len(codes))
    return np.stack([np.interp(places, numbers, column) for column in codes.T.astype(np.float64)], axis=1)


def morph(
    frozen_model: FrozenModel,
    first: NDArray[Any],
    last: NDArray[Any],
    frames: int,
    kind: MorphKind = "straight",
) -> NDArray[np.uint8]:
    """Pictures uint8 (frames, 28, 28) on the way from one code (L,) to another."""
    return frozen_model.decode(interpolate_codes(first, last, frames, kind))


def sample_prior(recipe: Recipe, count: int, seed: int) -> NDArray[np.float32]:
    """Codes (count, L) drawn from the prior N(0, I).

    Raises StudioError where the recipe has no prior: `sample_fitted` is for those.
    """
    if recipe.objective.code != "gaussian":
        raise StudioError(
            "This recipe has no prior to sample from",
            where=recipe.name,
            advice="Choose a variational recipe, or sample from a Gaussian fitted to the codes.",
        )
    shape = (count, recipe.network.latent_size)
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def sample_fitted(codes: NDArray[Any], count: int, seed: int) -> NDArray[np.float32]:
    """Codes (count, L) drawn from the Gaussian with the mean and covariance of codes (N, L), N >= 2."""
    from aestudio.analysis.projections import principal_components

    components = principal_components(codes, codes.shape[1])
    noise = np.random.default_rng(seed).standard_normal((count, codes.shape[1]))
    return components.restore(noise * components.stds).astype(np.float32)
