"""Requests of the Samples panel: codes drawn at random and decoded, and the nearest real images."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.gui.inference.requests.subjects import OfImages
from aestudio.gui.state.subject import Subject
from aestudio.inference.conditions import condition_of_set, stacked
from aestudio.inference.taken_images import require_shape
from aestudio.recipes.latent import NormalPrior
from aestudio.recipes.requirements import require_continuous

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.sampling import Mixture, Nearest
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

Source = Literal["prior", "mixture"]
NEIGHBOURS = 6
# Unseen images; the distances of their reconstructions are the reference for samples.
REFERENCE_IMAGES = 100


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


@dataclass(frozen=True, eq=False)
class RealNeighbours:
    """The nearest real images of each sample.

    usual: the same distance for reconstructions of images that the model has not seen, float64 (m,),
           sorted; empty if there are none. Reconstructions, because they are as blurred as samples, and
           blurred images are nearer to all others.
    """

    nearest: Nearest
    usual: NDArray[np.float64]


@dataclass(frozen=True)
class NearestImages:
    """The training images nearest to each sample.

    real: the images to search; unseen: images that the model was not trained on, or None
    """

    channel: ClassVar[str] = "nearest"
    urgent: ClassVar[bool] = False
    snapshot: Snapshot
    samples: SampleSet
    real: ImageSet
    unseen: ImageSet | None

    @property
    def subject(self) -> Subject:
        image_sets = (self.real,) if self.unseen is None else (self.real, self.unseen)
        return Subject.of(self.snapshot, image_sets)

    def compute(self, cache: InferenceCache, progress: Progress) -> RealNeighbours:
        """The 6 nearest training images of each sample, with their distances."""
        from aestudio.analysis.sampling import nearest_images

        require_shape(self.snapshot, self.real.images)
        count = min(NEIGHBOURS, len(self.real))
        nearest = nearest_images(self.samples.images, self.real.images, count, progress)
        unseen = self.unseen
        if unseen is None:
            return RealNeighbours(nearest, np.zeros(0))
        frozen_model = cache.frozen_model(self.snapshot)
        if not frozen_model.reconstructs:
            return RealNeighbours(nearest, np.zeros(0))

        def measure() -> NDArray[np.float64]:
            some = part_of(unseen, slice(REFERENCE_IMAGES))
            condition = condition_of_set(self.snapshot.architecture, some)
            images = frozen_model.reconstruct(some.images, condition)
            return np.sort(nearest_images(images, self.real.images, 1, progress).distances[:, 0])

        key = (self.snapshot, self.real, unseen)
        return RealNeighbours(nearest, cache.get_or_make("usual distances", key, measure))
