"""Numbers on axes and in read-outs."""

import pytest

from aestudio.gui.plots.numbers import short_number, tick_number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (103.24, "103.2"),
        (0.018321, "0.01832"),
        (12345.6, "12,346"),
        (-2.5, "−2.500"),
        (1.2e-6, "1.2×10⁻⁶"),
        (1e9, "10⁹"),
        (float("nan"), "–"),
        (float("-inf"), "−∞"),
    ],
)
def test_short_number(value, text):
    assert short_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.0, "0"), (0.25, "0.25"), (-1.5, "−1.5"), (20000, "20,000"), (1e7, "10⁷")],
)
def test_tick_number(value, text):
    assert tick_number(value) == text
