"""Smoothing against a plain weighted least squares fit of numpy, and without lag."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aestudio.gui.plots.smoothing import Trend, TrendInParts, smooth, width_for

values = hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6) | st.just(np.nan))
WIDTH = 1.0


def by_polyfit(x, y, at, half_width):
    """The value at one place of the line that numpy fits to the neighbours, within their range.

    On the last half width it is as many neighbours as elsewhere: from further back.
    """
    half_width = max(half_width, 2 * half_width - (x[-1] - at))
    near = (np.abs(x - at) < half_width) & np.isfinite(y)
    x, y = x[near] - at, y[near]
    weight = (1 - np.abs(x / half_width) ** 3) ** 3
    if len(np.unique(x)) < 2:
        return np.average(y, weights=weight)
    return np.clip(np.polyfit(x, y, 1, w=np.sqrt(weight))[1], y.min(), y.max())


@given(y=values, spacing=st.floats(0.08, 3.0), first=st.floats(0, 50))
def test_agrees_with_numpys_least_squares_where_points_are_sparse(y, spacing, first):
    """From 1/16 of the width on, every point has a bin of its own."""
    x = first + spacing * np.arange(len(y))
    trend = smooth(x, y, WIDTH)
    np.testing.assert_array_equal(trend.x, x)
    expected = [by_polyfit(x, y, at, WIDTH) if np.isfinite(own) else np.nan for at, own in zip(x, y)]  # noqa: B905
    scale = 1e-6 * max(1.0, np.nanmax(np.abs(y), initial=0.0))
    np.testing.assert_allclose(trend.y, expected, rtol=1e-6, atol=scale)


def test_agrees_with_numpys_least_squares_where_points_are_dense():
    """Bins of a sixteenth of the width change less than a fiftieth of the noise."""
    random = np.random.default_rng(0)
    x = np.sort(random.uniform(3, 13, 20_000))
    y = 50 * np.exp(-x / 4) + random.normal(size=len(x))
    trend = smooth(x, y, WIDTH)
    assert len(trend.x) < 170
    expected = [by_polyfit(x, y, at, WIDTH) for at in trend.x]
    np.testing.assert_allclose(trend.y, expected, atol=0.02)
    inside = (trend.x > 4) & (trend.x < 12)
    assert np.abs(trend.y - 50 * np.exp(-trend.x / 4))[inside].max() < 0.25


@pytest.mark.parametrize("points", [3, 50, 5000])
@pytest.mark.parametrize("slope", [-7.0, 0.0, 0.25])
def test_a_ramp_stays_the_same_ramp_up_to_its_last_point(points, slope):
    """An exponential mean with the same noise would be late by a third of the width."""
    x = np.linspace(2, 9, points)
    trend = smooth(x, 100 + slope * x, WIDTH)
    assert (trend.x[0], trend.x[-1]) == (2, 9)
    np.testing.assert_allclose(trend.y, 100 + slope * trend.x, rtol=1e-12)
    assert trend.value_at(9.0) == pytest.approx(100 + slope * 9, rel=1e-12)


@pytest.mark.parametrize("spacing", [0.01, 0.1, 0.4])
def test_a_step_is_not_shifted(spacing):
    """Before and after the step the smoothed values mirror each other, and half its height is at the step."""
    x = spacing * (np.arange(-500, 500) + 0.5)
    trend = smooth(x + 100 * WIDTH, np.where(x < 0, 8.0, 2.0), WIDTH)
    places = np.linspace(-1.5, 1.5, 61)
    before = np.array([trend.value_at(100 * WIDTH + at) for at in places])
    np.testing.assert_allclose(before + before[::-1], 10.0, atol=0.01)  # what bins change
    assert trend.value_at(100 * WIDTH) == pytest.approx(5.0, abs=0.001)
    assert (np.diff(before) <= 1e-9).all()


def test_noise_is_reduced_also_at_the_end():
    random = np.random.default_rng(1)
    x = np.linspace(0, 10, 1001)
    ends, middles = [], []
    for _ in range(200):
        trend = smooth(x, random.normal(size=len(x)), WIDTH)
        ends.append(trend.y[-1])
        middles.append(trend.value_at(5.0))
    assert np.std(middles) < 0.15
    assert np.std(ends) < 0.25


def test_training_and_validation_are_smoothed_alike():
    """64 and 8 points an epoch: both are smoothed over the same epochs."""
    ends = []
    for per_epoch in (64, 8):
        x = np.arange(1, 10 * per_epoch + 1) / per_epoch
        y = 100 - 3 * x + np.where(x > 5, 10.0, 0.0)
        ends.append([smooth(x, y, 2.0).value_at(at) for at in (4.0, 5.0, 6.0, 10.0)])
    np.testing.assert_allclose(ends[0], ends[1], atol=0.5)
    assert ends[0][-1] == pytest.approx(80.0)


@given(y=values, cuts=st.lists(st.integers(1, 60), max_size=4), spacing=st.sampled_from([0.01, 0.3]))
def test_extending_in_pieces_gives_the_same(y, cuts, spacing):
    x = 7 + spacing * np.arange(len(y))
    trend = Trend(WIDTH)
    for cut in [*sorted(cuts), len(y)]:
        settled = trend.settled
        before = trend.x[:settled].copy(), trend.y[:settled].copy()
        trend.extend(x[:cut], y[:cut])
        np.testing.assert_array_equal((trend.x[:settled], trend.y[:settled]), before)
    whole = smooth(x, y, WIDTH)
    np.testing.assert_allclose(trend.x, whole.x, rtol=1e-12)
    np.testing.assert_allclose(trend.y, whole.y, rtol=1e-9, atol=1e-4)


@given(half=st.floats(1e-3, 50), length=st.floats(1e-6, 1e4))
def test_at_most_a_tenth_of_a_curve_is_averaged(half, length):
    width = width_for(half, length)
    assert 0 < width <= half
    assert width <= length / 10 * (1 + 1e-12)
    assert width == half or width > length / 20 * (1 - 1e-12)
    assert width_for(half, 1000 * half) == half
    assert width_for(0.0, length) == width_for(half, 0.0) == 0.0


def test_a_long_curve_settles_but_for_its_end():
    trend = Trend(WIDTH)
    x = np.linspace(0, 100, 10_000)
    for count in (4000, 10_000):
        trend.extend(x[:count], x[:count])
    assert trend.settled >= len(trend.x) - 18


@given(y=values)
def test_smoothed_values_stay_within_the_values(y):
    trend = smooth(np.linspace(0, 0.1 * len(y), len(y)), y, WIDTH)
    known = np.isfinite(trend.y)
    assert known.sum() == np.isfinite(y).sum()
    if known.any():
        assert np.nanmin(y) <= trend.y[known].min()
        assert trend.y[known].max() <= np.nanmax(y)


def test_a_peak_far_away_changes_nothing():
    x = np.linspace(0, 10, 500)
    y = np.where(x < 2, 1e300, 5.0)
    trend = smooth(x, y, WIDTH)
    assert (trend.y[trend.x > 3.1] == 5.0).all()


def test_what_is_no_number_stays_a_gap():
    x = np.linspace(0, 9.75, 40)
    y = np.where((x > 4) & (x < 6), np.inf, 3.0)
    trend = smooth(x, y, WIDTH)
    np.testing.assert_array_equal(np.isnan(trend.y), np.isinf(y))
    assert np.isnan(smooth(x, np.full(40, np.nan), WIDTH).value_at(5.0))


@pytest.mark.parametrize("width", [0.0, -1.0, float("nan")])
def test_a_width_is_above_zero(width):
    with pytest.raises(ValueError, match="above 0"):
        Trend(width)


@given(half=st.floats(1e-3, 50), length=st.floats(1e-6, 1e4), whole=st.floats(1e-3, 1e4))
def test_a_young_curve_is_smoothed_over_no_larger_share_than_twice_that_of_the_whole(half, length, whole):
    width = width_for(half, length, whole)
    assert 0 < width <= half
    assert width / length <= min(0.1, 2 * half / whole) * (1 + 1e-9)
    assert width_for(half, whole, whole) == half or half > whole / 10


@given(values, st.floats(0.05, 5.9), st.integers(0, 60))
def test_nothing_is_smoothed_across_a_break(y, at, known):
    """Each side is smoothed as if it were alone, whenever its points have come."""
    x = np.arange(len(y)) / 10
    trend = TrendInParts(WIDTH, (at,))
    trend.extend(x[: min(known, len(y))], y[: min(known, len(y))])
    trend.extend(x, y)
    before = x <= at
    sides = [smooth(x[side], y[side], WIDTH) for side in (before, ~before) if side.any()]
    both = [[np.array([])], [np.array([np.nan])]][len(sides) - 1]
    np.testing.assert_array_equal(trend.y, np.concatenate([sides[0].y, *both, *[one.y for one in sides[1:]]]))
    assert (np.diff(trend.x) >= 0).all()
    assert trend.gaps == ((len(sides[0].x),) if len(sides) == 2 else ())
    assert trend.settled <= len(trend.x)
    if len(sides) == 2 and np.isfinite(y).all():
        assert trend.value_at(x[before][-1]) == pytest.approx(sides[0].y[-1])
        assert trend.value_at(x[~before][0]) == pytest.approx(sides[1].y[0])


def test_a_jump_at_a_break_stays_a_jump():
    x = np.linspace(0, 10, 500)
    y = np.where(x <= 4, 1.0, 100.0)
    trend = TrendInParts(WIDTH, (4.0,))
    trend.extend(x, y)
    np.testing.assert_allclose(trend.y[trend.x < 4], 1)
    np.testing.assert_allclose(trend.y[trend.x > 4], 100)
    assert smooth(x, y, WIDTH).value_at(3.8) > 5, "without the break it rises before"
