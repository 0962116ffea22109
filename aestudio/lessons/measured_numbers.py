"""Measures what a lesson asks for: numbers of a model at a step, its codes, and its curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.errors import StudioError
from aestudio.lessons.measures import BY_CLASS, LATENT, OWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.runs.metrics_file import Point
    from aestudio.training.events import Snapshot

FEW_IMAGES = 2_000
"""Of the tested images, for what takes long: codes, data support, errors by class."""
PAIRS = 500
"""Points halfway between two codes, and samples, whose support is measured."""
CODES, SPREAD = "codes", "map_spread"
"""Of a guessed point: the first two numbers of the codes of its images, and the spread of all of them."""


def tested(dataset: Dataset, count: int) -> Dataset:
    """The data set with the test images that a lesson measures: the first ones, all for 0."""
    if not count or count >= len(dataset.test):
        return dataset
    from dataclasses import replace

    return replace(dataset, test=part_of(dataset.test, slice(count)), validation=None)


def measure_snapshot(
    snapshot: Snapshot,
    live: Mapping[str, float],
    dataset: Dataset,
    names: Collection[str],
    digits: Collection[int],
    progress: Progress,
) -> dict[str, Any]:
    """The numbers of these names, and the codes of these test images; plain values for JSON.

    The table of `aestudio evaluate` is measured as a whole, so that a name of it means the same here.
    Names of curves are not measured here. Raises StudioError for what has no meaning for the model.
    """
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.runs.run_metrics import latent_metrics_of, metrics_of_snapshot
    from aestudio.training.threads import temporary_threads

    wanted = {name for name in names if not is_curve(name)}
    found: dict[str, Any] = {}
    if wanted - {*LATENT, *OWN, *BY_CLASS}:
        found |= _flat(metrics_of_snapshot(snapshot, live, dataset, progress))
    if wanted & set(LATENT):
        found |= latent_metrics_of(snapshot, dataset, progress) or {}
    few = part_of(dataset.test, slice(FEW_IMAGES))
    with temporary_threads(1):
        model = FrozenModel(snapshot)
        if wanted & set(BY_CLASS):
            found["class_mse_per_pixel"] = _error_by_class(model, few)
        if wanted & set(OWN):
            found |= _of_codes(model, few, wanted, progress)
        if digits:
            found |= _places(model, dataset.test, few, digits)
    kept = {CODES, SPREAD, *wanted}
    missing = sorted(name for name in wanted if found.get(name) is None)
    if missing:
        raise StudioError(f"{missing[0]} has no meaning for this model", where=snapshot.recipe.title)
    return {name: value for name, value in found.items() if name in kept}


def is_curve(name: str) -> bool:
    """Whether a name is that of a curve of the training."""
    return name.startswith(("training.", "validation."))


def curve_value(points: Sequence[Point], name: str, step: int) -> float | None:
    """The newest value of a curve at a step; None if there is none yet. name: "validation.loss" """
    from aestudio.training.events import MetricPoint

    split, _, term = name.partition(".")
    value: float | None = None
    for point in points:
        if isinstance(point, MetricPoint) and point.step <= step and point.split == split:
            value = point.terms.get(term, value)
    return value


def _flat(table: dict[str, Any]) -> dict[str, Any]:
    """The table with "denoised.psnr" for what stands in a table of its own."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            inner = cast("dict[str, Any]", value)
            flat |= {f"{name}.{part}": entry for part, entry in inner.items()}
        else:
            flat[name] = value
    return flat


def _error_by_class(model: FrozenModel, images: ImageSet) -> dict[str, float]:
    """Mean squared error per pixel of the reconstructions of each class, by its name."""
    from aestudio.analysis.metrics import squared_error_per_image
    from aestudio.analysis.reconstructions import require_reconstructions
    from aestudio.inference.conditions import condition_of_set

    require_reconstructions(model)
    if images.labels is None:
        raise StudioError("These images have no classes", where="class_mse_per_pixel")
    condition = condition_of_set(model.snapshot.architecture, images)
    decoded = model.reconstruct_exactly(images.images, condition)
    errors = squared_error_per_image(images.images, decoded) / images.images[0].size
    labels: NDArray[np.int64] = images.labels
    return {
        name: float(errors[labels == number].mean())
        for number, name in enumerate(images.class_names)
        if (labels == number).any()
    }


def _of_codes(
    model: FrozenModel, images: ImageSet, wanted: Collection[str], progress: Progress
) -> dict[str, float]:
    from aestudio.analysis.data_support.support import data_support_of
    from aestudio.inference.codes import encode_set
    from aestudio.recipes.requirements import require_continuous, require_encoder

    architecture = model.snapshot.architecture
    require_encoder(architecture)
    require_continuous(architecture, "there is nothing between them")
    if architecture.condition_size:
        raise StudioError("Support between codes is not measured of a conditional model")
    codes = encode_set(model, images, progress)
    found = {"code_spread": float(np.sqrt(np.square(codes.mean.astype(np.float64)).mean()))}
    if not {"supported_between", "supported_samples"} & set(wanted):
        return found
    support = data_support_of(model, codes, progress)
    draw = np.random.default_rng(0)
    pairs = draw.integers(0, len(codes), (2, PAIRS))
    halfway = (codes.mean[pairs[0]] + codes.mean[pairs[1]]) / 2
    samples = draw.standard_normal((PAIRS, codes.mean.shape[1])).astype(np.float32)
    for name, places in (("supported_between", halfway), ("supported_samples", samples)):
        if name in wanted:
            verdicts = [support.support_of(model, place).verdict for place in places]
            found[name] = verdicts.count("supported") / len(verdicts)
    return found


def _places(model: FrozenModel, images: ImageSet, few: ImageSet, digits: Collection[int]) -> dict[str, Any]:
    """The first two numbers of the codes of some images, and how far those of all are spread."""
    from aestudio.inference.codes import encode_set
    from aestudio.recipes.requirements import require_continuous, require_encoder

    require_encoder(model.snapshot.architecture)
    require_continuous(model.snapshot.architecture, "they have no place on a map")
    beyond = [digit for digit in digits if digit >= len(images)]
    if beyond:
        raise StudioError(f"There are {len(images):,} test images, and none has the number {beyond[0]:,}")
    every = encode_set(model, few).mean[:, :2].astype(np.float64)
    own = {
        str(digit): encode_set(model, part_of(images, slice(digit, digit + 1))).mean[0, :2].tolist()
        for digit in sorted(digits)
    }
    return {CODES: own, SPREAD: float(np.sqrt(every.var(axis=0).sum()))}
