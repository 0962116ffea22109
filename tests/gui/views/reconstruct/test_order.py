"""Which images a grid shows."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.datasets.dataset import DIGIT_NAMES, ImageSet
from aestudio.gui.views.reconstruct.order import Order, chosen_indices

LABELS = np.arange(200, dtype=np.int64) % 10


@pytest.fixture
def images() -> ImageSet:
    return ImageSet(np.zeros((200, 1, 28, 28), np.uint8), LABELS.copy(), DIGIT_NAMES)


def test_random_indices_differ_by_seed_and_are_distinct(images: ImageSet) -> None:
    first = chosen_indices(Order("random", seed=1), images, 30)
    assert first == chosen_indices(Order("random", seed=1), images, 30)
    assert first != chosen_indices(Order("random", seed=2), images, 30)
    assert len(set(first)) == 30


def test_only_chosen_classes(images: ImageSet) -> None:
    indices = chosen_indices(Order("class", classes=(3, 8)), images, 1000)
    assert sorted(indices) == [index for index in range(200) if index % 10 in (3, 8)]
    assert len(chosen_indices(Order("class"), images, 1000)) == 200, "no class means all of them"


@pytest.mark.parametrize(("start", "first"), [(0, 0), (17, 17), (195, 188), (500, 188)])
def test_by_index_the_grid_is_always_filled(images: ImageSet, start: int, first: int) -> None:
    assert chosen_indices(Order("index", start=start), images, 12) == tuple(range(first, first + 12))


def test_worst_first_keeps_the_given_order(images: ImageSet) -> None:
    worst = np.array([7, 199, 3, 250], np.int64)
    assert chosen_indices(Order("worst"), images, 3, worst) == (7, 199, 3)
    assert chosen_indices(Order("worst"), images, 9, worst) == (7, 199, 3), "250 is not in this set"
    assert chosen_indices(Order("worst"), images, 3) == ()


def test_only_selected_images_of_this_set(images: ImageSet) -> None:
    selected = np.array([5, 199, 200, 60_000], np.int64)
    assert chosen_indices(Order("selection"), images, 9, selected) == (5, 199)
    assert chosen_indices(Order("selection"), images, 9) == ()
