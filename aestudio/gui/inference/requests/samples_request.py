"""The request of the Samples panel: codes drawn at random and decoded."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from aestudio.gui.inference.requests.subjects import OfImages
from aestudio.inference.conditions import stacked
from aestudio.recipes.latent import NormalPrior
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.sampling import Mixture
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress

Source = Literal["prior", "mixture"]


@dataclass(frozen=True, eq=False)
class SampleSet:
    """Samples. codes: float32 (n, L); images: uint8 (n, C, H, W).

    conditions: what a conditional model was told of each of them; () for another model
    densities:  log-density under the prior of each, float64 (n,), in nats; None if it is not known
    """

    codes: NDArray[np.float32]
    images: NDArray[np.uint8]
    conditions: tuple[ConditionRow, ...] = ()
    densities: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class DrawSamples(OfImages):
    """`count` samples of a snapshot, the same for the same seed.

    image_set: the images whose first `encoded` codes the mixture is fitted to
    source:    the prior, N(0, I) for a model without one; or the mixture
    conditions: what a conditional model is told: one after the other, again and again
    """

    channel: ClassVar[str] = "samples"
    urgent: ClassVar[bool] = False
    encoded: int
    source: Source
    temperature: float
    count: int
    seed: int
    conditions: tuple[ConditionRow, ...] = ()

    def compute(self, cache: InferenceCache, progress: Progress) -> SampleSet:
        """Codes float32 (count, L) and images uint8 (count, C, H, W)."""
        latent = self.snapshot.architecture.latent
        frozen_model, random = cache.frozen_model(self.snapshot), np.random.default_rng(self.seed)
        if self.source == "mixture":
            codes = self._mixture(cache, progress).sample(self.count, self.temperature, self.seed)
        elif latent.has_prior:
            codes = frozen_model.sample_prior(self.count, random, self.temperature)
        else:
            codes = NormalPrior(latent.size).sample(self.count, random, self.temperature)
        told = tuple(itertools.islice(itertools.cycle(self.conditions), self.count))
        images = frozen_model.decode(codes, stacked([*told]))
        return SampleSet(codes, images, told, frozen_model.prior_log_density(codes))

    def _mixture(self, cache: InferenceCache, progress: Progress) -> Mixture:
        from aestudio.analysis.sampling import fit_mixture

        require_continuous(self.snapshot.architecture, "no mixture of Gaussians describes them")
        codes = cache.codes(self.snapshot, self.image_set, self.encoded, progress).mean
        key = (self.snapshot, self.image_set, self.encoded)
        return cache.get_or_make("mixture", key, lambda: fit_mixture(codes))
