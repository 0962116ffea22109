"""Which digits of a set are looked at, and in which order. No Qt."""

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
    """A person's choice. seed: of what is drawn; classes: none means all; start: the first index."""

    kind: OrderKind = "random"
    seed: int = 0
    classes: tuple[int, ...] = ()
    start: int = 0


def chosen_indices(
    order: Order, digits: ImageSet, count: int, among: NDArray[np.int64] | None = None
) -> tuple[int, ...]:
    """Up to `count` indices of the set, as ordered.

    among: the worst ones, or the selected ones, in their order; nothing is shown until they are known
    """
    if order.kind == "index":
        start = max(0, min(order.start, len(digits) - count))
        return tuple(range(start, min(len(digits), start + count)))
    if order.kind in ("worst", "selection"):
        found = np.empty(0, np.int64) if among is None else among[among < len(digits)]
    else:
        found = np.arange(len(digits))
        if order.kind == "class" and order.classes and digits.labels is not None:
            found = np.flatnonzero(np.isin(digits.labels, order.classes))
        found = np.random.default_rng(order.seed).permutation(found)
    return tuple(found[:count].tolist())
