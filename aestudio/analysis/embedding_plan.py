"""What the embedding process computes from codes, whose neighbours are found before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Settings = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class EmbeddingPlan:
    """One embedding to compute.

    neighbours: the number of neighbours that are needed of each code
    initial:    float64 (N, 2), the initial positions
    settings:   of the `embed` function of the embedding's module
    """

    neighbours: int
    initial: NDArray[np.float64]
    settings: Settings
