"""Bits against error of really written files: a model, principal components, and the usual picture formats.

Each has two sizes. Alone: every image is a file of its own, header and tables included. Shared: what an image
adds when many share the header; for a model all of one file divided by its images, for a picture format the
file less that of a black image, for principal components the coded numbers alone (alone: and a header). The
last two favour them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aestudio.analysis.metrics import psnr_of_squared_error, squared_error_per_image, ssim_per_image
from aestudio.codec import integer_tables
from aestudio.codec.container import DIGEST, Container
from aestudio.codec.rounded_codes import Fineness, compress_codes, decompress_codes
from aestudio.codec.rounding import nearest_indices, to_cells, to_codes
from aestudio.codec.stack import Stack, to_bytes
from aestudio.datasets.image_layout import pixel_rows
from aestudio.datasets.image_shape import ImageShape
from aestudio.errors import StudioError
from aestudio.inference.conditions import some_of
from aestudio.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.types import Condition

QUALITIES = (20, 35, 50, 65, 80)
LEARNED_QUALITIES = (
    1,
    20.8,
    40.6,
    60.4,
    80.2,
    100,
)  # of a model that rounds its codes itself: all that it can do
COMPONENT_WIDTHS = (2.4, 1.6, 1.1, 0.75, 0.5, 0.3)  # of the cells of principal components, pixels from 0 to 1
COMPONENTS = 400
KEPT = 64  # decoded images that are kept to be shown
ALONE = 20  # images that are files of their own, of a model: each takes a search for the smallest tables
FORMATS: Mapping[str, tuple[str, Sequence[Mapping[str, object]]]] = {
    "JPEG": ("jpeg", [{"quality": quality, "optimize": True} for quality in (5, 20, 40, 60, 80)]),
    "WebP": ("webp", [{"quality": quality, "method": 6} for quality in (0, 20, 40, 60, 80)]),
    "AVIF": ("avif", [{"quality": quality, "speed": 4} for quality in (0, 20, 40, 60, 80)]),
    "JPEG XL": ("jxl", [{"quality": quality} for quality in (10, 20, 40, 60, 80)]),
    "PNG": ("png", [{"optimize": True}]),
}


class Recogniser(NamedTuple):
    """A classifier and the classes that it should find.

    classify: images uint8 (N, C, H, W) -> a number for each class, (N, C), the largest counts
    labels:   int64 (N,), of the images that are compressed
    """

    classify: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
    labels: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MeasuredRate:
    """One setting of a codec over a set of images, all of it the mean over the images.

    setting: what was set, for people; alone, shared: bits per image, as the module says
    mse:     per number of an image, 0 to 1; psnr: dB of that, infinite without any error; ssim: 0 to 1
    quality: of a model's setting, as `Fineness` takes it; None for others
    accuracy: the share of decoded images that a classifier names right; None without a classifier
    pictures: the first of the images as they were decoded, uint8 (M, C, H, W), `KEPT` at most
    """

    codec: str
    setting: str
    alone: float
    shared: float
    mse: float
    psnr: float
    ssim: float
    accuracy: float | None
    quality: float | None
    pictures: NDArray[np.uint8]

    @property
    def example(self) -> NDArray[np.uint8]:
        """The first of the images as it was decoded, uint8 (C, H, W)."""
        return self.pictures[0]


def measured_rates(
    frozen_model: FrozenModel,
    reference: Codes,
    training_images: NDArray[np.uint8],
    images: NDArray[np.uint8],
    condition: Condition | None = None,
    recogniser: Recogniser | None = None,
    progress: Progress = silent,
) -> tuple[MeasuredRate, ...]:
    """Every setting of every codec over images uint8 (N, C, H, W); a format that is not there is left out.

    reference: codes of training images, as `compress_codes` takes them
    training_images: uint8 (M, C, H, W), from which the principal components are learned
    condition: float32 (N, K), what a conditional model is told
    Raises StudioError if the model cannot be a codec or there is no image, and what `progress` raises.
    """
    own = rates_of_model(frozen_model, reference, images, condition, recogniser, progress)
    return own + rates_of_others(training_images, images, recogniser, progress)


def rates_of_model(
    frozen_model: FrozenModel,
    reference: Codes,
    images: NDArray[np.uint8],
    condition: Condition | None = None,
    recogniser: Recogniser | None = None,
    progress: Progress = silent,
) -> tuple[MeasuredRate, ...]:
    """The settings of the model alone over images uint8 (N, C, H, W).

    Arguments and errors as `measured_rates` has them.
    """
    require_images(images)
    latent = frozen_model.snapshot.architecture.latent
    qualities = LEARNED_QUALITIES if latent.rounds_itself else QUALITIES
    bench, rates = _Bench(images, recogniser), list[MeasuredRate]()
    for quality in qualities[:1] if latent.choices else qualities:
        progress(len(rates), len(qualities), "Compressing by the model")
        rates.append(_of_model(frozen_model, reference, bench, quality, condition))
    return tuple(rates)


def rates_of_others(
    training_images: NDArray[np.uint8],
    images: NDArray[np.uint8],
    recogniser: Recogniser | None = None,
    progress: Progress = silent,
) -> tuple[MeasuredRate, ...]:
    """Principal components and picture formats over images uint8 (N, C, H, W).

    Arguments and errors as `measured_rates` has them.
    """
    require_images(images)
    require_images(training_images)
    bench, rates = _Bench(images, recogniser), list[MeasuredRate]()
    steps = 1 + len(FORMATS)
    progress(0, steps, "Learning principal components")
    components = _Components(training_images)
    rates.extend(components.rate(bench, width) for width in COMPONENT_WIDTHS)
    for done, (title, (name, settings)) in enumerate(FORMATS.items(), 1):
        progress(done, steps, f"Writing as {title}")
        rates.extend(rate for one in settings if (rate := _of_format(title, name, one, bench)) is not None)
    progress(steps, steps, "")
    return tuple(rates)


def require_images(images: NDArray[np.uint8]) -> None:
    """Raises StudioError if images uint8 (N, C, H, W) are none."""
    if not len(images):
        raise StudioError("There is no image to compress", advice="Choose another data set.")


def best_within(rates: Sequence[MeasuredRate], bits: float, alone: bool = False) -> tuple[MeasuredRate, ...]:
    """Of each codec the setting with the least error among those of at most these bits: equal bytes.

    alone: whether each image is a file of its own; a codec without such a setting is left out
    """
    best: dict[str, MeasuredRate] = {}
    for rate in rates:
        known = best.get(rate.codec)
        if (rate.alone if alone else rate.shared) <= bits and (known is None or rate.mse < known.mse):
            best[rate.codec] = rate
    return tuple(best.values())


class _Bench:
    """The images that every codec keeps, and how what it makes of them is measured."""

    def __init__(self, images: NDArray[np.uint8], recogniser: Recogniser | None) -> None:
        self.images = images
        self._recogniser = recogniser

    def measured(
        self,
        codec: str,
        setting: str,
        bits: tuple[float, float],
        decoded: NDArray[np.uint8],
        quality: float | None = None,
    ) -> MeasuredRate:
        """A setting of a codec with its bits, alone and shared, and decoded images (N, C, H, W)."""
        size = self.images[0].size
        mse = float(squared_error_per_image(self.images, decoded).mean()) / size
        psnr = float(psnr_of_squared_error(np.array([mse * size]), size)[0])
        ssim = float(ssim_per_image(self.images, decoded).mean())
        accuracy, kept = self._accuracy(decoded), decoded[:KEPT]
        return MeasuredRate(codec, setting, *bits, mse, psnr, ssim, accuracy, quality, kept)

    def _accuracy(self, decoded: NDArray[np.uint8]) -> float | None:
        if self._recogniser is None:
            return None
        classify, labels = self._recogniser
        return float((classify(decoded).argmax(axis=1) == labels).mean())


def _of_model(
    frozen_model: FrozenModel,
    reference: Codes,
    bench: _Bench,
    quality: float,
    condition: Condition | None,
) -> MeasuredRate:
    images = bench.images
    fineness = Fineness(quality=quality)
    file = compress_codes(frozen_model, images, reference, fineness, condition)
    decoded = decompress_codes(frozen_model, file).pictures
    alone = [
        compress_codes(frozen_model, images[one], reference, fineness, some_of(condition, one)).sizes.total
        for one in (slice(index, index + 1) for index in range(min(ALONE, len(images))))
    ]
    bits = 8 * float(np.mean(alone)), 8 * file.sizes.total / len(images)
    discrete = frozen_model.snapshot.architecture.latent.choices > 0
    setting = "entries" if discrete else f"quality {quality:g}"
    kept = None if discrete else quality
    return bench.measured(frozen_model.snapshot.recipe.title, setting, bits, decoded, kept)


class _Components:
    """Principal components, coded in cells of one width under the frequencies of the training images."""

    def __init__(self, images: NDArray[np.uint8]) -> None:
        rows = images.reshape(len(images), -1) / 255
        self._mean = rows.mean(axis=0)
        _, _, axes = np.linalg.svd(rows - self._mean, full_matrices=False)
        self._axes = axes[:COMPONENTS]
        self._codes = self._of(images)

    def _of(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = images.reshape(len(images), -1) / 255
        return ((rows - self._mean) @ self._axes.T).astype(np.float32)

    def rate(self, bench: _Bench, width: float) -> MeasuredRate:
        """One width of the cells, over the images."""
        images = bench.images
        indices = nearest_indices(np.full(len(self._axes), width))
        known, cells = to_cells(self._codes, indices), to_cells(self._of(images), indices)
        stack = Stack()
        for column, learned in zip(cells.T, known.T, strict=True):
            low, high = min(column.min(), learned.min()), max(column.max(), learned.max())
            # Half an image more for each cell (Krichevsky & Trofimov 1981).
            counts = 2 * np.bincount(learned - low, minlength=high - low + 1) + 1
            stack.push_alike(column - low, integer_tables.of_counts(counts[None])[0])
        rows = to_codes(cells, indices) @ self._axes + self._mean
        decoded = np.rint(np.clip(rows, 0, 1) * 255).astype(np.uint8).reshape(images.shape)
        shape = ImageShape(*images.shape[1:])
        shared = 8 * len(to_bytes(stack.words())) / len(images)
        header = 8 * Container("codes", bytes(DIGEST), shape, 1, b"", b"", 0).sizes.header
        return bench.measured("PCA", f"cells of {width:g}", (shared + header, shared), decoded)


def _of_format(title: str, name: str, options: Mapping[str, object], bench: _Bench) -> MeasuredRate | None:
    images = bench.images
    blank = _file(np.zeros_like(images[0]), name, options)
    if blank is None:
        return None
    files = [_file(image, name, options) or b"" for image in images]
    decoded = np.stack([_picture(file, images.shape[1]) for file in files])
    alone = 8 * float(np.mean([len(file) for file in files]))
    setting = f"quality {options['quality']}" if "quality" in options else "exact"
    return bench.measured(title, setting, (alone, alone - 8 * len(blank)), decoded)


def _file(image: NDArray[np.uint8], name: str, options: Mapping[str, object]) -> bytes | None:
    """One image (C, H, W) as a file; None if this Pillow cannot write the format."""
    from PIL import Image

    buffer = io.BytesIO()
    try:
        Image.fromarray(pixel_rows(image)).save(buffer, name, **dict(options))
    except (KeyError, OSError):
        return None
    return buffer.getvalue()


def _picture(file: bytes, channels: int) -> NDArray[np.uint8]:
    """The image (C, H, W) in a file."""
    from PIL import Image

    with Image.open(io.BytesIO(file)) as image:
        if channels == 1:
            return np.asarray(image.convert("L"))[None]
        return np.moveaxis(np.asarray(image.convert("RGB")), 2, 0)
