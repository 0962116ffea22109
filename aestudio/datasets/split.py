"""Splits a set that comes without a test part, always in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARE = 7  # one image in seven is kept for testing, as in MNIST (10,000 of 70,000)
SEED = 0


def test_indices(labels: NDArray[np.int64] | None, count: int) -> NDArray[np.int64]:
    """The indices int64 (n,), ascending, of the seventh of `count` images that is kept for testing.

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
