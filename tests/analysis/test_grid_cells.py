"""Cells over a plane: their positions, the cells in a window, moving and zooming it, the axis ticks."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from aestudio.analysis.grid_cells import AxisScale, CellGrid, GridWindow, scales_of, ticks
from aestudio.analysis.projections import plane_of_components, plane_of_dimensions

CODES = np.random.default_rng(0).normal(1, 2, (200, 4))
SHARES = st.floats(-0.9, 0.9)


@pytest.mark.parametrize("spacing", ["even", "normal"])
@pytest.mark.parametrize("make", [plane_of_dimensions, plane_of_components])
def test_the_whole_grid_has_cells_at_even_or_equally_probable_steps(spacing, make):
    plane = make(CODES, 0, 1)
    side = 7
    grid = CellGrid.under(GridWindow(), scales_of(plane, spacing), side)
    assert grid.first == (0, 0)
    assert grid.count == (side, side)
    cells = [(column, row) for row in reversed(range(side)) for column in range(side)]
    shares = (np.arange(side) + 0.5) / side
    if spacing == "even":
        x, y = (low + shares * (high - low) for low, high in plane.limits)
    else:  # quantiles of the prior, whose centre need not be the plane's
        x, y = (norm.ppf(shares) - plane.origin @ axis for axis in plane.axes)
    expected = [(across, up) for up in y[::-1] for across in x]
    np.testing.assert_allclose(grid.centres(cells), expected, atol=1e-9)
    assert grid.edges == pytest.approx((0, 0, 1, 1))


def test_steps_at_quantiles_are_equally_probable():
    scale = AxisScale("normal", 0, 1, shift=0.5)
    values = [scale.value(position) for position in (0.1, 0.2, 0.5, 0.9)]
    assert [NormalDist().cdf(value + 0.5) for value in values] == pytest.approx([0.1, 0.2, 0.5, 0.9])
    assert math.isfinite(scale.value(0.0))
    assert math.isfinite(scale.value(1.0))


@given(SHARES, SHARES, st.integers(5, 40), st.floats(0.05, 3))
def test_a_moved_window_shows_cells_of_the_same_grid(right, up, side, width):
    scales = scales_of(plane_of_dimensions(CODES, 0, 1), "even")
    before = GridWindow(0, 0, width)
    after = before.panned(right, up, "even")
    one, other = (CellGrid.under(window, scales, side) for window in (before, after))
    assert one.step == other.step
    assert one.centre(3, 2) == other.centre(3, 2), "a cell stays where it is"
    left, bottom, wide, high = other.edges
    slack = 1e-5
    assert left <= after.left + slack
    assert left + wide >= after.left + after.width - slack
    assert bottom <= after.bottom + slack
    assert bottom + high >= after.bottom + after.width - slack
    assert side <= other.count[0] <= side + 1


@given(SHARES, SHARES, st.floats(0.2, 5), st.floats(0, 1), st.floats(0, 1))
def test_quantile_cells_stay_between_probability_0_and_1(right, up, factor, across, along):
    window = GridWindow().zoomed(factor, across, along, "normal").panned(right, up, "normal")
    assert 0 <= window.left <= window.left + window.width <= 1 + 1e-12
    assert 0 <= window.bottom <= window.bottom + window.width <= 1 + 1e-12


@given(st.floats(0.3, 3), st.floats(0, 1), st.floats(0, 1))
def test_zooming_keeps_the_point_under_the_pointer(factor, across, along):
    window = GridWindow(0.2, -0.1, 0.5)
    zoomed = window.zoomed(factor, across, along, "even")
    assert zoomed.left + across * zoomed.width == pytest.approx(window.left + across * window.width)
    assert zoomed.bottom + along * zoomed.width == pytest.approx(window.bottom + along * window.width)


def test_zooming_is_limited_on_both_sides():
    window = GridWindow()
    for _ in range(60):
        window = window.zoomed(0.8, 0.5, 0.5, "even")
    assert window.width == pytest.approx(1 / 64)
    for _ in range(60):
        window = window.zoomed(1.25, 0.5, 0.5, "even")
    assert window.width == pytest.approx(8)


@given(st.integers(0, 19), st.integers(0, 19), st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_a_point_lies_in_the_cell_around_it(column, row, across, along):
    for spacing in ("even", "normal"):
        scales = scales_of(plane_of_dimensions(CODES, 0, 1), spacing)
        grid = CellGrid.under(GridWindow(), scales, 20)
        xy = [
            scale.value_at((number + share) / 20)
            for scale, number, share in zip(scales, (column, row), (across, along), strict=True)
        ]
        assert grid.cell_at(*xy) == (column, row)
        assert scales[0].share(xy[0]) == pytest.approx((column + across) / 20)


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (-3.2, 3.1, 4, ["−2", "0", "2"]),
        (-3.2, 3.1, 6, ["−3", "−2", "−1", "0", "1", "2", "3"]),
        (0.11, 0.19, 4, ["0.12", "0.14", "0.16", "0.18"]),
        (-40, 260, 3, ["0", "100", "200"]),
    ],
)
def test_ticks_along_an_axis_are_round_numbers(low, high, most, texts):
    found = ticks(AxisScale("even", low, high), 0, 1, most)
    assert [text for _, text in found] == texts
    for share, text in found:
        assert low + share * (high - low) == pytest.approx(float(text.replace("−", "-")), abs=1e-9)


def test_ticks_along_quantiles_are_at_their_probability():
    found = {text: share for share, text in ticks(AxisScale("normal", 0, 1), 0, 1, 5)}
    assert list(found) == ["−2", "−1", "0", "1", "2"]
    assert found["1"] == pytest.approx(NormalDist().cdf(1))
