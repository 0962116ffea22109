"""The model that is explored: a snapshot and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot

_TOLERANCE = 0.05  # share of a range by which codes may leave it before it grows
_FIRST_SEED = 8  # with which the shipped GAN begins at a plain digit


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


def widened(old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
    """The old ranges of sliders, (L, 2), widened to contain the new ones if these leave them clearly."""
    width = (old[:, 1] - old[:, 0]) * _TOLERANCE
    inside = (new[:, 0] >= old[:, 0] - width) & (new[:, 1] <= old[:, 1] + width)
    if inside.all():
        return old
    return np.stack([np.minimum(old[:, 0], new[:, 0]), np.maximum(old[:, 1], new[:, 1])], axis=1)


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


def first_code(model: ExploredModel) -> NDArray[np.float32]:
    """The code float32 (L,) at which a model begins that has none of an image: zero, or a generator's draw.

    The draws of a normal prior in L dimensions are about sqrt(L) away from zero, so what a generator makes of
    zero it has hardly been trained for. It is always the same draw, so that a run looks the same again; zero
    also if the prior is a user's own and fails.
    """
    architecture = model.snapshot.architecture
    if not architecture.encodes and architecture.latent.exists:
        try:
            return random_code(model, np.random.default_rng(_FIRST_SEED))
        except StudioError:
            pass  # drawing again, by the user, says what is wrong
    return np.zeros(architecture.latent.size, np.float32)
