"""Which digits a grid shows."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.datasets.dataset import DIGIT_NAMES, ImageSet
from aestudio.gui.views.reconstruct.order import Order, chosen_indices

LABELS = np.arange(200, dtype=np.int64) % 10


@pytest.fixture
def digits() -> ImageSet:
    return ImageSet(np.zeros((200, 1, 28, 28), np.uint8), LABELS.copy(), DIGIT_NAMES)


def test_random_ones_differ_by_seed_and_are_distinct(digits: ImageSet) -> None:
    first = chosen_indices(Order("random", seed=1), digits, 30)
    assert first == chosen_indices(Order("random", seed=1), digits, 30)
    assert first != chosen_indices(Order("random", seed=2), digits, 30)
    assert len(set(first)) == 30


def test_only_chosen_classes(digits: ImageSet) -> None:
    found = chosen_indices(Order("class", classes=(3, 8)), digits, 1000)
    assert sorted(found) == [index for index in range(200) if index % 10 in (3, 8)]
    assert len(chosen_indices(Order("class"), digits, 1000)) == 200, "no class means all of them"


@pytest.mark.parametrize(("start", "first"), [(0, 0), (17, 17), (195, 188), (500, 188)])
def test_by_index_the_place_is_always_filled(digits: ImageSet, start: int, first: int) -> None:
    assert chosen_indices(Order("index", start=start), digits, 12) == tuple(range(first, first + 12))


def test_worst_first_in_the_order_given(digits: ImageSet) -> None:
    worst = np.array([7, 199, 3, 250], np.int64)
    assert chosen_indices(Order("worst"), digits, 3, worst) == (7, 199, 3)
    assert chosen_indices(Order("worst"), digits, 9, worst) == (7, 199, 3), "250 is not in this set"
    assert chosen_indices(Order("worst"), digits, 3) == ()


def test_the_selected_ones_of_this_set(digits: ImageSet) -> None:
    selected = np.array([5, 199, 200, 60_000], np.int64)
    assert chosen_indices(Order("selection"), digits, 9, selected) == (5, 199)
    assert chosen_indices(Order("selection"), digits, 9) == ()
