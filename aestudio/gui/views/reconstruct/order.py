"""Which images of a set are shown, and in which order. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet

OrderKind = Literal["random", "class", "index", "worst", "selection"]


@dataclass(frozen=True)
class Order:
    """The user's choice of images.

    seed: of the random order; classes: the classes to show, () for all; start: the first index
    """

    kind: OrderKind = "random"
    seed: int = 0
    classes: tuple[int, ...] = ()
    start: int = 0


def chosen_indices(
    order: Order, images: ImageSet, count: int, among: NDArray[np.int64] | None = None
) -> tuple[int, ...]:
    """Up to `count` indices into the set, in the chosen order.

    among: int64 (n,), the worst or the selected images, in their order; None while they are not known:
           the result is then empty for these two orders
    """
    if order.kind == "index":
        start = max(0, min(order.start, len(images) - count))
        return tuple(range(start, min(len(images), start + count)))
    if order.kind in ("worst", "selection"):
        candidates = np.empty(0, np.int64) if among is None else among[among < len(images)]
    else:
        candidates = np.arange(len(images))
        if order.kind == "class" and order.classes and images.labels is not None:
            candidates = np.flatnonzero(np.isin(images.labels, order.classes))
        candidates = np.random.default_rng(order.seed).permutation(candidates)
    return tuple(candidates[:count].tolist())
