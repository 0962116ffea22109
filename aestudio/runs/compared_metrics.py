"""Metrics of several kept runs with their intervals, each measured on the run's own test images."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.errors import StudioError, ignore_problem
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.errors import OnProblem
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.runs.kept_run import KeptRun

CONFIDENCE = 0.95
_DEVIATIONS = 1.959963984540054  # of a normal distribution, on both sides of the mean, for 95 %


@dataclass(frozen=True)
class Estimate:
    """The mean over test images, and the interval of 95 % for it if other images had been drawn.

    It says nothing about another seed of the training. low, high: None for a single image
    """

    mean: float
    low: float | None
    high: float | None
    images: int

    @property
    def text(self) -> str:
        """For people: "102.3 ± 0.5", with as many digits as the interval gives a meaning to."""
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

    unit: of the image loss
    """

    values: Mapping[str, NDArray[np.float64]]
    unit: str
    images: str


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


_TITLES = {
    "image_loss": "Loss of an image",
    "squared_error": "Squared error",
    "psnr": "PSNR",
    "ssim": "SSIM",
}
_UNITS = {"squared_error": "grey level², 0 to 1, per image", "psnr": "dB", "ssim": ""}


def measure(
    run: KeptRun,
    dataset: Dataset | None = None,
    progress: Progress = silent,
    on_problem: OnProblem = ignore_problem,
) -> MeasuredRun:
    """Measure the newest weights on every test image, one after another; slow, and needs torch.

    From the mean of the code, as in `aestudio evaluate`; {} for a run that reconstructs nothing. Every call
    gives the same values.

    dataset:    None for the one that the run was trained on
    on_problem: receives warnings, as in `KeptRun.snapshot`
    Raises StudioError if the data set is missing, has changed or does not fit, and what `progress` raises.
    """
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.threads import temporary_threads

    data = run.dataset(progress=progress) if dataset is None else dataset
    if not len(data.test):
        raise StudioError("There is no image to measure on", where=data.title, advice="Choose another set.")
    unit = run.recipe.objective.image_loss().unit
    with temporary_threads(1):
        model = FrozenModel(run.snapshot(on_problem))
        values = _values(model, data, progress) if model.reconstructs else {}
    test = data.facts.test
    return MeasuredRun(values, unit, f"{test.count} {test.images} {test.labels}")


def _values(model: FrozenModel, data: Dataset, progress: Progress) -> dict[str, NDArray[np.float64]]:
    from aestudio.analysis.metrics import psnr_of_squared_error, squared_error_per_image, ssim_per_image
    from aestudio.inference.chunks import chunks
    from aestudio.inference.conditions import condition_of_set, some_of
    from aestudio.inference.taken_images import require_shape

    images = data.test.images
    require_shape(model.snapshot, images)
    condition = condition_of_set(model.snapshot.architecture, data.test)
    losses: list[NDArray[np.float64]] = []
    errors: list[NDArray[np.float64]] = []
    similarities: list[NDArray[np.float64]] = []
    for chunk in chunks(len(images), progress, "Comparing the images"):
        told = some_of(condition, chunk)
        shown = model.reconstruct_exactly(images[chunk], told)
        losses.append(model.image_losses(images[chunk], told))
        errors.append(squared_error_per_image(images[chunk], shown))
        similarities.append(ssim_per_image(images[chunk], shown))
    error = np.concatenate(errors)
    return {
        "image_loss": np.concatenate(losses),
        "squared_error": error,
        "psnr": psnr_of_squared_error(error, math.prod(images.shape[1:])),
        "ssim": np.concatenate(similarities),
    }


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
    return tuple(rows)


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
