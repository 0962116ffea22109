"""What the web page of a model shows besides its weights: sliders, map, support, images. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.latent_transform import axes_of_dimensions
from aestudio.export.web.page_model import bytes_text, numbers_text
from aestudio.inference.conditions import condition_of_set, some_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.analysis.attribute_discovery import AxisName
    from aestudio.datasets.dataset import ImageSet
    from aestudio.export.steps.code_form import Prior
    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.types import Condition

MOST_SLIDERS = 16
MOST_IMAGES = 20
POINTS, REFERENCES, NAMING = 1_000, 400, 24
"""Images whose codes are on the map; codes that support is measured by; images that axes are named by."""
_IMAGE_BYTES = 40_000
_ACTIVE = 0.01  # variance of the codes' means (Burda et al. 2016)
_TYPICAL, _UNUSUAL = 0.90, 0.99  # shares of the data's own codes that are nearer to another one
_SPREAD = 3.0  # standard deviations to both sides, of a slider whose range no data tell
_LEAST_BETTER = 0.95  # of the mean image's error; what is no better tells no images apart


@dataclass(frozen=True, eq=False)
class KnownCodes:
    """Codes of test images, and the images.

    improves: whether the model tells images apart
    told: what a conditional model is told of the images, float32 (N, K); None for another one
    """

    codes: Codes
    images: ImageSet
    improves: bool
    told: Condition | None = None


def known_codes(model: FrozenModel, images: ImageSet, count: int = POINTS) -> KnownCodes:
    """Encode the first `count` images."""
    from aestudio.datasets.dataset import take

    some = take((images,), np.arange(min(count, len(images))))
    told = condition_of_set(model.snapshot.architecture, some)
    codes = model.encode(some.images, told)
    improves = True
    if model.decodes:
        few = some.images[:200].astype(np.float32) / 255
        made = model.reconstruct_exactly(some.images[:200], some_of(told, slice(200)))
        error = np.square(made - few).mean()
        improves = bool(error < _LEAST_BETTER * np.square(few - few.mean(0)).mean())
    return KnownCodes(codes, some, improves, told)


def page_content(
    model: FrozenModel, known: KnownCodes | None, prior: Prior, progress: Progress
) -> dict[str, Any]:
    """The values that `page.js` reads. known: None for a model that does not encode images."""
    architecture = model.snapshot.architecture
    latent = architecture.latent
    content: dict[str, Any] = {
        "image": list(architecture.data.image.array),
        "choices": latent.choices,
        "classes": [] if known is None else list(known.images.class_names),
        **_images(known),
        "told": _told(architecture, known),
        **dict.fromkeys(("map", "support", "random"), None),
        "sliders": [],
        "hidden": "",
        "start": [],
        "middle": [],
    }
    if not latent.exists:
        return content
    means = None if known is None else known.codes.mean.astype(np.float64)
    middle = np.zeros(latent.size) if means is None or latent.choices else means.mean(0)
    start = middle if means is None else means[0]
    if means is None:  # far from the middle of many numbers there are more codes than near it
        start = np.random.default_rng(0).standard_normal(latent.size)
    content |= {"start": _rounded(start), "middle": _rounded(middle), "random": _random(prior, means)}
    if latent.choices:
        return content | _categories(latent.kind, latent.size, latent.choices)
    content |= _sliders(model, known, progress)
    content["map"] = _map(known, latent.size)
    content["support"] = _support(known)
    return content


def _rounded(values: Any) -> list[float]:
    return [float(f"{value:.6g}") for value in np.asarray(values).ravel()]


def _images(known: KnownCodes | None) -> dict[str, Any]:
    """A few images to begin with, as bytes."""
    if known is None:
        return {"images": None}
    size = known.images.images[0].size
    return {"images": bytes_text(known.images.images[: max(1, min(MOST_IMAGES, _IMAGE_BYTES // size))])}


def _told(architecture: Architecture, known: KnownCodes | None) -> dict[str, Any] | None:
    """The classes that a model can be told, and those of the images to begin with; None for another model."""
    count = architecture.condition_size
    if not count:
        return None
    names = () if known is None else known.images.class_names
    labels = None if known is None else known.images.labels
    return {
        "names": [names[number] if number < len(names) else f"class {number}" for number in range(count)],
        "images": [] if labels is None else labels[:MOST_IMAGES].tolist(),
    }


def _random(prior: Prior, means: NDArray[np.float64] | None) -> dict[str, Any] | None:
    """How "Random code" draws: from the prior, or from a Gaussian fitted to codes of images."""
    if prior.kind in ("normal", "categories"):
        return {"kind": prior.kind}
    if means is None or prior.kind == "entries":
        return None
    centred = means - means.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred / max(1, len(means) - 1))
    factor = vectors * np.sqrt(values.clip(0))
    used = np.flatnonzero(values > 0)[-32:]  # the widest; the others change next to nothing
    kept = np.zeros_like(factor)
    kept[:, : len(used)] = factor[:, used]
    return {
        "kind": "fitted",
        "mean": _rounded(means.mean(0)),
        "factor": [_rounded(row[: len(used)]) for row in kept],
    }


def _categories(kind: str, size: int, choices: int) -> dict[str, Any]:
    """Sliders with a step for each category; a codebook has too many places for that."""
    if kind == "codebook":
        text = f"The code has {size} places, each one of {choices} entries of the codebook."
        return {"hidden": f"{text} Draw, or take an image: its entries are decoded."}
    rows = [{"number": number, "name": "", "low": 0, "high": choices - 1} for number in range(size)]
    shown = rows[:MOST_SLIDERS]
    return {"sliders": shown, "hidden": _rest(size, len(shown))}


def _rest(size: int, shown: int) -> str:
    return "" if shown == size else f"{size - shown} further numbers of the code stay as they are."


def _sliders(model: FrozenModel, known: KnownCodes | None, progress: Progress) -> dict[str, Any]:
    from aestudio.analysis.attribute_discovery import data_axes

    size = model.snapshot.architecture.latent.size
    numbers = np.arange(min(size, MOST_SLIDERS))
    lows, highs = np.full(size, -_SPREAD), np.full(size, _SPREAD)
    names: dict[int, str] = {}
    if known is not None:
        means = known.codes.mean
        axes = data_axes(axes_of_dimensions(size), known.codes)
        centres = np.array([(axis.low + axis.high) / 2 for axis in axes])
        radii = np.array([(axis.high - axis.low) / 2 for axis in axes]).clip(1e-3)
        lows, highs = centres - 2 * radii, centres + 2 * radii
        lows, highs = np.minimum(lows, means.min(0)), np.maximum(highs, means.max(0))
        if size > MOST_SLIDERS:
            numbers = np.sort(np.argsort(-means.var(0))[:MOST_SLIDERS])
        names = _names(model, known, numbers, progress)
    rows = [
        {
            "number": int(number),
            "name": names.get(int(number), ""),
            "low": float(f"{lows[number]:.5g}"),
            "high": float(f"{highs[number]:.5g}"),
        }
        for number in numbers
    ]
    return {"sliders": rows, "hidden": _rest(size, len(rows))}


def _names(
    model: FrozenModel, known: KnownCodes, numbers: NDArray[np.int64], progress: Progress
) -> dict[int, str]:
    """What each axis changes, as the Latent view names it; nothing for a model that tells nothing apart."""
    from aestudio.analysis.attribute_discovery import data_axes, make_measurer, name_axis, traverse_axis
    from aestudio.analysis.morphology import not_measurable
    from aestudio.analysis.settled_names import SettledNames

    images = known.images.images
    if not known.improves or not_measurable(images):
        return {}
    measurer = make_measurer(images[:200], (), None, progress, rough=True)
    axes = data_axes(axes_of_dimensions(known.codes.mean.shape[1]), known.codes)
    codes, told = known.codes.mean[:NAMING], some_of(known.told, slice(NAMING))

    def decode(moved: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Each code at every position, then the next code."""
        each = None if told is None else np.repeat(told, len(moved) // len(told), axis=0)
        return model.decode(moved, each)

    settled = SettledNames(len(numbers))
    for done, number in enumerate(numbers.tolist()):
        progress(done, len(numbers), "Naming the sliders")
        traversal = traverse_axis(decode, codes, axes[int(number)], measurer, progress)
        settled.measured(done, name_axis(traversal, measurer), model)
    return {
        number: _name_text(name)
        for number, name in zip(numbers.tolist(), settled.names(), strict=True)
        if name is not None
    }


def _name_text(name: AxisName) -> str:
    texts = {"measure": name.measure, "little": "changes little", "nothing": "changes nothing"}
    return texts.get(name.verdict, "")


def _map(known: KnownCodes | None, size: int) -> dict[str, Any] | None:
    """A plane through the codes: the two numbers of the code, or two principal components of longer ones.

    Without codes of images there is no plane that says more than another.
    """
    if size < 2 or known is None:
        return None
    axes, origin = np.eye(size)[:2], np.zeros(size)
    text = "z1 goes to the right, z2 up; dots are test images, by class."
    means = known.codes.mean.astype(np.float64)
    if size > 2:
        origin = means.mean(0)
        _, vectors = np.linalg.eigh(np.cov(means.T))
        axes = vectors[:, ::-1].T[:2]
        text = "The two principal components of the codes of test images; dots are images, by class."
    points = (means - origin) @ axes.T
    spans: list[list[float]] = []
    for column in points.T:
        low, high = float(column.min()), float(column.max())
        room = 0.06 * max(high - low, 1e-6)
        spans.append([low - room, high + room])
    labels = known.images.labels
    return {
        "axes": [_rounded(axis) for axis in axes],
        "origin": _rounded(origin),
        "x": _rounded(spans[0]),
        "y": _rounded(spans[1]),
        "text": text,
        "whole": size == 2,
        "points": numbers_text(points, half=False),
        "labels": None if labels is None else bytes_text(labels.astype(np.uint8)),
    }


def _support(known: KnownCodes | None) -> dict[str, Any] | None:
    """Codes of images in units of their spread, and how far each is from the nearest other one.

    Of draws from the posteriors, over the numbers that say something: in one that has collapsed all means are
    at 0, and every other value would count as far though the decoder sees no difference.
    """
    if known is None or not known.improves or len(known.codes) < 50:
        return None
    codes = known.codes.sampled()[:REFERENCES].astype(np.float64)
    variances = known.codes.mean.var(0)
    active = variances > (_ACTIVE if known.codes.std is not None else 1e-9)
    if not active.any():
        return None
    scales = codes[:, active].std(0).clip(1e-6)
    scaled = codes[:, active] / scales
    squares = np.square(scaled).sum(1)
    distances = squares[:, None] + squares[None, :] - 2 * scaled @ scaled.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.sqrt(distances.min(1).clip(0))
    return {
        "dimensions": np.flatnonzero(active).tolist(),
        "scales": _rounded(scales),
        "codes": numbers_text(scaled, half=False),
        "typical": float(np.quantile(nearest, _TYPICAL)),
        "unusual": float(np.quantile(nearest, _UNUSUAL)),
    }
