"""The model that is explored: a snapshot and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot


@dataclass(frozen=True, eq=False)
class ExploredModel:
    """What is explored: a snapshot, what it is called, and where it comes from.

    ranges: (latent, 2) lowest and highest value worth sliding to
    given:  codes that came with it, shown until there is a dataset to encode
    """

    snapshot: Snapshot
    title: str
    origin: Literal["shipped", "kept", "training"]
    ranges: NDArray[np.float32] | None = None
    given: GivenCodes | None = None


@dataclass(frozen=True, eq=False)
class GivenCodes:
    """Codes that come with a shipped model: (N, latent) float32, labels (N,), for the first map."""

    mean: NDArray[np.float32]
    labels: NDArray[np.int64]
