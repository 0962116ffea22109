"""A data set: images in memory, their labels, and what is known about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.fingerprint import DataFacts, Fingerprint, fingerprint
from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.datasets.plain_image import plainest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.provenance import Provenance
    from aestudio.datasets.reading import Reading

IMAGE_AXES = 4
DIGIT_NAMES = tuple(str(digit) for digit in range(10))


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images of one split, immutable.

    images:       uint8 (N, C, H, W), grey 0 = background, 255 = ink
    labels:       int64 (N,), indices into class_names, or None if there are none
    class_names:  one name per class, empty without labels
    factors:      float32 (N, F), factors of variation, or None
    factor_names: one name per column of factors
    chosen_from:  the sets that these were taken from; () if from none

    Arrays that do not lie in one piece are copied: views that run backwards are nothing for torch.
    Raises ValueError if shapes, types or lengths disagree.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
    factors: NDArray[np.float32] | None = None
    factor_names: tuple[str, ...] = field(default=())
    chosen_from: tuple[ImageSet, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.images.dtype != np.uint8 or self.images.ndim != IMAGE_AXES:
            raise ValueError(f"images are {self.images.dtype} {self.images.shape}, not uint8 (N, C, H, W)")
        _ = self.image_shape
        if self.labels is not None and (
            self.labels.dtype != np.int64 or self.labels.shape != (len(self.images),)
        ):
            raise ValueError(f"labels are {self.labels.dtype} {self.labels.shape} for {len(self)} images")
        if self.factors is not None and (
            self.factors.dtype != np.float32
            or self.factors.shape != (len(self.images), len(self.factor_names))
        ):
            raise ValueError(
                f"factors are {self.factors.dtype} {self.factors.shape}, not float32, for {len(self)} images"
            )
        for name in ("images", "labels", "factors"):
            given = getattr(self, name)
            if given is not None:
                array = np.ascontiguousarray(given)
                array.setflags(write=False)
                object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.images)

    @property
    def image_shape(self) -> ImageShape:
        """The shape of each image; raises ValueError if no model takes images of this shape."""
        _, channels, height, width = self.images.shape
        return ImageShape(channels, height, width)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of these images, computed once."""
        return fingerprint(self.images, self.labels, self.class_names)

    @cached_property
    def plainest(self) -> int:
        """The index of the image to begin with, computed once (`plain_image.plainest`)."""
        return plainest(self.images, self.labels)


def take(parts: tuple[ImageSet, ...], indices: NDArray[np.int64]) -> ImageSet:
    """The images at these indices int64 (n,), counted through all the parts, as one set in this order.

    Indices outside the parts are skipped. The set has labels only if all parts have some, and factors only
    if all parts have the same ones.
    """
    starts = np.cumsum([0, *map(len, parts)])
    chosen = indices[(indices >= 0) & (indices < starts[-1])]
    part = np.searchsorted(starts, chosen, side="right") - 1
    shape = parts[0].images.shape[1:] if parts else MNIST.image.array
    factor_names = parts[0].factor_names if parts else ()
    images = np.zeros((len(chosen), *shape), np.uint8)
    labels = np.zeros(len(chosen), np.int64)
    factors = np.zeros((len(chosen), len(factor_names)), np.float32)
    labelled = bool(parts) and all(image_set.labels is not None for image_set in parts)
    with_factors = bool(parts) and all(_has_factors(image_set, factor_names) for image_set in parts)
    for number, image_set in enumerate(parts):
        own = part == number
        rows = chosen[own] - starts[number]
        images[own] = image_set.images[rows]
        if labelled and image_set.labels is not None:
            labels[own] = image_set.labels[rows]
        if with_factors and image_set.factors is not None:
            factors[own] = image_set.factors[rows]
    return ImageSet(
        images,
        labels if labelled else None,
        parts[0].class_names if labelled else (),
        factors if with_factors else None,
        factor_names if with_factors else (),
        chosen_from=parts,
    )


def part_of(image_set: ImageSet, part: slice | NDArray[np.int64]) -> ImageSet:
    """Some of the images, with labels and factors: of a slice, without a copy, or of indices int64 (n,)."""
    labels, factors = image_set.labels, image_set.factors
    return ImageSet(
        image_set.images[part],
        None if labels is None else labels[part],
        image_set.class_names,
        None if factors is None else factors[part],
        image_set.factor_names,
    )


def located(image_sets: tuple[ImageSet, ...], number: int) -> tuple[ImageSet, int] | None:
    """The set, and the index in it, of the image of a number counted through these; None if none has it."""
    for image_set in image_sets:
        if 0 <= number < len(image_set):
            return image_set, number
        number -= len(image_set)
    return None


def _has_factors(image_set: ImageSet, names: tuple[str, ...]) -> bool:
    return image_set.factors is not None and image_set.factor_names == names


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test images of one source.

    name:  its name on the command line and in files ("mnist")
    title: for people ("MNIST")
    notes: sentences that say what was done to bring the data here ("Scaled from 3 sizes to fit 32x32.")
    path:  where a user's own data was read from, "" for data with a name
    reading: how they were read, None for data with a name
    provenance: the files that they were taken from, None for data with a name and for arrays
    validation: a part of a user's own that is neither trained nor tested on; it is converted with the others

    Raises ValueError if training and test images have different shapes.
    """

    name: str
    title: str
    train: ImageSet
    test: ImageSet
    notes: tuple[str, ...] = ()
    path: str = ""
    reading: Reading | None = None
    provenance: Provenance | None = field(default=None, repr=False)
    validation: ImageSet | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.train.image_shape != self.test.image_shape:
            raise ValueError(
                f"training images are {self.train.image_shape}, test images {self.test.image_shape}"
            )

    @property
    def shape(self) -> DataShape:
        """What a model for these images is built for."""
        classes = len(self.train.class_names) if self.train.labels is not None else 0
        return DataShape(self.train.image_shape, classes, len(self.train.factor_names))

    @property
    def facts(self) -> DataFacts:
        """What a run remembers of it."""
        return DataFacts(self.title, self.train.fingerprint, self.test.fingerprint, self.shape, self.reading)

    @property
    def origin(self) -> str:
        """What `load_dataset` takes to get the same data again: the path or the name."""
        return self.path or self.name
