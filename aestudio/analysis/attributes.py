"""Attribute vectors: differences of group means with their uncertainty, analogies, class means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class AttributeVector:
    """mean(B) - mean(A), in code units.

    vector: float32 (L,)
    error:  float32 (L,), standard error in each dimension; NaN if a group has one member
    counts: numbers of members of A and of B
    length_error: standard error of the vector's length, to first order; None if a group has one member
    """

    vector: NDArray[np.float32]
    error: NDArray[np.float32]
    counts: tuple[int, int]
    length_error: float | None

    @property
    def length(self) -> float:
        """The vector's length, in code units."""
        return float(np.linalg.norm(self.vector))

    @property
    def by_chance(self) -> float | None:
        """The length to expect by chance if the groups have equal means; None if it is unknown."""
        return None if self.length_error is None else float(np.linalg.norm(self.error))


def attribute_vector(a: NDArray[Any], b: NDArray[Any]) -> AttributeVector:
    """mean(b) - mean(a) of codes a (A, L) and b (B, L), with standard errors sqrt(var_a / A + var_b / B).

    The length's error is that of the codes' projections onto the vector: it includes the correlation of
    the dimensions. Raises StudioError if a group is empty.
    """
    if not len(a) or not len(b):
        raise StudioError("A group without members has no mean", advice="Put an example into each group.")
    first, second = a.astype(np.float64), b.astype(np.float64)
    vector = second.mean(axis=0) - first.mean(axis=0)
    counts = len(first), len(second)
    if min(counts) < 2:
        unknown = np.full(vector.shape, np.nan, np.float32)
        return AttributeVector(vector.astype(np.float32), unknown, counts, None)
    error = _standard_error(first, second)
    length = np.linalg.norm(vector)
    direction = vector / length if length > 0 else np.zeros_like(vector)
    length_error = float(_standard_error(first @ direction, second @ direction))
    return AttributeVector(vector.astype(np.float32), error.astype(np.float32), counts, length_error)


def _standard_error(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(a.var(axis=0, ddof=1) / len(a) + b.var(axis=0, ddof=1) / len(b))


def analogy(a: NDArray[Any], b: NDArray[Any], c: NDArray[Any]) -> NDArray[np.float32]:
    """a - b + c of codes (L,), float32 (L,): is to c as a is to b (Mikolov et al. 2013, arXiv:1301.3781)."""
    return (a.astype(np.float64) - b + c).astype(np.float32)


def class_means(codes: NDArray[Any], labels: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Mean code of each class, float64 (C, L); NaN for a class without members.

    codes: (N, L); labels: int64 (N,); classes: C
    """
    means = np.full((classes, codes.shape[1]), np.nan)
    for label in range(classes):
        members = codes[labels == label]
        if len(members):
            means[label] = members.mean(axis=0, dtype=np.float64)
    return means


def with_other_class(code: NDArray[Any], label: int, means: NDArray[np.float64]) -> NDArray[np.float32]:
    """The code (L,) moved from the mean of its class to the mean of each class: float32 (C, L).

    label: the class of the code; means: float64 (C, L). The difference from the class mean is kept, so row
    `label` is the code itself.
    """
    swapped = code - means[label] + means
    swapped[label] = code
    return swapped.astype(np.float32)
