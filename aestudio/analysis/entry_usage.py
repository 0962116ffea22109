"""How often the entries of a codebook, or the categories of a discrete code, are taken. numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class EntryUsage:
    """Counts over the codes of N images.

    by_number: int64 (L, K), how often each number of the code (place or variable) is each of the K entries
    images:    N
    """

    by_number: NDArray[np.int64]
    images: int

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each entry is taken, at all places together: int64 (K,)."""
        return self.by_number.sum(axis=0)

    @property
    def used(self) -> int:
        """How many entries are taken at least once."""
        return int((self.counts > 0).sum())

    @property
    def perplexity(self) -> float:
        """exp(-sum p log p) of the shares p of the entries (van den Oord et al. 2017): from 1 to K.

        K entries that are equally frequent have perplexity K. 0 without images.
        """
        counts = self.counts
        shares = counts[counts > 0] / max(1, counts.sum())
        return float(np.exp(-(shares * np.log(shares)).sum())) if len(shares) else 0.0

    @property
    def order(self) -> NDArray[np.int64]:
        """The entries in order of use, int64 (K,), the most frequent first; equal ones by their number."""
        return np.argsort(-self.counts, kind="stable").astype(np.int64)


def entry_usage(codes: NDArray[Any], choices: int) -> EntryUsage:
    """The usage of K = `choices` entries in codes (N, L) of whole numbers.

    Raises BadChoice for a number that is no entry.
    """
    entries: NDArray[np.int64] = codes.astype(np.int64)
    if entries.size and (entries.min() < 0 or entries.max() >= choices or not np.array_equal(entries, codes)):
        wrong = codes[(entries != codes) | (entries < 0) | (entries >= choices)][0]
        raise BadChoice("entry", float(wrong), f"whole number from 0 up to {choices - 1}")
    length = codes.shape[1]
    offsets: NDArray[np.int64] = choices * np.arange(length, dtype=np.int64)
    flat = np.add(entries, offsets).reshape(-1)
    counts = np.bincount(flat, minlength=length * choices).reshape(length, choices)
    return EntryUsage(counts.astype(np.int64), len(codes))
