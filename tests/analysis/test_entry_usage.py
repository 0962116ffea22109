"""The usage of a codebook's entries, against counting them one by one."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from aestudio.analysis.entry_usage import entry_usage
from aestudio.errors import BadChoice


def test_counts_are_those_of_each_entry_at_each_place() -> None:
    codes = np.random.default_rng(0).integers(0, 7, (40, 3)).astype(np.float32)
    usage = entry_usage(codes, 9)
    for place in range(3):
        counted = Counter(codes[:, place].astype(int).tolist())
        assert usage.by_number[place].tolist() == [counted[entry] for entry in range(9)]
    assert usage.counts.sum() == 120
    assert usage.images == 40
    assert usage.used == len(set(codes.ravel().tolist()))


def test_perplexity_is_that_of_the_shares() -> None:
    codes = np.array([[0, 0], [0, 1], [2, 2]], np.float32)
    shares = [3 / 6, 1 / 6, 2 / 6]
    expected = math.exp(-sum(share * math.log(share) for share in shares))
    assert entry_usage(codes, 8).perplexity == pytest.approx(expected)


@pytest.mark.parametrize("choices", [1, 4, 32])
def test_equally_frequent_entries_have_the_perplexity_of_their_number(choices: int) -> None:
    codes = np.tile(np.arange(choices, dtype=np.float32)[:, None], (5, 2))
    assert entry_usage(codes, choices).perplexity == pytest.approx(choices)


def test_the_most_frequent_first_and_equal_ones_by_number() -> None:
    codes = np.array([[3, 3, 1, 0, 0, 0]], np.float32).T
    assert entry_usage(codes, 5).order.tolist() == [0, 3, 1, 2, 4]


def test_no_images() -> None:
    usage = entry_usage(np.zeros((0, 3), np.float32), 4)
    assert usage.perplexity == 0
    assert usage.used == 0
    assert usage.by_number.shape == (3, 4)


@pytest.mark.parametrize("wrong", [-1.0, 4.0, 0.5])
def test_a_number_that_is_no_entry(wrong: float) -> None:
    with pytest.raises(BadChoice, match="entry"):
        entry_usage(np.array([[0.0, wrong]], np.float32), 4)
