"""A prior of a user's own objective: what it gives is checked, and its errors name its file and line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from aestudio.recipes.latent import CategoricalPrior, NormalPrior
from aestudio.recipes.part import building

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.latent import Latent, Prior
    from aestudio.recipes.objective import Objective
    from aestudio.types import CodeArray


@dataclass(frozen=True)
class OwnPrior:
    """Two are equal if the same objective declared them for images of the same shape.

    size, choices: of the latent
    """

    prior: Prior = field(compare=False)
    objective: Objective
    data: DataShape
    size: int
    choices: int

    def sample(self, count: int, generator: np.random.Generator, temperature: float = 1.0) -> CodeArray:
        """`count` codes float32 (count, L); raises StudioError if the prior fails or gives no such codes."""
        with building(self.objective, did="failed"):
            codes = np.asarray(self.prior.sample(count, generator, temperature), np.float32)
            if codes.shape != (count, self.size):
                raise ValueError(f"its prior gave codes {codes.shape}, not {(count, self.size)}")
            if not np.isfinite(codes).all():
                raise ValueError("its prior gave codes that are not finite")
            entries = (codes == np.rint(codes)) & (codes >= 0) & (codes < self.choices)
            if self.choices and not entries.all():
                raise ValueError(f"its prior gave numbers that are no entries from 0 to {self.choices - 1}")
        return codes

    def log_density(self, codes: CodeArray) -> NDArray[np.float64] | None:
        """(N, L) -> (N,), in nats, None if it is not known; raises StudioError if the prior fails."""
        with building(self.objective, did="failed"):
            given = cast("object", self.prior.log_density(codes))
            if given is None:
                return None
            densities = np.asarray(given, np.float64)
            if densities.shape != (len(codes),):
                raise ValueError(
                    f"the log-densities of {len(codes)} codes are {densities.shape}, not {(len(codes),)}"
                )
        return densities


def with_checked_prior(latent: Latent, objective: Objective, data: DataShape) -> Latent:
    """The latent of a user's own objective with its prior checked; raises ValueError for one of another size.

    A shipped prior stays what it is, as views ask whether the prior is N(0, I).
    """
    prior = latent.prior
    if prior is None:
        return latent
    if type(prior) in (NormalPrior, CategoricalPrior):
        size = cast("NormalPrior | CategoricalPrior", prior).size
        if size != latent.size:
            raise ValueError(f"its prior is one of {size} numbers, and its codes have {latent.size}")
        return latent
    return replace(latent, prior=OwnPrior(prior, objective, data, latent.size, latent.choices))
