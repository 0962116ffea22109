"""Splits a set that comes without a test part, always in the same way."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARE = 7  # one image in seven is kept for testing, as in MNIST (10,000 of 70,000)
SEED = 0
_BORDER = np.uint64((1 << 64) // SHARE)


def digests_of(images: NDArray[Any]) -> NDArray[np.uint64]:
    """A number from 0 to 2^64 for each image (n, ...) that follows from its pixels alone, (n,)."""
    rows = np.ascontiguousarray(images).reshape(len(images), math.prod(images.shape[1:]))
    if rows.dtype.byteorder == ">":
        rows = rows.astype(rows.dtype.newbyteorder("<"))
    digests = (hashlib.blake2b(row.data, digest_size=8).digest() for row in rows.view(np.uint8))
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


def test_indices_by_content(
    digests: NDArray[np.uint64], labels: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """The indices int64 (n,), ascending, of about a seventh of the images, by their content.

    digests: uint64 (N,), from `digests_of`; labels: int64 (N,), or None

    Images that are added move none of the others from training to testing, whatever their place, and equal
    ones are on one side. Only a class of which every image would be tested keeps one to train on, and without
    any other image to test, the one with the least digest is. With two different images no part is empty.
    """
    is_test = digests < _BORDER
    if len(np.unique(digests)) < 2:
        return np.arange(len(digests) - 1, len(digests))
    for label in [None] if labels is None else np.unique(labels):
        own = np.ones(len(digests), np.bool_) if label is None else labels == label
        if is_test[own].all():
            is_test &= digests != digests[own].max()
    if not is_test.any():
        is_test = digests == _least(digests, labels)
    return np.flatnonzero(is_test).astype(np.int64)


def _least(digests: NDArray[np.uint64], labels: NDArray[np.int64] | None) -> np.uint64:
    """The least digest, of a class that has others, if there is one."""
    for digest in np.unique(digests):
        left = digests != digest
        if labels is None or len(np.unique(labels[left])) == len(np.unique(labels)):
            return digest
    return digests.min()


def test_indices(labels: NDArray[np.int64] | None, count: int) -> NDArray[np.int64]:
    """The same by position, as runs have it that were kept by earlier versions.

    labels: int64 (count,), or None

    Drawn from a fixed seed; with labels, a seventh of each class (at least one of two or more).
    With more than one image, neither part is empty.
    """
    generator = np.random.default_rng(SEED)
    groups = (
        [np.arange(count)] if labels is None else [np.flatnonzero(labels == k) for k in np.unique(labels)]
    )
    chosen = [generator.permutation(group)[: _share(len(group))] for group in groups]
    indices = np.sort(np.concatenate(chosen)) if chosen else np.zeros(0)
    if not len(indices) and count > 1:  # every class has a single image
        indices = np.array([count - 1])
    return indices.astype(np.int64)


def _share(count: int) -> int:
    return max(round(count / SHARE), 1) if count > 1 else 0
