"""Directions through the code space that a hand can move along, one by one: the strips of the mixing desk.

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
    """k orthonormal directions; a code's coordinates along them are its numbers on the strips.

    vectors: float64 (k, L), orthonormal rows
    origin:  float64 (L,), the code whose coordinates are all 0
    scale:   float64 (k,), code units per unit of a coordinate (a component's standard deviation)
    rest:    float64 (k,), the coordinates of a strip that is silent: the prior's mean, or the data's
    """

    vectors: NDArray[np.float64]
    origin: NDArray[np.float64]
    scale: NDArray[np.float64]
    rest: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def size(self) -> int:
        """Numbers of a code."""
        return self.vectors.shape[1]

    def coordinates(self, codes: NDArray[Any]) -> NDArray[np.float64]:
        """Codes (..., L) -> coordinates (..., k)."""
        return (codes - self.origin) @ self.vectors.T / self.scale

    def moved(self, code: NDArray[Any], index: int, value: float) -> NDArray[np.float32]:
        """The code (L,) with one coordinate at another value and all others as they are."""
        return self.placed(code, [index], np.array([value]))

    def placed(self, code: NDArray[Any], indices: Iterable[int], values: NDArray[Any]) -> NDArray[np.float32]:
        """The code (L,) with these coordinates at other values and all others as they are."""
        chosen = list(indices)
        if not chosen:
            return np.asarray(code, np.float32)
        vectors, scale = self.vectors[chosen], self.scale[chosen]
        now = (code - self.origin) @ vectors.T / scale
        return (code + ((values - now) * scale) @ vectors).astype(np.float32)

    def silenced(self, code: NDArray[Any], silent: Iterable[int]) -> NDArray[np.float32]:
        """The code (L,) with the silent coordinates at rest."""
        chosen = [index for index in silent if index < len(self)]
        return self.placed(code, chosen, self.rest[chosen])


def axes_of_dimensions(size: int, rest: NDArray[Any] | None = None) -> Axes:
    """The code's own numbers as coordinates; silent ones stand at `rest` (L,), 0 unless told."""
    quiet = np.zeros(size) if rest is None else np.asarray(rest, np.float64)
    return Axes(np.eye(size), np.zeros(size), np.ones(size), quiet)


def axes_of_components(components: Components) -> Axes:
    """Principal components, counted in standard deviations from the data's mean, where silent ones rest."""
    widths = components.stds
    # A direction in which no code differs is counted in code units: it has no deviation to count in.
    scale = np.where(widths > 0, widths, 1.0)
    directions = np.ascontiguousarray(components.directions.T)
    return Axes(directions, components.mean, scale, np.zeros(len(directions)))
