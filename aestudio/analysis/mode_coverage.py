"""Which classes the samples of a model show, as a classifier names them. numpy only.

A generator that makes the same few images again and again has collapsed onto some modes of the data; counting
the classes of many samples finds it (Che et al. 2017; Srivastava et al. 2017, who count MNIST's).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLES = 1000
"""With 1,000 a class of 3 % is known to half a per cent (one standard error)."""
SHOWN = 0.1
"""A class is shown if it has this part of an equal share, 1 % of ten classes: less may be the classifier's
mistakes."""


@dataclass(frozen=True)
class ModeCoverage:
    """How many of `samples` images a classifier takes for each class. counts: by class, as `class_names`."""

    counts: tuple[int, ...]
    class_names: tuple[str, ...]

    @property
    def samples(self) -> int:
        """How many images were classified."""
        return sum(self.counts)

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each class, 0 to 1; all 0 without samples."""
        return tuple(count / max(1, self.samples) for count in self.counts)

    @property
    def shown(self) -> int:
        """How many classes there are among the samples."""
        least = SHOWN / len(self.counts)
        return sum(share >= least and share > 0 for share in self.shares)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the classes that are not shown."""
        least = SHOWN / len(self.counts)
        pairs = zip(self.class_names, self.shares, strict=True)
        return tuple(name for name, share in pairs if share < least or share == 0)

    @property
    def rarest(self) -> tuple[str, float]:
        """The class with the fewest samples, and its share."""
        index = int(np.argmin(self.counts))
        return self.class_names[index], self.shares[index]


def mode_coverage(probabilities: NDArray[np.float32], class_names: tuple[str, ...]) -> ModeCoverage:
    """Count the most probable class of each image. probabilities: float32 (N, C), or logits; C names."""
    if probabilities.shape[1:] != (len(class_names),):
        raise ValueError(f"{probabilities.shape[1:]} probabilities for {len(class_names)} classes")
    counts = np.bincount(probabilities.argmax(axis=1), minlength=len(class_names))
    return ModeCoverage(tuple(int(count) for count in counts), class_names)
