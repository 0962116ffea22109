"""Decimation against brute force: every extreme survives, in order, however the curve has grown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aestudio.gui.plots.decimation import LEAST_POINTS, MOST_POINTS, Pyramid

values = hnp.arrays(np.float64, st.integers(1, 1500), elements=st.floats(-5, 50) | st.just(np.nan))


def grown(y, cuts, positive=False):
    """A pyramid that was given the values in pieces."""
    pyramid = Pyramid(positive)
    for cut in [*sorted(cut % (len(y) + 1) for cut in cuts), len(y)]:
        pyramid.extend(y[:cut])
    return pyramid


@given(
    y=values,
    cuts=st.lists(st.integers(0, 1500), max_size=5),
    ends=st.tuples(st.integers(0, 1500), st.integers(0, 1500)),
    most=st.integers(LEAST_POINTS, 80),
    positive=st.booleans(),
)
def test_keeps_peaks_order_and_ends_of_every_part(y, cuts, ends, most, positive):
    first, last = sorted(end % len(y) for end in ends)
    last += 1
    pyramid = grown(y, cuts, positive)
    kept = pyramid.thinned(y, first, last, most)
    assert len(kept) <= most
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (first, last - 1)
    part = y[first:last]
    counted = part[np.isfinite(part) & ((part > 0) | (not positive))]
    if len(counted):
        shown = y[kept]
        shown = shown[np.isfinite(shown) & ((shown > 0) | (not positive))]
        assert (shown.min(), shown.max()) == (counted.min(), counted.max())
        assert pyramid.extent(y, first, last) == (counted.min(), counted.max())
    else:
        assert pyramid.extent(y, first, last) is None


def test_every_bin_keeps_both_its_extremes():
    y = np.random.default_rng(0).normal(size=100_000).cumsum()
    kept = grown(y, [77, 5_000, 60_001]).thinned(y, 0, len(y))
    size = 128  # 100,000 / 128 bins with two points each are the most that 2,000 points can be
    for start in range(0, len(y) - size, size):
        inside = kept[(kept >= start) & (kept < start + size)]
        part = y[start : start + size]
        assert {start + part.argmin(), start + part.argmax()} <= set(inside)


def test_drawn_points_do_not_move_when_the_curve_grows():
    y = np.random.default_rng(1).normal(size=63_000)
    before = grown(y[:60_000], []).thinned(y[:60_000], 0, 60_000)
    after = grown(y[:63_000], [60_000]).thinned(y[:63_000], 0, 63_000)
    settled = 60_000 - 128
    assert np.isin(before[before < settled], after).mean() > 0.99


def test_a_gap_stays_a_gap():
    y = np.ones(100_000)
    y[40_000:50_000] = np.nan
    kept = grown(y, []).thinned(y, 0, len(y))
    inside = (kept > 40_200) & (kept < 49_800)
    assert inside.any()
    assert np.isnan(y[kept[inside]]).all()


def test_a_short_curve_is_untouched():
    y = np.arange(float(MOST_POINTS))
    np.testing.assert_array_equal(grown(y, []).thinned(y, 0, len(y)), np.arange(MOST_POINTS))


def test_too_few_points_are_refused():
    with pytest.raises(ValueError, match="at least 8"):
        Pyramid().thinned(np.zeros(9), 0, 9, 3)


def test_a_new_point_costs_the_same_however_many_came_before():
    y = np.random.default_rng(2).normal(size=400_000).view(Counted)
    pyramid = Pyramid()
    pyramid.extend(y[:399_000])
    for end in range(399_010, 400_001, 10):
        whole = y[:end]
        Counted.seen = 0
        pyramid.extend(whole)
        pyramid.thinned(whole, 0, end)
        assert 0 < Counted.seen < 1000  # of 399,000


class Counted(np.ndarray):
    """Counts the values that were read."""

    seen = 0

    def __getitem__(self, key):
        found = super().__getitem__(key)
        Counted.seen += np.size(found)
        return found


@given(ends=st.tuples(st.integers(0, 50_000), st.integers(0, 50_000)))
def test_extents_of_long_parts(ends):
    y = LONG
    first, last = sorted(ends)
    part = y[first : last + 1]
    assert LONG_PYRAMID.extent(y, first, last + 1) == (part.min(), part.max())


LONG = np.random.default_rng(3).normal(size=50_001)
LONG_PYRAMID = grown(LONG, [3, 40_000])
