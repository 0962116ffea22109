"""Paths through the code space, and codes like those of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.errors import BadChoice
from aestudio.inference.conditions import repeated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.inference.conditions import ConditionRow
    from aestudio.inference.frozen_model import FrozenModel

InterpolationKind = Literal["straight", "spherical"]
# Sine of the angle below which two directions count as one line, where an arc is not defined.
FLAT = 1e-6
_SEGMENTS_PER_FRAME = 4  # of the line, whose changes are measured


def interpolate_codes(
    first: NDArray[Any], last: NDArray[Any], frames: int, kind: InterpolationKind = "straight"
) -> NDArray[np.float32]:
    """Codes float32 (frames, L) from the first (L,) to the last (L,), both included.

    spherical: the direction moves uniformly along the great circle (Shoemake 1985) and the length changes
    linearly, so that codes stay in the shell where a Gaussian prior has its mass; a straight line for
    codes of equal or opposite directions, or if one is zero.
    Raises BadChoice for fewer than two frames or another kind.
    """
    if frames < 2:
        raise BadChoice("frames", frames, "whole number from 2")
    start, end = first.astype(np.float64), last.astype(np.float64)
    share = np.linspace(0.0, 1.0, frames)[:, None]
    if kind == "spherical":
        return _arc(start, end, share).astype(np.float32)
    if kind != "straight":
        raise BadChoice("interpolation", kind, ("straight", "spherical"))
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


def joined_paths(paths: Sequence[NDArray[Any]]) -> NDArray[np.float32]:
    """Paths (M, L), each starting at the end of the one before, as one path (P, L), shared ends once."""
    parts = [np.asarray(path, np.float32)[1 if index else 0 :] for index, path in enumerate(paths)]
    return np.concatenate(parts)


def even_in_pixels(
    frozen_model: FrozenModel, codes: NDArray[Any], frames: int, condition: ConditionRow | None = None
) -> NDArray[np.float32]:
    """Codes float32 (frames, L) on the line through codes (M, L), with equal changes of the image.

    condition: what a conditional model is told of all of them

    The change is the Euclidean norm of the difference of images, summed over segments of the line. The ends
    are kept. If the image never changes, the codes are evenly spaced by their number.
    """
    fine = _between(codes, np.linspace(0, len(codes) - 1, _SEGMENTS_PER_FRAME * frames))
    exact = frozen_model.decode_exactly(fine.astype(np.float32), repeated(condition, len(fine)))
    images = exact.reshape(len(fine), -1).astype(np.float64)
    changes: NDArray[np.float64] = np.linalg.norm(np.diff(images, axis=0), axis=1)
    distance = np.zeros((len(fine),))
    distance[1:] = changes.cumsum()
    total = float(distance[-1])
    if total <= 0:
        return _between(fine, np.linspace(0, len(fine) - 1, frames)).astype(np.float32)
    # Segments without any change would make the inverse ambiguous.
    distance = distance + np.linspace(0.0, 1e-9 * total, len(distance))
    targets = np.linspace(0.0, float(distance[-1]), frames)
    positions: NDArray[np.float64] = np.interp(targets, distance, np.arange(len(distance)))
    return _between(fine, positions).astype(np.float32)


def _between(codes: NDArray[Any], positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Codes (P, L) at fractional positions (P,) on the line through codes (M, L)."""
    numbers = np.arange(len(codes))
    columns: list[NDArray[np.float64]] = [
        np.interp(positions, numbers, column) for column in codes.T.astype(np.float64)
    ]
    return np.stack(columns, axis=1)


def sample_fitted(codes: NDArray[Any], count: int, seed: int) -> NDArray[np.float32]:
    """Codes float32 (count, L) sampled from the Gaussian fitted to codes (N, L), N >= 2."""
    from aestudio.analysis.projections import principal_components

    components = principal_components(codes, codes.shape[1])
    noise = np.random.default_rng(seed).standard_normal((count, codes.shape[1]))
    return components.restore(noise * components.stds).astype(np.float32)
