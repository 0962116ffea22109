"""The figures of one snapshot on one set of digits: loss terms, and how near the pictures come."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.metrics import (
    PIXELS,
    SSIM_WINDOW_WORDS,
    psnr_of_squared_error,
    squared_error_per_image,
    ssim_per_image,
)
from aestudio.errors import StudioError
from aestudio.inference.chunks import chunks
from aestudio.objectives.denoising.config import Denoising
from aestudio.objectives.variational.config import Variational
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot


@dataclass(frozen=True)
class ReconstructionMetrics:
    """How near the pictures come to the originals; through the mean of the code, nothing rounded.

    mse_per_pixel:           mean squared difference, pixels from 0 to 1
    squared_error_per_image: the same summed over the 784 pixels
    psnr:                    dB, of the mean squared error of the whole set
    psnr_of_images:          dB, mean of the images' own ratios; None where an image comes back exactly
    ssim:                    mean over the images (Wang et al. 2004), 1 for equal pictures; the windows of
                             `metrics.SSIM_WINDOW_WORDS` that lie wholly within the image
    """

    mse_per_pixel: float
    squared_error_per_image: float
    psnr: float | None
    psnr_of_images: float | None
    ssim: float


@dataclass(frozen=True)
class Evaluation:
    """What `aestudio evaluate` tells. None where a figure has no meaning: a classifier has no pictures.

    terms:      mean loss terms by name, per image, with the randomness of `training.evaluation`
    likelihood: how a likelihood among the terms is to be read, or ""
    elbo_draws: samples of the posterior per image that the ELBO is the mean of, None where there is no ELBO
    ssim_window: the window of every SSIM here, None without pictures
    pictures:   from the image as it is
    denoised:   from the image with the recipe's noise, against the clean one; noisy: the noise itself
    """

    run: str
    recipe: str
    step: int
    images: int
    terms: Mapping[str, float]
    likelihood: str = ""
    elbo_draws: int | None = None
    ssim_window: str | None = None
    pictures: ReconstructionMetrics | None = None
    denoised: ReconstructionMetrics | None = None
    noisy: ReconstructionMetrics | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON file: the pictures' figures at the top, the noisy ones by name."""
        rest = asdict(self)
        pictures = rest.pop("pictures") or dict.fromkeys(ReconstructionMetrics.__dataclass_fields__)
        noisy = {name: rest.pop(name) for name in ("denoised", "noisy")}
        return rest | pictures | {name: value for name, value in noisy.items() if value is not None}


def evaluate(
    snapshot: Snapshot,
    digits: ImageSet,
    live: Mapping[str, float] | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Every figure of the snapshot on the digits. live: beta and the like, the recipe's where None.

    Raises StudioError where there are no digits, or no labels for a classifier.
    """
    import torch

    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.batches import ResidentImages
    from aestudio.training.evaluation import mean_terms
    from aestudio.training.spec import live_values

    if not len(digits):
        raise StudioError("There is no image to evaluate on", advice="Choose a dataset with test images.")
    progress(0, None, "Measuring the loss")
    frozen_model = FrozenModel(snapshot)
    values = live_values(snapshot.recipe) | dict(live or {})
    terms = mean_terms(frozen_model.model, ResidentImages.of(digits, torch.device("cpu")), values)
    pictures = denoised = noisy = None
    if frozen_model.decodes:
        pictures = _nearness(_pairs(frozen_model, digits, progress))
    if isinstance(snapshot.recipe.objective, Denoising):
        spoiled = _spoiled(snapshot.recipe.objective, digits, values["noise_strength"])
        denoised = _nearness(_pairs(frozen_model, digits, progress, spoiled))
        noisy = _nearness((digits.images[part], spoiled[part]) for part in chunks(len(digits), silent, ""))
    return Evaluation(
        run=snapshot.run,
        recipe=snapshot.recipe.name,
        step=snapshot.step,
        images=len(digits),
        terms=terms,
        likelihood=_how_to_read(snapshot),
        elbo_draws=_elbo_draws(snapshot),
        ssim_window=None if pictures is None else SSIM_WINDOW_WORDS,
        pictures=pictures,
        denoised=denoised,
        noisy=noisy,
    )


def _pairs(
    frozen_model: FrozenModel, digits: ImageSet, progress: Progress, seen: NDArray[np.float32] | None = None
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    """Originals and their pictures, part by part; seen: what the model is given instead of the originals."""
    given = digits.images if seen is None else seen
    for part in chunks(len(digits), progress, "Comparing the pictures"):
        yield digits.images[part], frozen_model.reconstruct_exactly(given[part])


def _nearness(pairs: Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]) -> ReconstructionMetrics:
    errors, similarities = [], []
    for originals, pictures in pairs:
        errors.append(squared_error_per_image(originals, pictures))
        similarities.append(ssim_per_image(originals, pictures))
    error = np.concatenate(errors)
    mean = float(error.mean())
    return ReconstructionMetrics(
        mse_per_pixel=mean / PIXELS,
        squared_error_per_image=mean,
        psnr=_finite(psnr_of_squared_error(np.array([mean]))),
        psnr_of_images=_finite(psnr_of_squared_error(error)),
        ssim=float(np.concatenate(similarities).mean()),
    )


def _finite(ratios: NDArray[np.float64]) -> float | None:
    mean = float(ratios.mean())
    return mean if math.isfinite(mean) else None


def _spoiled(objective: Denoising, digits: ImageSet, strength: float) -> NDArray[np.float32]:
    """The digits with noise, float32 (N, 1, 28, 28) in [0, 1], the same every time."""
    import torch

    from aestudio.objectives.corruption import corrupt
    from aestudio.training.batches import to_unit
    from aestudio.training.evaluation import EVALUATION_SEED

    noise = torch.Generator().manual_seed(EVALUATION_SEED)
    parts = [
        corrupt(to_unit(torch.tensor(digits.images[part])), objective.noise, strength, noise).numpy()
        for part in chunks(len(digits), silent, "")
    ]
    return np.concatenate(parts)


def _elbo_draws(snapshot: Snapshot) -> int | None:
    from aestudio.training.evaluation import POSTERIOR_DRAWS

    return POSTERIOR_DRAWS if isinstance(snapshot.recipe.objective, Variational) else None


def _how_to_read(snapshot: Snapshot) -> str:
    """Which likelihood this is: grey or binarised pixels, bound or estimate are not comparable."""
    objective = snapshot.recipe.objective
    if isinstance(objective, Variational):
        return "grey pixels, evidence lower bound from one posterior sample per image, nats per image"
    return ""
