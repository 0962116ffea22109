"""Decimation keeps peaks, order and end points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aestudio.gui.plots.decimation import MOST_POINTS, decimate

values = hnp.arrays(np.float64, st.integers(0, 400), elements=st.floats(allow_nan=True, allow_infinity=True))


@given(y=values, most=st.integers(4, 60))
def test_keeps_peaks_order_and_ends(y, most):
    x = np.arange(len(y), dtype=float)
    kept_x, kept_y = decimate(x, y, most)
    assert len(kept_x) <= max(most, 0)
    assert (np.diff(kept_x) > 0).all()
    np.testing.assert_array_equal(kept_y, y[kept_x.astype(int)])
    if len(y):
        assert kept_x[0] == 0
        assert kept_x[-1] == len(y) - 1
    finite = y[np.isfinite(y)]
    if len(finite):
        shown = kept_y[np.isfinite(kept_y)]
        assert shown.min() == finite.min()
        assert shown.max() == finite.max()


def test_a_gap_stays_a_gap():
    y = np.ones(100_000)
    y[40_000:50_000] = np.nan
    x, kept = decimate(np.arange(100_000.0), y)
    inside = (x > 40_000) & (x < 49_900)
    assert inside.any()
    assert np.isnan(kept[inside]).all()


def test_a_short_curve_is_untouched():
    x = np.arange(float(MOST_POINTS))
    assert decimate(x, x)[0] is x


def test_refuses_what_makes_no_sense():
    with pytest.raises(ValueError, match="alike"):
        decimate(np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match="at least 4"):
        decimate(np.zeros(9), np.zeros(9), 3)
