"""Ticks are round, few, and inside."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.plots.axes import NumberAxis, round_numbers, round_numbers_log
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


def test_a_logarithmic_axis_writes_the_numbers_themselves(qapp):
    axis = NumberAxis("left")
    axis.set_logarithmic(True)
    [(_, values)] = axis.tickValues(0, 3, 400)
    assert axis.tickStrings(values, 1, 1) == ["1", "2", "5", "10", "20", "50", "100", "200", "500", "1,000"]
    assert axis.tickValues(1, 1, 400) == []


def test_another_title_stands_in_the_middle_of_its_axis(qapp):
    axis = NumberAxis("bottom")
    axis.set_title("PC 1")
    axis.dress(DARK)
    axis.resize(400, 60)
    axis.set_title("0.9 PC 1 + 0.4 PC 2 · 17 %")
    box = axis.label.mapRectToParent(axis.label.boundingRect())
    assert abs(box.center().x() - 200) <= 1
