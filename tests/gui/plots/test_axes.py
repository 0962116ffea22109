"""Ticks are round, few, and within the range."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aestudio.gui.plots.axes import NumberAxis, round_numbers, round_numbers_log
from aestudio.gui.plots.curves import Curve
from aestudio.gui.plots.small_multiples import SmallMultiples, SmallPlot
from aestudio.gui.theme.tokens import DARK


@given(low=st.floats(-1e4, 1e4), width=st.floats(1e-3, 1e4), most=st.integers(2, 12))
def test_round_numbers(low, width, most):
    found = round_numbers(low, low + width, most)
    assert len(found) <= most
    assert (found >= low - width * 1e-6).all()
    assert (found <= low + width * (1 + 1e-6)).all()
    if len(found) > 2:
        np.testing.assert_allclose(np.diff(found), found[1] - found[0], rtol=1e-6)


@given(low=st.floats(-8, 6), width=st.floats(0.05, 8), most=st.integers(3, 10))
def test_round_numbers_log(low, width, most):
    found = round_numbers_log(low, low + width, most)
    assert len(found) <= most
    assert (np.log10(found) >= low - 1e-6).all()
    assert (np.log10(found) <= low + width + 1e-6).all()


WIDE = st.floats(allow_nan=False, allow_infinity=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=WIDE, high=WIDE, logarithmic=st.booleans(), length=st.integers(1, 6000))
def test_few_ticks_with_different_numbers_whatever_the_range(qapp, low, high, logarithmic, length):
    axis = NumberAxis("left")
    axis.set_logarithmic(logarithmic)
    low, high = min(low, high), max(low, high)
    values = [value for _, level in axis.tickValues(low, high, length) for value in level]
    assert len(values) <= max(2, length // 34) or len(values) <= length // 18
    slack = 1e-6 * (high - low)
    assert all(low - slack <= value <= high + slack for value in values)
    assert len(set(axis.tickStrings(values, 1.0, 1.0))) == len(values)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=st.floats(0.1, 1e3), share=st.floats(0.1, 10), length=st.integers(100, 600))
def test_a_single_number_is_no_scale(qapp, low, share, length):
    """As on the loss between 155 and 248: only 200 is a multiple of 50 in there."""
    axis = NumberAxis("left")
    values = [value for _, level in axis.tickValues(low, low * (1 + share), length) for value in level]
    assert len(values) >= 2


def test_a_very_wide_logarithmic_axis_counts_in_steps_of_decades():
    assert round_numbers_log(-200, 200, 5).tolist() == [1e-200, 1e-100, 1.0, 1e100, 1e200]
    assert round_numbers_log(-1e6, 1e6, 5).tolist() == [1e-300, 1e-150, 1.0, 1e150, 1e300]


def test_close_numbers_have_different_texts(qapp):
    axis = NumberAxis("left")
    [(_, values)] = axis.tickValues(123.45678, 123.45679, 300)
    texts = axis.tickStrings(values, 1.0, 1.0)
    assert len(set(texts)) == len(values) > 2
    assert texts[0].startswith("123.4567")
    [(_, values)] = axis.tickValues(1e9, 1e9 + 10, 300)
    assert len(set(axis.tickStrings(values, 1.0, 1.0))) == len(values) > 2


def test_a_logarithmic_axis_writes_the_numbers_themselves(qapp):
    axis = NumberAxis("left")
    axis.set_logarithmic(True)
    [(_, values)] = axis.tickValues(0, 3, 400)
    assert axis.tickStrings(values, 1, 1) == ["1", "2", "5", "10", "20", "50", "100", "200", "500", "1,000"]
    assert axis.tickValues(1, 1, 400) == []


def test_a_changed_title_is_centred_on_its_axis(qapp):
    axis = NumberAxis("bottom")
    axis.set_title("PC 1")
    axis.apply_theme(DARK)
    axis.resize(400, 60)
    axis.set_title("0.9 PC 1 + 0.4 PC 2 · 17 %")
    assert axis.label is not None
    box = axis.label.mapRectToParent(axis.label.boundingRect())
    assert abs(box.center().x() - 200) <= 1


def test_the_number_at_the_end_of_an_axis_is_not_cut(qtbot):
    plots = SmallMultiples()
    qtbot.addWidget(plots)
    plots.resize(210, 150)
    x = np.linspace(0, 10_000, 50)
    plots.set_terms((SmallPlot("Loss", (Curve("Training", x, x / 10_000, "accent"),)),))
    plots.show()
    qtbot.waitExposed(plots)
    [plot] = plots.plots
    plot.set_x_range((0.0, 10_000.0))
    assert plot.bottom_axis._marks()[-1][1] == "10,000"
    image = plot.grab().toImage()
    below = range(plot.height() - 22, plot.height())
    columns = [len({image.pixel(x, y) for y in below}) for x in range(plot.width())]
    assert columns[-1] == 1, "nothing is written in the last column of pixels, where the plot ends"
    assert max(columns[-12:-1]) > 1


def test_a_short_axis_has_more_than_one_number(qapp: object) -> None:
    """The data of a small map beside a panel: 170 pixels."""
    axis = NumberAxis("bottom")
    for low, high in ((-7.3, 4.9), (-3.2, 3.2), (-0.9, 9.6)):
        values = [value for _, level in axis.tickValues(low, high, 170.0) for value in level]
        assert 2 <= len(values) <= 3, values


def test_zero_is_not_the_only_number_of_an_axis():
    """It would tell no scale, as on a map from -5 to 4.7 that has room for four numbers."""
    assert round_numbers(-4.98, 4.7, 4).tolist() == [-4, 0, 4]
    assert round_numbers(-0.19, 0.15, 3).tolist() == [-0.1, 0, 0.1]
    assert round_numbers(-4.98, 4.7, 2).tolist() == [0], "there is no room for three"


def test_a_number_that_is_wider_than_its_place_is_a_power_of_ten(qapp) -> None:
    """−500,000 was cut to 500,000 at the edge of the plot."""
    axis = NumberAxis("left")
    axis.apply_theme(DARK)
    assert axis._within_room([-500.0, 0.0], ["−500", "0"]) == ["−500", "0"]
    assert axis._within_room([-500_000.0, 0.0], ["−500,000", "0"]) == ["−5×10⁵", "0"]
    axis.set_logarithmic(True)
    assert axis._within_room([5.0, 9.0], ["100,000", "1,000,000,000"]) == ["10⁵", "10⁹"]
