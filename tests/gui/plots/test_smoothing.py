"""Smoothing against a plain loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aestudio.gui.plots.smoothing import Trend, smooth

values = hnp.arrays(np.float64, st.integers(0, 80), elements=st.floats(-1e6, 1e6) | st.just(np.nan))


def by_loop(y, weight):
    total = mass = 0.0
    out = []
    for value in y:
        usable = np.isfinite(value)
        total = weight * total + (value if usable else 0)
        mass = weight * mass + usable
        out.append(total / mass if usable else np.nan)
    return np.array(out)


@given(y=values, weight=st.sampled_from([1e-6, 0.05, 0.5, 0.9, 0.99]))
def test_agrees_with_a_loop(y, weight):
    np.testing.assert_allclose(smooth(y, weight), by_loop(y, weight), rtol=1e-9, atol=1e-4)


def test_long_curves_cross_blocks():
    y = np.random.default_rng(0).normal(size=20_000)
    np.testing.assert_allclose(smooth(y, 0.9), by_loop(y, 0.9), atol=1e-12)


def test_a_constant_is_not_biased_at_the_start():
    np.testing.assert_allclose(smooth(np.full(50, 7.0), 0.99), 7.0)


def test_no_smoothing_and_too_much_smoothing():
    y = np.array([1.0, np.inf, 3.0])
    np.testing.assert_array_equal(smooth(y, 0), [1, np.nan, 3])
    with pytest.raises(ValueError, match=r"0\.99"):
        smooth(y, 1.0)


@given(y=values, cuts=st.lists(st.integers(0, 80), max_size=4), weight=st.sampled_from([0.0, 0.5, 0.99]))
def test_extending_in_pieces_gives_the_same(y, cuts, weight):
    trend = Trend(weight)
    for cut in [*sorted(cuts), len(y)]:
        trend.extend(y[:cut])
    np.testing.assert_allclose(trend.values, smooth(y, weight), rtol=1e-9, atol=1e-4)
