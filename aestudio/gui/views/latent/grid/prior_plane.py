"""The plane of a model that does not encode images: two numbers of the code, in the range of its prior."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.projections import plane_of_dimensions
from aestudio.errors import StudioError
from aestudio.gui.inference.requests.latent_map_request import CodeMap
from aestudio.recipes.latent import NormalPrior

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import PlaneChoice
    from aestudio.recipes.latent import Latent
    from aestudio.training.events import Snapshot

RANGE = 3.0
"""Standard deviations of the prior to each side, which sliders and grid show."""
_SAMPLES = 1_000  # of a prior, whose standard deviations they give


class PriorPlanes:
    """Keeps the newest plane, so that it stays the same object while nothing changed."""

    def __init__(self) -> None:
        self._key: tuple[Latent, tuple[int, int]] | None = None
        self._map: CodeMap | None = None
        self.problem = ""
        """Why there is no plane, if the prior is a user's own and fails."""

    def of(self, snapshot: Snapshot, choice: PlaneChoice) -> CodeMap | None:
        """A map without points on the plane of two numbers of the code.

        None if it has only one, or if there is a `problem`.
        """
        latent = snapshot.architecture.latent
        if latent.size < 2:
            return None
        axes = (choice.first, choice.second) if choice.kind == "dimensions" else (0, 1)
        if self._key != (latent, axes):
            self._key, self.problem = (latent, axes), ""
            try:
                self._map = _map_of(latent, axes)
            except StudioError as problem:
                self._map, self.problem = None, str(problem)
        return self._map


def _map_of(latent: Latent, axes: tuple[int, int]) -> CodeMap:
    prior = latent.prior or NormalPrior(latent.size)
    samples = prior.sample(_SAMPLES, np.random.default_rng(0)).astype(np.float64)
    if prior == NormalPrior(latent.size):
        centre, spread = np.zeros(latent.size), np.ones(latent.size)
    else:
        centre, spread = samples.mean(axis=0), samples.std(axis=0)
    ends = np.stack([centre - RANGE * spread, centre + RANGE * spread])
    plane = plane_of_dimensions(np.concatenate([ends] * 2), *axes)
    nowhere = np.empty((0, 2), np.float32)
    return CodeMap(plane, nowhere, None, (), ends.T, shipped=False)
