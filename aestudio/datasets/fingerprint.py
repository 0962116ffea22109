"""Fingerprints of data sets: the number of images, a digest of them, and one of their labels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST, DataShape
from aestudio.datasets.reading import Reading  # noqa: TC001 - pydantic reads it at run time

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LENGTH = 16  # bytes of a digest


@dataclass(frozen=True)
class Fingerprint:
    """The fingerprint of one part of a data set.

    count:  images in it
    images: digest of their pixels, in their order, and of their shape
    labels: digest of their labels and of the classes' names, "" without labels
    """

    count: int
    images: str
    labels: str


@dataclass(frozen=True)
class DataFacts:
    """What a run records about its data set: title, the fingerprints of both parts, shape, and reading.

    Records of earlier versions have no shape: their images were all of MNIST's. Without a reading they are
    those of a set with a name, or were read by the first rules.
    """

    title: str
    train: Fingerprint
    test: Fingerprint
    shape: DataShape = MNIST
    reading: Reading | None = None

    def difference(self, now: DataFacts) -> str:
        """How another data set differs, for people; "" if both parts are the same."""
        if now.shape.image != self.shape.image:
            return f"the images are {now.shape.image} instead of {self.shape.image}"
        parts = ((self.train, now.train, "training"), (self.test, now.test, "test"))
        counts = [
            f"{new.count:,} {name} images instead of {old.count:,}"
            for old, new, name in parts
            if new.count != old.count
        ]
        if counts:
            return "there are " + " and ".join(counts)
        for old, new, name in parts:
            if new.images != old.images:
                return f"the {name} images have changed"
            if new.labels != old.labels:
                return _of_labels(old.labels, new.labels, name)
        return ""


def _of_labels(old: str, new: str, name: str) -> str:
    if not new:
        return f"the {name} images have no labels now"
    return f"the labels of the {name} images have changed" if old else f"the {name} images had no labels"


def fingerprint(
    images: NDArray[np.uint8], labels: NDArray[np.int64] | None, class_names: tuple[str, ...]
) -> Fingerprint:
    """The fingerprint of images uint8 (N, C, H, W) and labels int64 (N,); takes about 0.1 s for MNIST."""
    shape = images.shape[1:]
    # Runs of earlier versions, all of this shape, recorded the digest of the pixels alone.
    named = b"" if shape == MNIST.image.array else "x".join(map(str, shape)).encode()
    label_digest = ""
    if labels is not None:
        names = "\0".join(class_names).encode("utf-8", "surrogatepass")
        label_digest = _digest(labels.tobytes(), names)
    return Fingerprint(len(images), _digest(np.ascontiguousarray(images).data, named), label_digest)


def _digest(*pieces: bytes | memoryview) -> str:
    digest = hashlib.blake2b(digest_size=_LENGTH)
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
