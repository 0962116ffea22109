"""Originals and reconstructions: chosen images, signed errors, losses, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aestudio.analysis.metrics import PIXELS, bernoulli_cross_entropy, squared_error_per_image
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.chunks import chunks
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.objectives.variational.config import Variational
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.recipes.recipe import Recipe

LossUnit = Literal["squared error", "nats"]


@dataclass(frozen=True, eq=False)
class Reconstructions:
    """Images and their reconstructions, one row each.

    indices:       int64 (n,), within the set
    originals:     uint8 (n, 28, 28)
    pictures:      uint8 (n, 28, 28), through the mean of the code
    errors:        int16 (n, 28, 28), reconstruction minus original in grey levels: positive is too much ink
    squared_error: float64 (n,), summed over the pixels, of reconstructions that are not rounded
    loss:          float64 (n,), the recipe's own distance, in loss_unit per image
    """

    indices: NDArray[np.int64]
    originals: NDArray[np.uint8]
    pictures: NDArray[np.uint8]
    errors: NDArray[np.int16]
    squared_error: NDArray[np.float64]
    loss: NDArray[np.float64]
    loss_unit: LossUnit

    def __len__(self) -> int:
        return len(self.indices)


def reconstruct(
    frozen_model: FrozenModel, digits: ImageSet, indices: Sequence[int] | NDArray[Any]
) -> Reconstructions:
    """The images at the indices (n,) and their reconstructions, in the order given.

    Raises BadChoice for an index that is not in the set, StudioError if the recipe has no decoder.
    """
    chosen = np.asarray(indices, dtype=np.int64)
    for index in chosen:
        if not 0 <= index < len(digits):
            raise BadChoice("image", int(index), f"whole number from 0 up to {len(digits) - 1}")
    return reconstruct_images(frozen_model, digits.images[chosen], chosen)


def reconstruct_images(
    frozen_model: FrozenModel, images: NDArray[np.uint8], indices: NDArray[np.int64] | None = None
) -> Reconstructions:
    """Images uint8 (n, 1, 28, 28) of any source (a drawing, a file) and their reconstructions."""
    from aestudio.inference.frozen_model import to_bytes

    require_decoder(frozen_model)
    exact = frozen_model.reconstruct_exactly(images)
    originals, pictures = images[:, 0], to_bytes(exact)
    return Reconstructions(
        indices=np.arange(len(images), dtype=np.int64) if indices is None else indices,
        originals=originals,
        pictures=pictures,
        errors=pictures.astype(np.int16) - originals.astype(np.int16),
        squared_error=squared_error_per_image(originals, exact),
        loss=_losses(frozen_model.snapshot.recipe, originals, exact),
        loss_unit=loss_unit(frozen_model.snapshot.recipe),
    )


def require_decoder(frozen_model: FrozenModel) -> None:
    """Raises StudioError if the recipe has no decoder."""
    if not frozen_model.decodes:
        raise StudioError(
            "This recipe decodes nothing, so there is no reconstruction to compare",
            where=frozen_model.snapshot.recipe.name,
            advice="Choose an autoencoder.",
        )


def loss_unit(recipe: Recipe) -> LossUnit:
    """What an image's loss is counted in."""
    if isinstance(recipe.objective, Variational) or _cross_entropy(recipe):
        return "nats"
    return "squared error"


def image_losses(
    frozen_model: FrozenModel, digits: ImageSet, progress: Progress = silent
) -> NDArray[np.float64]:
    """The recipe's own distance between each image and its reconstruction, without penalties -> (N,).

    Through the mean of the code (no sampling), from the picture as it is shown (a linear output cut off
    to [0, 1]), so that the figure belongs to what one sees. Raises StudioError where nothing is decoded.
    """
    require_decoder(frozen_model)
    losses = np.zeros(len(digits))
    for part in chunks(len(digits), progress, "Comparing the images"):
        images = digits.images[part]
        losses[part] = _losses(frozen_model.snapshot.recipe, images, frozen_model.reconstruct_exactly(images))
    return losses


def _losses(recipe: Recipe, originals: NDArray[Any], pictures: NDArray[Any]) -> NDArray[np.float64]:
    if _cross_entropy(recipe):
        return bernoulli_cross_entropy(originals, pictures)
    squared_error = squared_error_per_image(originals, pictures)
    if not isinstance(recipe.objective, Variational):
        return squared_error
    variance = recipe.objective.pixel_variance
    return squared_error / (2 * variance) + PIXELS / 2 * np.log(2 * np.pi * variance)


def _cross_entropy(recipe: Recipe) -> bool:
    objective = recipe.objective
    if isinstance(objective, Variational):
        return objective.likelihood == "bernoulli"
    return isinstance(objective, Reconstruction) and objective.distance == "cross_entropy"


def worst_first(
    frozen_model: FrozenModel, digits: ImageSet, progress: Progress = silent
) -> NDArray[np.int64]:
    """The indices of all images, int64 (N,), the greatest loss first; equal losses in the set's order."""
    return np.argsort(-image_losses(frozen_model, digits, progress), kind="stable")


def of_class(digits: ImageSet, label: int, count: int, seed: int | None = None) -> NDArray[np.int64]:
    """Up to `count` indices (n,) of one class: the first ones, or drawn at random if there is a seed.

    Raises StudioError where the digits have no labels, BadChoice for a class there is not.
    """
    if digits.labels is None:
        raise StudioError("These digits have no labels", advice="Choose images at random, or by number.")
    if not 0 <= label < len(digits.class_names):
        raise BadChoice("class", label, f"whole number from 0 up to {len(digits.class_names) - 1}")
    found = np.flatnonzero(digits.labels == label)
    return found[:count] if seed is None else _drawn(found, count, seed)


def at_random(digits: ImageSet, count: int, seed: int) -> NDArray[np.int64]:
    """Up to `count` different indices int64 (n,), drawn at random."""
    return _drawn(np.arange(len(digits)), count, seed)


def _drawn(indices: NDArray[np.int64], count: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).permutation(indices)[:count]
