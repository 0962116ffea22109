"""Metrics of several kept runs with their intervals, each measured on the run's own test images."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.analysis.evaluation_metrics import active_count
from aestudio.errors import StudioError, ignore_problem
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.errors import OnProblem
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun

CONFIDENCE = 0.95
_DEVIATIONS = 1.959963984540054  # of a normal distribution, on both sides of the mean, for 95 %


@dataclass(frozen=True)
class Estimate:
    """The mean over test images, and the interval of 95 % for it if other images had been drawn.

    It says nothing about another seed of the training. low, high: None for a single image, and for a count
    of: what a count is out of: 3 active dimensions of 10
    """

    mean: float
    low: float | None
    high: float | None
    images: int
    of: int | None = None

    @property
    def text(self) -> str:
        """For people: "102.3 ± 0.5", with as many digits as the interval gives a meaning to; "3 of 10"."""
        if self.of is not None:
            return f"{self.mean:.0f} of {self.of}"
        if self.low is None or self.high is None:
            return f"{self.mean:.4g}"
        half = (self.high - self.low) / 2
        if not half:
            return f"{self.mean:.4g} ± 0"
        decimals = max(0, 1 - math.floor(math.log10(half)))
        return f"{self.mean:.{decimals}f} ± {half:.{decimals}f}"


@dataclass(frozen=True, eq=False)
class MeasuredRun:
    """A run's values of each test image, float64 (N,), by name; images: digest of the images and labels.

    unit:   of the image loss
    active: how many dimensions of the code are active, and of how many; None for codes without any
    """

    values: Mapping[str, NDArray[np.float64]]
    unit: str
    images: str
    count: int = 0
    active: tuple[int, int] | None = None


@dataclass(frozen=True)
class ComparedMetric:
    """One metric of all runs; None for a run that has none.

    estimates:   the mean of each run with its interval
    differences: of each run from the first, image by image, so that their intervals are narrower; None for
                 the first, and for runs that were measured on other images
    """

    name: str
    title: str
    unit: str
    estimates: tuple[Estimate | None, ...]
    differences: tuple[Estimate | None, ...]


ACTIVE = "active_dimensions"
_TITLES = {
    "mse": "MSE per pixel",
    "psnr": "PSNR",
    "ssim": "SSIM",
    "elbo": "ELBO",
    "image_loss": "Loss of an image",
}
_UNITS = {"mse": "", "psnr": "dB", "ssim": "", "elbo": "nats per image"}


def measure(
    run: KeptRun,
    dataset: Dataset | None = None,
    progress: Progress = silent,
    on_problem: OnProblem = ignore_problem,
) -> MeasuredRun:
    """Measure the newest weights on every test image; slow, and needs torch.

    The means are those of `aestudio evaluate`; a run that reconstructs nothing has no values. Every call
    gives the same ones.

    dataset:    None for the one that the run was trained on
    on_problem: receives warnings, as in `KeptRun.snapshot`
    Raises StudioError if the data set is missing, has changed or does not fit, and what `progress` raises.
    """
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.threads import temporary_threads

    data = run.dataset(progress=progress) if dataset is None else dataset
    if not len(data.test):
        raise StudioError("There is no image to measure on", where=data.title, advice="Choose another set.")
    test = data.facts.test
    with temporary_threads(1):
        model = FrozenModel(run.snapshot(on_problem))
        return measure_model(model, data.test, f"{test.count} {test.images} {test.labels}", progress)


def measure_model(
    model: FrozenModel, image_set: ImageSet, images: str, progress: Progress = silent
) -> MeasuredRun:
    """Measure one model on every image of the set. images: what tells these images from others"""
    objective = model.snapshot.recipe.objective
    values = _values(model, image_set, progress) if model.reconstructs else {}
    count = active_count(model, image_set, progress)
    active = None if count is None else (count, model.snapshot.architecture.latent.size)
    return MeasuredRun(values, objective.image_loss().unit, images, len(image_set), active)


def _values(model: FrozenModel, image_set: ImageSet, progress: Progress) -> dict[str, NDArray[np.float64]]:
    from aestudio.analysis.metrics import squared_error_per_image, ssim_per_image
    from aestudio.inference.chunks import chunks
    from aestudio.inference.conditions import condition_of_set, some_of
    from aestudio.inference.taken_images import require_shape

    images = image_set.images
    require_shape(model.snapshot, images)
    condition = condition_of_set(model.snapshot.architecture, image_set)
    losses: list[NDArray[np.float64]] = []
    errors: list[NDArray[np.float64]] = []
    similarities: list[NDArray[np.float64]] = []
    for chunk in chunks(len(images), progress, "Comparing the images"):
        told = some_of(condition, chunk)
        shown = model.reconstruct_exactly(images[chunk], told)
        losses.append(model.image_losses(images[chunk], told))
        errors.append(squared_error_per_image(images[chunk], shown))
        similarities.append(ssim_per_image(images[chunk], shown))
    mse = np.concatenate(errors) / math.prod(images.shape[1:])
    bounds = _negative_elbos(model, image_set)
    return {
        "mse": mse,
        "psnr": linear_psnr(mse),
        "ssim": np.concatenate(similarities),
        **({} if bounds is None else {"elbo": -bounds}),
        "image_loss": np.concatenate(losses),
    }


def _negative_elbos(model: FrozenModel, image_set: ImageSet) -> NDArray[np.float64] | None:
    import torch

    from aestudio.training.batches import ResidentImages
    from aestudio.training.evaluation import negative_elbos

    return negative_elbos(model.model, ResidentImages.of(image_set, torch.device("cpu")))


def linear_psnr(mse: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values (N,) whose mean is the PSNR of the whole set in dB, and whose spread gives its interval.

    PSNR is -10 log10 of the mean of the errors (N,), so an image's share in it is that of the tangent at the
    mean (the delta method). The mean of the images' own ratios is another number. inf where the mean is 0.
    """
    mean = float(mse.mean())
    if not mean:
        return np.full(len(mse), math.inf)
    return -10 * math.log10(mean) - 10 / math.log(10) * (mse - mean) / mean


def compared_metrics(measured: Sequence[MeasuredRun]) -> tuple[ComparedMetric, ...]:
    """The table of metrics with intervals. Losses of different units are different metrics."""
    rows: list[ComparedMetric] = []
    for name, title in _TITLES.items():
        units = [one.unit if name == "image_loss" else _UNITS[name] for one in measured]
        for unit in dict.fromkeys(units):
            values = [
                one.values.get(name) if own == unit else None
                for one, own in zip(measured, units, strict=True)
            ]
            if any(value is not None for value in values):
                rows.append(_row(name, title, unit, values, [one.images for one in measured]))
    return (*rows, *_active_row(measured))


def _active_row(measured: Sequence[MeasuredRun]) -> tuple[ComparedMetric, ...]:
    """How many dimensions each run uses; a count has no interval."""
    counts = tuple(
        None if one.active is None else Estimate(one.active[0], None, None, one.count, one.active[1])
        for one in measured
    )
    if not any(counts):
        return ()
    return (ComparedMetric(ACTIVE, "Active dimensions", "", counts, (None,) * len(counts)),)


def estimate(values: NDArray[np.float64]) -> Estimate | None:
    """Mean and interval of these values (N,); None without any, or if one is infinite (a perfect image)."""
    count = len(values)
    if not count or not np.isfinite(values).all():
        return None
    mean = float(values.mean())
    if count == 1:
        return Estimate(mean, None, None, 1)
    half = _DEVIATIONS * float(values.std(ddof=1)) / math.sqrt(count)
    return Estimate(mean, mean - half, mean + half, count)


def _row(
    name: str, title: str, unit: str, values: Sequence[NDArray[np.float64] | None], images: Sequence[str]
) -> ComparedMetric:
    first = values[0]
    differences = [None] + [
        estimate(own - first) if own is not None and first is not None and same == images[0] else None
        for own, same in zip(values[1:], images[1:], strict=True)
    ]
    estimates = tuple(None if own is None else estimate(own) for own in values)
    return ComparedMetric(name, title, unit, estimates, tuple(differences))
