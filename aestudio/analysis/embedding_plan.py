"""What the process of layouts is asked to do with codes, whose neighbours are found before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Settings = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Plan:
    """neighbours: how many of each point are needed; begin: (N, 2), where the points start

    settings: what the `embed` of the layout's module needs besides them
    """

    neighbours: int
    begin: NDArray[np.float64]
    settings: Settings
