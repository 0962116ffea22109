"""What the embedding process computes from codes, whose neighbours are found before, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Settings = Mapping[str, Any]

JITTER = 0.01
"""Noise on initial positions, as a share of their standard deviation: as in openTSNE."""
PERTURBATION = 0.1
"""Noise that a perturbation adds, as a share of the positions' standard deviation."""


@dataclass(frozen=True, eq=False)
class EmbeddingPlan:
    """One embedding to compute.

    neighbours: the number of neighbours that are needed of each code
    initial:    float64 (N, 2), the initial positions
    settings:   of the `embed` function of the embedding's module, as JSON
    """

    neighbours: int
    initial: NDArray[np.float64]
    settings: Settings


@dataclass(frozen=True)
class Orders:
    """What an embedding that is being computed is to do, complete: only the newest counts.

    number:        later orders have larger ones, also those for a later embedding
    paused:        whether to wait before the next step
    perturbations: how often the points were to be moved by noise so far
    stopped:       whether to end with the positions that it has
    """

    number: int = 0
    paused: bool = False
    perturbations: int = 0
    stopped: bool = False


class Steps(Protocol):
    """Called after each of the steps of an embedding, or after every few."""

    def __call__(self, done: int, total: int, xy: NDArray[Any]) -> bool:
        """Report that `done` of `total` steps are done, and the positions xy (N, 2), which it may change.

        It returns when the next step may begin: later if the embedding is paused. True: end here.
        """
        ...


def no_reports(done: int, total: int, xy: NDArray[Any]) -> bool:
    """Steps, at positions xy (N, 2), that nobody watches."""
    del done, total, xy
    return False


def spread(xy: NDArray[Any]) -> float:
    """The standard deviation of positions (N, 2), of both coordinates together."""
    return float(np.sqrt(np.var(xy, axis=0, dtype=np.float64).mean()))


def jittered(initial: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Initial positions (N, 2) with a little noise, which also separates equal ones."""
    width = spread(initial) or 1e-6
    return initial + JITTER * width * np.random.default_rng(seed).standard_normal(initial.shape)


def perturbation(xy: NDArray[Any], seed: int, number: int) -> NDArray[np.float64]:
    """The noise float64 (N, 2) of the perturbation with this number, from 1."""
    noise: NDArray[np.float64] = np.random.default_rng((seed, number)).standard_normal(xy.shape)
    return PERTURBATION * spread(xy) * noise
