"""Outliers: a range that spikes do not flatten, and every point outside it marked and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.plots.clipped_points import LEFT_OUT, middle_range, outside
from aestudio.gui.plots.curve_plot import CurvePlot
from aestudio.gui.plots.curves import Curve

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def spiky() -> Curve:
    """A slowly falling curve with two spikes up and one down."""
    x = np.linspace(0.0, 10.0, 401)
    y = 100.0 - x
    y[[150, 250]] = 5000.0, 900.0
    y[300] = -700.0
    return Curve("Training", x, y)


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    plot = CurvePlot()
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    plot.show()
    return plot


def test_the_range_is_that_of_the_middle_of_the_values() -> None:
    values = np.concatenate([np.arange(1000.0), [np.nan, np.inf, -np.inf, 1e9, 500.0]])
    finite = np.sort(values[np.isfinite(values)])
    low, high = np.interp(
        np.array([LEFT_OUT, 1 - LEFT_OUT]) * (len(finite) - 1), np.arange(len(finite)), finite
    )
    assert middle_range(values) == pytest.approx((low, high))
    assert middle_range(np.array([np.nan])) is None


def test_the_newest_value_is_always_in_it() -> None:
    assert middle_range(np.array([1.0] * 500 + [80.0])) == (1.0, 80.0)


def test_only_points_that_are_shown_along_x_count() -> None:
    x, y = np.arange(5.0), np.array([9.0, 1.0, 9.0, -9.0, np.nan])
    found = outside(x, y, (1.0, 4.0), (0.0, 2.0), "#fff")
    assert found.above.tolist() == [2.0]
    assert found.below.tolist() == [3.0]
    assert (found.highest, found.lowest) == (9.0, -9.0)


def test_spikes_do_not_flatten_the_curve_and_are_not_lost(plot: CurvePlot) -> None:
    plot.set_curves((spiky(),))
    assert plot.view_box.viewRange()[1][1] > 900, "without clipping all is shown"
    assert plot.clipped_text == ""
    plot.set_clipping(True)
    low, high = plot.view_box.viewRange()[1]
    assert 85 < low < 91
    assert 99 < high < 105
    assert plot.clipped_text == "Points outside: 2 above, up to 5,000; 1 below, down to −700.0"
    shown = spiky()
    above = shown.y > high
    assert shown.x[above].tolist() == [3.75, 6.25]
    assert np.array_equal(plot._clipped.points[0].above, shown.x[above])
    plot.set_clipping(False)
    assert plot.clipped_text == ""
    assert plot.view_box.viewRange()[1][1] > 900


def test_all_points_are_inside_where_there_are_no_outliers(plot: CurvePlot) -> None:
    plot.set_clipping(True)
    x = np.linspace(0.0, 10.0, 30)
    plot.set_curves((Curve("Validation", x, np.full(30, 7.0)),))
    assert plot.clipped_text == ""


def test_on_a_logarithmic_axis_the_line_says_the_values(plot: CurvePlot) -> None:
    plot.set_clipping(True)
    plot.set_logarithmic(True)
    plot.set_curves((spiky(),))
    assert "up to 5,000" in plot.clipped_text
    assert "below" not in plot.clipped_text, "what is not positive cannot be drawn"


def test_another_part_of_the_curve_has_other_points_outside(plot: CurvePlot) -> None:
    plot.set_clipping(True)
    plot.set_curves((spiky(),))
    plot.set_x_range((5.0, 7.0))
    assert plot.clipped_text == "Points outside: 1 above, up to 900.0"
