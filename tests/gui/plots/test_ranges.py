"""Axis ranges leave space and seldom change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.plots.ranges import (
    burn_in_end,
    extent,
    followed,
    grown,
    padded,
    settled,
    time_axis,
    union,
)

numbers = st.floats(-1e6, 1e6)
spans = st.tuples(numbers, numbers).map(lambda pair: (min(pair), max(pair)))


@given(shown=spans, data=spans)
def test_grown_covers_both_and_moves_only_exceeded_ends(shown, data):
    low, high = grown(shown, data)
    assert low <= min(shown[0], data[0])
    assert high >= max(shown[1], data[1])
    assert low == shown[0] or data[0] < shown[0]
    assert high == shown[1] or data[1] > shown[1]


@given(data=spans)
def test_padded_is_never_empty(data):
    low, high = padded(data)
    assert low < data[0] or np.isclose(low, data[0])
    assert low < high


def test_the_time_axis_moves_in_few_steps():
    ends = {time_axis((0.0, x), None)[1] for x in np.linspace(0.01, 100, 5000)}
    assert len(ends) < 90
    assert all(time_axis((0.0, x), None)[1] >= x for x in np.linspace(0.01, 100, 500))


def test_the_time_axis_grows_in_few_steps_to_the_expected_end():
    """The first epoch of fifty fills a good part of the plot; the last one ends it."""
    assert time_axis((0.0, 12.0), 10.0)[1] >= 12.0
    ends = []
    for x in np.linspace(0.001, 50, 2000):
        low, high = time_axis((0.001, x), 50.0)
        assert low == 0.0
        assert x <= high <= 50.0
        assert x >= 0.35 * high or high == 2.0
        ends.append(high)
    assert sorted(set(ends)) == [2.0, 5.0, 10.0, 20.0, 50.0]
    assert ends == sorted(ends)


def test_a_branch_begins_where_it_leaves_its_parent():
    assert time_axis((12.0, 12.5), 20.0) == (12.0, 13.0)
    assert time_axis((12.0, 19.0), 20.0) == (12.0, 20.0)


def test_extents():
    y = np.concatenate([[500.0, 300.0], np.linspace(110, 100, 98), [np.nan, np.inf]])
    assert extent(y) == (100.0, 500.0)
    assert extent(np.array([np.nan])) is None
    assert union(None, (1, 2)) == (1, 2)
    assert union((0, 1), (3, 4)) == (0, 4)


def test_a_steep_beginning_is_left_out_and_a_gentle_one_is_not():
    assert settled((100, 500), (100, 150)) == (100, 150)
    assert settled((100, 160), (100, 150)) == (100, 160)
    assert settled((100, 500), (100, 100)) == (100, 500)
    assert settled((100, 500), None) == (100, 500)
    assert burn_in_end(np.linspace(0, 10, 101)) == 1.0
    assert burn_in_end(np.arange(5.0)) is None


def test_a_falling_loss_moves_the_axis_only_a_few_times():
    shown, moved = None, 0
    for count in range(2, 2000, 3):
        x = np.linspace(0, count / 100, count)
        loss = 100 + 400 * np.exp(-2 * x)
        start = burn_in_end(x)
        later = None if start is None else extent(loss[x >= start])
        data = settled((loss.min(), loss.max()), later)
        after = followed(shown, data)
        moved += after != shown
        shown = after
        assert shown[0] <= data[0]
        assert shown[1] >= data[1]
    assert shown is not None
    assert shown[1] < 140
    assert moved < 25


@pytest.mark.parametrize(
    ("x", "axis"), [(9.0, (0.0, 9.5)), (1.0, (0.0, 1.5)), (0.0, (0.0, 1.5)), (469.0, (0.0, 500.0))]
)
def test_a_single_point_is_on_an_axis_from_zero(x: float, axis: tuple[float, float]) -> None:
    """Otherwise its numbers would be 9, 9.0000000002, 9.0000000004 ..."""
    assert time_axis((x, x), None) == axis
