"""A model with the weights of one snapshot: numpy in, numpy out, separate from the model in training."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch

from aestudio.errors import StudioError
from aestudio.inference.taken_images import require_shape
from aestudio.recipes.part import building, is_shipped, running
from aestudio.recipes.requirements import require_encoder
from aestudio.training.batches import EVALUATION_BATCH, to_unit
from aestudio.training.model import build_model, load_weights

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot
    from aestudio.types import CodeArray, Condition, Images, Reconstructed, UnitImages


Number = TypeVar("Number", bound=np.generic)
# How far beyond 0 and 1 the numbers of an image may be; it changes no grey level.
_ROUNDING = 1e-4


@dataclass(frozen=True, eq=False)
class Codes:
    """The codes of N images.

    mean:    float32 (N, L); std: float32 (N, L), the posterior's standard deviations, None for point codes
    entries: float32 (N, P), what the entries of a codebook or the categories stand for; None for other codes
    """

    mean: CodeArray
    std: CodeArray | None = None
    entries: CodeArray | None = None

    @property
    def points(self) -> CodeArray:
        """The codes as points whose distances have a meaning, float32 (N, P): for maps and neighbours."""
        return self.mean if self.entries is None else self.entries

    def sampled(self, seed: int = 0) -> CodeArray:
        """Codes float32 (N, L) as a decoder is trained on them: a sample of each posterior, or the points."""
        if self.std is None:
            return self.mean
        noise = np.random.default_rng(seed).standard_normal(self.mean.shape, np.float32)
        return (self.mean + self.std * noise).astype(np.float32)

    def __len__(self) -> int:
        return len(self.mean)


class FrozenModel:
    """Encodes and decodes with one snapshot, on the CPU, without gradients. Not shared between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot: Snapshot = snapshot
        self.model = build_model(snapshot.architecture).eval().requires_grad_(False)
        load_weights(self.model, snapshot.weights)

    def show(self, snapshot: Snapshot) -> None:
        """Change to another snapshot. A new module is built only if the recipe differs."""
        if snapshot is self.snapshot:
            return
        if (snapshot.recipe, snapshot.data) != (self.snapshot.recipe, self.snapshot.data):
            self.model = build_model(snapshot.architecture).eval().requires_grad_(False)
        load_weights(self.model, snapshot.weights)
        self.snapshot = snapshot

    @property
    def decodes(self) -> bool:
        """Whether codes become images; a classifier decodes nothing."""
        return self.model.architecture.decodes

    @property
    def reconstructs(self) -> bool:
        """Whether images are encoded and decoded again; a GAN only decodes."""
        return self.model.architecture.reconstructs

    def encode(self, images: Images | UnitImages, condition: Condition | None = None) -> Codes:
        """Images (N, C, H, W), uint8 or float32 in [0, 1] -> codes, mean and std float32 (N, L).

        condition: float32 (N, K), what the model is told of each image; None for a model without conditions
        Raises StudioError if images have no codes or another shape than the model's, ValueError if the
        condition is missing or not asked for.
        """
        require_encoder(self.model.architecture)
        require_shape(self.snapshot, images)
        means: list[CodeArray] = []
        stds: list[CodeArray] = []
        with self._at_work():
            for batch, told in self._with_condition(images, condition):
                code = self.model.encode(_to_batch(batch), told)
                means.append(code.mean.numpy())
                if code.log_variance is not None:
                    stds.append((0.5 * code.log_variance).exp().numpy())
        mean = _concatenated(means)
        self._require_shape("codes", mean, (len(images), self.model.architecture.latent.size))
        entries = self.points(mean) if self.model.architecture.latent.choices else None
        return Codes(mean, _concatenated(stds) if stds else None, entries)

    def points(self, codes: CodeArray) -> CodeArray:
        """Codes float32 (N, L) -> points float32 (N, P) whose distances have a meaning.

        The codes themselves, or what the entries of a codebook stand for.
        """
        with self._at_work():
            batches = [self.model.points(torch.tensor(batch)).numpy() for batch in _batches(codes)]
        return _concatenated(batches)

    def sample_prior(self, count: int, generator: np.random.Generator, temperature: float = 1.0) -> CodeArray:
        """`count` codes float32 (N, L) of the prior, declared or learned; the same for the same generator.

        temperature: 1 for the prior itself, less for typical codes
        Raises StudioError if the model has no prior.
        """
        latent = self.model.architecture.latent
        if latent.prior is not None:
            return latent.prior.sample(count, generator, temperature)
        if not latent.learned_prior:
            raise StudioError(
                "This recipe has no prior to sample from",
                where=self.snapshot.recipe.name,
                advice="Choose a variational recipe, or sample from a Gaussian fitted to the codes.",
            )
        own = torch.Generator().manual_seed(int(generator.integers(2**63)))
        batches: list[CodeArray] = []
        with self._at_work():
            for start in range(0, count, EVALUATION_BATCH):
                size = min(EVALUATION_BATCH, count - start)
                batches.append(self.model.sample_prior(size, own, temperature).float().numpy())
        return _concatenated(batches) if batches else np.empty((0, latent.size), np.float32)

    def prior_log_density(self, codes: CodeArray) -> NDArray[np.float64] | None:
        """The natural logarithm of the density of codes float32 (N, L) under the prior, declared or learned.

        float64 (N,); of discrete codes that of the probability. None if there is no prior, or it is not known
        """
        latent = self.model.architecture.latent
        if latent.prior is not None:
            return latent.prior.log_density(codes)
        if not latent.learned_prior:
            return None
        batches: list[NDArray[np.float64]] = []
        with self._at_work():
            for batch in _batches(codes):
                densities = self.model.prior_log_density(torch.tensor(batch))
                if densities is None:
                    return None
                batches.append(densities.double().numpy())
        return _concatenated(batches)

    def decode(self, codes: CodeArray, condition: Condition | None = None) -> Reconstructed:
        """Codes float32 (N, L) -> images uint8 (N, C, H, W), pixels rounded to grey levels.

        condition: as in `encode`. Raises as `encode` does, and StudioError if a pixel is NaN.
        """
        return to_bytes(self.decode_exactly(codes, condition))

    def decode_exactly(self, codes: CodeArray, condition: Condition | None = None) -> UnitImages:
        """Codes float32 (N, L) -> images float32 (N, C, H, W) in [0, 1], not rounded to grey levels.

        condition: as in `encode`. Raises TypeError if the recipe has no decoder, ValueError as `encode` does.
        """
        with self._at_work():
            batches = [
                self.model.decode_images(torch.tensor(batch), told).numpy()
                for batch, told in self._with_condition(codes, condition)
            ]
        decoded = _concatenated(batches)
        self._require_images(decoded, (len(codes), *self.snapshot.data.image.array))
        return decoded

    def reconstruct(self, images: Images | UnitImages, condition: Condition | None = None) -> Reconstructed:
        """Images (N, C, H, W), uint8 or float32 in [0, 1] -> reconstructions uint8 (N, C, H, W).

        The mean of a Gaussian code is decoded, not a sample.

        Raises as `reconstruct_exactly` does, and StudioError if a pixel is NaN.
        """
        return to_bytes(self.reconstruct_exactly(images, condition))

    def reconstruct_exactly(
        self, images: Images | UnitImages, condition: Condition | None = None
    ) -> UnitImages:
        """As `reconstruct`, but float32 (N, C, H, W) in [0, 1], not rounded to grey levels.

        Raises TypeError if the recipe has no decoder, StudioError if images have no codes or another shape.
        """
        require_encoder(self.model.architecture)
        require_shape(self.snapshot, images)
        batches: list[UnitImages] = []
        with self._at_work():
            for batch, told in self._with_condition(images, condition):
                batches.append(self.model.reconstruct(_to_batch(batch), told).numpy())
        reconstructed = _concatenated(batches)
        self._require_images(reconstructed, images.shape)
        return reconstructed

    def image_losses(
        self, images: Images | UnitImages, condition: Condition | None = None
    ) -> NDArray[np.float64]:
        """The objective's loss of each image, through the mean of the code: float64 (N,).

        Its unit is that of `Objective.image_loss`. Raises as `reconstruct` does.
        """
        require_encoder(self.model.architecture)
        require_shape(self.snapshot, images)
        batches: list[NDArray[np.float64]] = []
        with self._at_work():
            for batch, told in self._with_condition(images, condition):
                batches.append(self.model.image_losses(_to_batch(batch), told).numpy())
        losses_of_images = _concatenated(batches)
        self._require_shape("losses", losses_of_images, (len(images),))
        return losses_of_images

    @contextmanager
    def _at_work(self) -> Generator[None]:
        """Without gradients; an error in a user's own network or objective names its file and line."""
        recipe = self.snapshot.recipe
        parts = recipe.objective, recipe.network
        with torch.inference_mode(), running(*parts, otherwise=lambda _: False, did="failed"):
            yield

    def _require_shape(self, what: str, found: NDArray[Any], shape: tuple[int, ...]) -> None:
        """Raises StudioError if a user's own part does not give what it declares."""
        if found.shape == shape:
            return
        recipe = self.snapshot.recipe
        blamed = recipe.network if is_shipped(type(recipe.objective)) else recipe.objective
        with building(blamed, did="failed"):
            raise ValueError(f"the {what} of {shape[0]} are {found.shape}, not {shape}")

    def _require_images(self, found: UnitImages, shape: tuple[int, ...]) -> None:
        """Raises StudioError if a user's own part gives images of another shape, or numbers beyond 0 and 1.

        Rounded to grey levels, such numbers would come out as any others.
        """
        self._require_shape("images", found, shape)
        objective = self.snapshot.recipe.objective
        if is_shipped(type(objective)) or not found.size:
            return
        low, high = float(found.min()), float(found.max())
        if low < -_ROUNDING or high > 1 + _ROUNDING:
            with building(objective, did="failed"):
                raise ValueError(f"its images have numbers from {low:g} to {high:g}, not from 0 to 1")

    def _with_condition(
        self, array: NDArray[Number], condition: Condition | None
    ) -> Iterator[tuple[NDArray[Number], torch.Tensor | None]]:
        """The rows in batches, each with its condition."""
        size = self.model.architecture.condition_size
        if condition is None:
            if size:
                raise ValueError(f"{self.snapshot.recipe.name} needs a condition (N, {size}) for each row")
            for batch in _batches(array):
                yield batch, None
            return
        if condition.shape != (len(array), size):
            raise ValueError(f"the condition is {condition.shape}, not ({len(array)}, {size})")
        for batch, told in zip(_batches(array), _batches(condition), strict=True):
            yield batch, torch.tensor(told)


def to_bytes(images: UnitImages) -> Reconstructed:
    """Images float32 in [0, 1] -> uint8 0..255, same shape; raises StudioError if a pixel is NaN."""
    if np.isnan(images).any():
        raise StudioError(
            "The model gives no image: its numbers grow beyond what can be computed with",
            advice="Choose a code nearer to those of the data, or weights from before they grew so large.",
        )
    return np.rint(images * 255).astype(np.uint8)


def _to_batch(images: NDArray[Any]) -> torch.Tensor:
    tensor = torch.tensor(images)
    return to_unit(tensor) if tensor.dtype == torch.uint8 else tensor


def _batches(array: NDArray[Number]) -> Iterator[NDArray[Number]]:
    # An empty array gives one empty batch, so that the results have the right shapes.
    for start in range(0, max(1, len(array)), EVALUATION_BATCH):
        yield array[start : start + EVALUATION_BATCH]


def _concatenated(batches: list[NDArray[Number]]) -> NDArray[Number]:
    return batches[0] if len(batches) == 1 else np.concatenate(batches)
