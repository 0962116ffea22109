"""Axes of the code space and a code's coordinates along them, which the sliders change.

numpy only: it is called for every movement of a slider.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aestudio.analysis.projections import Components


@dataclass(frozen=True, eq=False)
class Axes:
    """k orthonormal directions; a code's coordinates along them are the values of the sliders.

    vectors: float64 (k, L), orthonormal rows
    origin:  float64 (L,), the code whose coordinates are all 0
    scale:   float64 (k,), code units per unit of a coordinate (a component's standard deviation)
    neutral: float64 (k,), the coordinates of muted sliders: the mean of the prior or of the data
    """

    vectors: NDArray[np.float64]
    origin: NDArray[np.float64]
    scale: NDArray[np.float64]
    neutral: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def size(self) -> int:
        """L, the length of the codes."""
        return self.vectors.shape[1]

    def coordinates(self, codes: NDArray[Any]) -> NDArray[np.float64]:
        """Codes (..., L) -> coordinates float64 (..., k)."""
        return (codes - self.origin) @ self.vectors.T / self.scale

    def with_coordinate(self, code: NDArray[Any], index: int, value: float) -> NDArray[np.float32]:
        """The code (L,) with another value of one coordinate: float32 (L,)."""
        return self.with_coordinates(code, [index], np.array([value]))

    def with_coordinates(
        self, code: NDArray[Any], indices: Iterable[int], values: NDArray[Any]
    ) -> NDArray[np.float32]:
        """The code (L,) with other values (n,) of n coordinates: float32 (L,)."""
        chosen = list(indices)
        if not chosen:
            return np.asarray(code, np.float32)
        vectors, scale = self.vectors[chosen], self.scale[chosen]
        current = (code - self.origin) @ vectors.T / scale
        return (code + ((values - current) * scale) @ vectors).astype(np.float32)

    def muted(self, code: NDArray[Any], indices: Iterable[int]) -> NDArray[np.float32]:
        """The code (L,) with neutral values of these coordinates: float32 (L,)."""
        chosen = [index for index in indices if index < len(self)]
        return self.with_coordinates(code, chosen, self.neutral[chosen])


def axes_of_dimensions(size: int, neutral: NDArray[Any] | None = None) -> Axes:
    """The latent dimensions as axes, for codes of length `size`; neutral: (L,), 0 if None."""
    values = np.zeros(size) if neutral is None else np.asarray(neutral, np.float64)
    return Axes(np.eye(size), np.zeros(size), np.ones(size), values)


def axes_of_components(components: Components) -> Axes:
    """Principal components as axes, in standard deviations from the mean of the data, which is neutral."""
    stds = components.stds
    # A direction without variance is in code units: its standard deviation is no scale.
    scale = np.where(stds > 0, stds, 1.0)
    directions = np.ascontiguousarray(components.directions.T)
    return Axes(directions, components.mean, scale, np.zeros(len(directions)))
