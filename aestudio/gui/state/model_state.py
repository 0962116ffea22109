"""The model that is explored: a snapshot and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot


@dataclass(frozen=True, eq=False)
class ExploredModel:
    """A snapshot, its title, and where it comes from.

    ranges: float32 (L, 2), lowest and highest useful value of each slider
    shipped_codes: codes that came with it, shown until there is a data set to encode
    """

    snapshot: Snapshot
    title: str
    origin: Literal["shipped", "kept", "training"]
    ranges: NDArray[np.float32] | None = None
    shipped_codes: ShippedCodes | None = None


@dataclass(frozen=True, eq=False)
class ShippedCodes:
    """Codes that come with a shipped model: (N, L) float32, labels (N,), for the first map."""

    mean: NDArray[np.float32]
    labels: NDArray[np.int64]


def random_code(model: ExploredModel, generator: np.random.Generator) -> NDArray[np.float32]:
    """A code float32 (L,) from the prior; without one, even within the ranges of the data's codes.

    Raises StudioError if the prior is a user's own and fails.
    """
    latent = model.snapshot.architecture.latent
    if latent.prior is not None:
        return latent.prior.sample(1, generator)[0]
    if model.ranges is None:
        return generator.standard_normal(latent.size, dtype=np.float32)
    low, high = model.ranges.T
    return generator.uniform(low, high).astype(np.float32)
