"""Originals and reconstructions: chosen images, signed errors, losses, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.metrics import squared_error_per_image
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.chunks import chunks
from aestudio.inference.conditions import condition_of_set
from aestudio.progress import silent
from aestudio.recipes.requirements import NO_ENCODER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.recipes.recipe import Recipe
    from aestudio.types import Condition

LUMINANCE = (0.2126, 0.7152, 0.0722)
"""The weights of red, green and blue: ITU-R BT.709, luma of the channels as they are stored."""


@dataclass(frozen=True, eq=False)
class Reconstructions:
    """Images and their reconstructions, one row each.

    indices:       int64 (n,), within the set
    originals:     uint8 (n, C, H, W)
    reconstructed: uint8 (n, C, H, W), from the mean of the code
    errors:        int16 (n, C, H, W), reconstruction minus original of each channel; positive: too bright
    squared_error: float64 (n,), summed over all numbers, of reconstructions not rounded to grey levels
    loss:          float64 (n,), the recipe's reconstruction loss, in loss_unit per image
    """

    indices: NDArray[np.int64]
    originals: NDArray[np.uint8]
    reconstructed: NDArray[np.uint8]
    errors: NDArray[np.int16]
    squared_error: NDArray[np.float64]
    loss: NDArray[np.float64]
    loss_unit: str

    def __len__(self) -> int:
        return len(self.indices)


def reconstruct(
    frozen_model: FrozenModel, image_set: ImageSet, indices: Sequence[int] | NDArray[Any]
) -> Reconstructions:
    """The images at the indices (n,) and their reconstructions, in the order given.

    Raises BadChoice for an index that is not in the set, StudioError if the recipe has no decoder.
    """
    chosen = np.asarray(indices, dtype=np.int64)
    for index in chosen:
        if not 0 <= index < len(image_set):
            raise BadChoice("image", int(index), f"whole number from 0 up to {len(image_set) - 1}")
    condition = condition_of_set(frozen_model.snapshot.architecture, image_set)
    told = None if condition is None else condition[chosen]
    return reconstruct_images(frozen_model, image_set.images[chosen], chosen, told)


def reconstruct_images(
    frozen_model: FrozenModel,
    images: NDArray[np.uint8],
    indices: NDArray[np.int64] | None = None,
    condition: Condition | None = None,
) -> Reconstructions:
    """Images uint8 (n, C, H, W) of any source (a drawing, a file) and their reconstructions.

    indices: int64 (n,), 0 to n - 1 if None; condition: float32 (n, K), what a conditional model is told
    Raises StudioError if the recipe does not reconstruct.
    """
    from aestudio.inference.frozen_model import to_bytes

    require_reconstructions(frozen_model)
    exact = frozen_model.reconstruct_exactly(images, condition)
    reconstructed = to_bytes(exact)
    return Reconstructions(
        indices=np.arange(len(images), dtype=np.int64) if indices is None else indices,
        originals=images,
        reconstructed=reconstructed,
        errors=reconstructed.astype(np.int16) - images.astype(np.int16),
        squared_error=squared_error_per_image(images, exact),
        loss=frozen_model.image_losses(images, condition),
        loss_unit=loss_unit(frozen_model.snapshot.recipe),
    )


def luminance(errors: NDArray[np.int16]) -> NDArray[np.int16]:
    """Signed errors int16 (..., C, H, W) as one map: int16 (..., H, W), rounded to grey levels.

    Of grey images (C = 1) the channel itself; of colour images the errors of red, green and blue weighted
    by `LUMINANCE`. Errors of opposite signs can cancel in it.
    """
    if errors.shape[-3] == 1:
        return errors[..., 0, :, :]
    red, green, blue = np.moveaxis(errors, -3, 0)
    # Not as a product of matrices, whose order of sums, and so the rounding, depends on the size.
    return np.rint(LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue).astype(np.int16)


def require_reconstructions(frozen_model: FrozenModel) -> None:
    """Raises StudioError if the model does not encode images, or decodes nothing."""
    if not frozen_model.model.architecture.encodes:
        raise StudioError(
            f"{NO_ENCODER}, so there is no reconstruction to compare",
            where=frozen_model.snapshot.recipe.name,
            advice="Choose an autoencoder, or draw samples.",
        )
    if not frozen_model.decodes:
        raise StudioError(
            "This recipe decodes nothing, so there is no reconstruction to compare",
            where=frozen_model.snapshot.recipe.name,
            advice="Choose an autoencoder.",
        )


def loss_unit(recipe: Recipe) -> str:
    """The unit of an image's loss: "nats", "squared error", or what the objective says."""
    return recipe.objective.image_loss().unit.removesuffix(" per image")


def image_losses(
    frozen_model: FrozenModel, image_set: ImageSet, progress: Progress = silent
) -> NDArray[np.float64]:
    """The objective's loss of each image, without penalties: float64 (N,).

    For the mean of the code (no sampling) and the image as it is shown (a linear output clipped to [0, 1]).
    Raises StudioError if the recipe does not reconstruct, and what `progress` raises.
    """
    require_reconstructions(frozen_model)
    condition = condition_of_set(frozen_model.snapshot.architecture, image_set)
    losses = np.zeros(len(image_set))
    for chunk in chunks(len(image_set), progress, "Comparing the images"):
        told = None if condition is None else condition[chunk]
        losses[chunk] = frozen_model.image_losses(image_set.images[chunk], told)
    return losses


def worst_first(
    frozen_model: FrozenModel, image_set: ImageSet, progress: Progress = silent
) -> NDArray[np.int64]:
    """The indices of all images, int64 (N,), the largest loss first; equal losses in the set's order."""
    return np.argsort(-image_losses(frozen_model, image_set, progress), kind="stable")
