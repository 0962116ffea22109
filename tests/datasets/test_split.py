from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aestudio.datasets.split import test_indices as indices_for_testing


@given(st.lists(st.integers(0, 3), min_size=2, max_size=80))
def test_a_seventh_of_each_class_always_the_same(labels: list[int]) -> None:
    array = np.array(labels, np.int64)
    chosen = indices_for_testing(array, len(array))
    np.testing.assert_array_equal(chosen, indices_for_testing(array, len(array)))
    assert 0 < len(chosen) < len(array)
    assert len(set(chosen.tolist())) == len(chosen)
    for label in set(labels):
        count = labels.count(label)
        share = (array[chosen] == label).sum()
        assert share < count or count == 1
        assert abs(share - count / 7) <= 1


@given(st.integers(2, 1000))
def test_without_labels(count: int) -> None:
    chosen = indices_for_testing(None, count)
    assert len(chosen) == max(round(count / 7), 1)
    assert chosen.max() < count


def test_a_tiny_set_of_classes_with_one_image_each() -> None:
    assert indices_for_testing(np.arange(3), 3).tolist() == [2]
