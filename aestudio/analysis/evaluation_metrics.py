"""Metrics of one snapshot on one set of images: loss terms, and the quality of the reconstructions."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.axis_statistics import active_dimensions
from aestudio.analysis.metrics import (
    psnr_of_squared_error,
    squared_error_per_image,
    ssim_per_image,
    ssim_window_text,
)
from aestudio.errors import StudioError
from aestudio.inference.chunks import CHUNK, chunks
from aestudio.inference.conditions import condition_of_set, require_known_classes, some_of
from aestudio.inference.taken_images import require_shape
from aestudio.progress import silent
from aestudio.recipes.requirements import has_standard_normal_prior, no_continuous_codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class ReconstructionMetrics:
    """Quality of reconstructions from the mean of the code, not rounded to grey levels.

    mse_per_pixel:           mean squared difference over all C * H * W numbers, from 0 to 1
    squared_error_per_image: the same summed over the numbers of an image
    psnr:                    dB, of the mean squared error of the whole set
    psnr_of_images:          dB, mean of the ratios of the images; None if an image is reconstructed exactly
    ssim:                    mean over the images (Wang et al. 2004), of their channels' mean, 1 for equal
                             images; windows as in `metrics.ssim_window_text`, completely within the image
    """

    mse_per_pixel: float
    squared_error_per_image: float
    psnr: float | None
    psnr_of_images: float | None
    ssim: float


@dataclass(frozen=True)
class Evaluation:
    """The result of `aestudio evaluate`. None for a metric without a meaning: a classifier has no images.

    terms:      mean loss terms per image by name, with the random numbers of `training.evaluation`
    likelihood: the kind of likelihood among the terms, or ""
    elbo_draws: posterior samples per image over which the ELBO is averaged; None without an ELBO
    ssim_window: the window of every SSIM here; None without reconstructions
    active_dimensions: how many of the `latent_dimensions` are used: the variance of their mean code over the
                images is above `axis_statistics.ACTIVE` (Burda et al. 2016); None for discrete codes
    reconstruction: of the original image
    denoised:   of the image with the recipe's noise, compared with the original
    noisy:      the noisy image itself, compared with the original
    """

    run: str
    recipe: str
    step: int
    images: int
    terms: Mapping[str, float]
    likelihood: str = ""
    elbo_draws: int | None = None
    ssim_window: str | None = None
    active_dimensions: int | None = None
    latent_dimensions: int | None = None
    reconstruction: ReconstructionMetrics | None = None
    denoised: ReconstructionMetrics | None = None
    noisy: ReconstructionMetrics | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file: metrics of the reconstruction at the top, the noisy ones by name."""
        rest = asdict(self)
        reconstruction = rest.pop("reconstruction") or dict.fromkeys(
            ReconstructionMetrics.__dataclass_fields__
        )
        noisy = {name: rest.pop(name) for name in ("denoised", "noisy")}
        return rest | reconstruction | {name: value for name, value in noisy.items() if value is not None}


def evaluate(
    snapshot: Snapshot,
    image_set: ImageSet,
    live: Mapping[str, float] | None = None,
    progress: Progress = silent,
    frozen_model: FrozenModel | None = None,
    *,
    noisy: bool = True,
) -> Evaluation:
    """All metrics of the snapshot on the images.

    live: beta and other live values; None: the recipe's
    frozen_model: a model with the weights of the snapshot, if there is one
    noisy: whether images with the recipe's noise are measured, too, if it has any

    Raises StudioError without images, for images of another shape than the model's, without labels or with
    further classes for a classifier, and what `progress` raises.
    """
    import torch

    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.batches import ResidentImages
    from aestudio.training.evaluation import mean_terms
    from aestudio.training.spec import live_values

    if not len(image_set):
        raise StudioError("There is no image to evaluate on", advice="Choose a data set with test images.")
    require_shape(snapshot, image_set.images)
    progress(0, None, "Measuring the loss")
    frozen_model = frozen_model or FrozenModel(snapshot)
    condition_of_set(snapshot.architecture, image_set)  # a sentence about missing labels, before it begins
    if snapshot.recipe.objective.needs_labels and image_set.labels is not None:
        require_known_classes(snapshot.architecture, image_set.labels)
    values = live_values(snapshot.recipe) | dict(live or {})
    with frozen_model.model.own_errors():
        terms = mean_terms(frozen_model.model, ResidentImages.of(image_set, torch.device("cpu")), values)
    reconstruction = denoised = of_noisy = None
    active = active_count(frozen_model, image_set, progress)
    if frozen_model.reconstructs:
        reconstruction = _metrics_of(_pairs(frozen_model, image_set, progress))
    if noisy and frozen_model.reconstructs and snapshot.recipe.objective.corrupts:
        corrupted = _corrupted(frozen_model, image_set, values)
        denoised = _metrics_of(_pairs(frozen_model, image_set, progress, corrupted))
        of_noisy = _metrics_of(
            (image_set.images[chunk], corrupted[chunk]) for chunk in chunks(len(image_set), silent, "")
        )
    return Evaluation(
        run=snapshot.run,
        recipe=snapshot.recipe.name,
        step=snapshot.step,
        images=len(image_set),
        terms=terms,
        likelihood=snapshot.recipe.objective.likelihood_text,
        elbo_draws=_elbo_draws(snapshot),
        ssim_window=None if reconstruction is None else ssim_window_text(*image_set.images.shape[2:]),
        active_dimensions=active,
        latent_dimensions=None if active is None else snapshot.architecture.latent.size,
        reconstruction=reconstruction,
        denoised=denoised,
        noisy=of_noisy,
    )


def active_count(frozen_model: FrozenModel, image_set: ImageSet, progress: Progress = silent) -> int | None:
    """How many dimensions of the code are active; None for codes that are not continuous, or of one image."""
    from aestudio.inference.codes import encode_set

    architecture = frozen_model.snapshot.architecture
    if no_continuous_codes(architecture) or len(image_set) < 2:
        return None
    means = encode_set(frozen_model, image_set, progress).mean.astype(np.float64)
    normal_prior = has_standard_normal_prior(architecture.latent)
    return int(active_dimensions(means.var(axis=0, ddof=1), normal_prior).sum())


def _pairs(
    frozen_model: FrozenModel,
    image_set: ImageSet,
    progress: Progress,
    inputs: NDArray[np.float32] | None = None,
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    """Chunks of originals and reconstructions; inputs: what is encoded instead of the originals."""
    encoded = image_set.images if inputs is None else inputs
    condition = condition_of_set(frozen_model.snapshot.architecture, image_set)
    for chunk in chunks(len(image_set), progress, "Comparing the images"):
        yield (
            image_set.images[chunk],
            frozen_model.reconstruct_exactly(encoded[chunk], some_of(condition, chunk)),
        )


def _metrics_of(pairs: Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]) -> ReconstructionMetrics:
    errors: list[NDArray[np.float64]] = []
    similarities: list[NDArray[np.float64]] = []
    size = 0
    for originals, images in pairs:
        size = math.prod(originals.shape[1:])
        errors.append(squared_error_per_image(originals, images))
        similarities.append(ssim_per_image(originals, images))
    error = np.concatenate(errors)
    mean = float(error.mean())
    return ReconstructionMetrics(
        mse_per_pixel=mean / size,
        squared_error_per_image=mean,
        psnr=_finite(psnr_of_squared_error(np.array([mean]), size)),
        psnr_of_images=_finite(psnr_of_squared_error(error, size)),
        ssim=float(np.concatenate(similarities).mean()),
    )


def _finite(psnr: NDArray[np.float64]) -> float | None:
    mean = float(psnr.mean())
    return mean if math.isfinite(mean) else None


def _corrupted(
    frozen_model: FrozenModel, image_set: ImageSet, live: Mapping[str, float]
) -> NDArray[np.float32]:
    """The images as the encoder gets them in training, float32 (N, C, H, W) in [0, 1], with a fixed seed."""
    import torch

    from aestudio.objectives.objective_module import Batch
    from aestudio.training.batches import ResidentImages
    from aestudio.training.evaluation import EVALUATION_SEED
    from aestudio.training.global_draws import same_global_draws

    model, device = frozen_model.model, torch.device("cpu")
    noise = torch.Generator(device).manual_seed(EVALUATION_SEED)
    corrupted: list[NDArray[np.float32]] = []
    with model.own_errors(), same_global_draws(model.recipe, device, EVALUATION_SEED):
        for examples in ResidentImages.of(image_set, device).in_order(CHUNK):
            condition = model.condition_of(examples)
            batch = Batch(examples.images, examples.labels, noise, live, condition)
            corrupted.append(model.objective.corrupted(batch).numpy())
    return np.concatenate(corrupted)


def _elbo_draws(snapshot: Snapshot) -> int | None:
    from aestudio.training.evaluation import POSTERIOR_DRAWS

    return POSTERIOR_DRAWS if snapshot.recipe.objective.draws_codes else None
