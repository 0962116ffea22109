"""The chart of bits against error: places, texts and the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint

from aestudio.gui.plots.rates_chart import RateLine, RatePoint, RatesChart

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

POINTS = (RatePoint(40, 0.02, "quality 1\nSSIM 0.5"), RatePoint(400, 0.002, "quality 9\nSSIM 0.9"))
EXACT = RatePoint(1600, 0.0, "exact")


@pytest.fixture
def chart(qtbot: QtBot) -> RatesChart:
    chart = RatesChart()
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    lines = (RateLine("Mine", POINTS, "accent", strong=True), RateLine("PNG", (EXACT,), 1))
    chart.show_lines(lines, 120)
    return chart


def test_scales_are_logarithmic(chart: RatesChart) -> None:
    few, many = map(chart.place, POINTS)
    across, up = chart.spans()
    assert across[0] < 40 < 1600 < across[1]
    assert up[0] < 0.002 < 0.02 < up[1]
    middle = chart.place(RatePoint((40 * 400) ** 0.5, (0.02 * 0.002) ** 0.5, ""))
    assert middle.x() == pytest.approx((few.x() + many.x()) / 2)
    assert middle.y() == pytest.approx((few.y() + many.y()) / 2)
    assert few.y() < many.y() < chart.place(EXACT).y() == chart.box().bottom()


def test_the_setting_under_the_mouse_is_told(chart: RatesChart) -> None:
    at = chart.place(POINTS[1]).toPoint()
    assert chart.help_at(at) == "Mine, quality 9\nSSIM 0.9"
    assert chart.help_at(at - QPoint(80, 0)) is None


def test_each_scale_has_its_own_title(chart: RatesChart) -> None:
    assert chart.titles() == ("Bits per image", "Mean squared error per pixel")
    chart.resize(600, 180)
    assert chart.titles() == ("Bits per image", "MSE per pixel"), "where the long one does not fit"


def test_an_exact_codec_is_called_so(chart: RatesChart) -> None:
    """Its mark is at the lower edge of a scale that has no zero."""
    assert colours_above(chart, EXACT) > 8
    least = RatePoint(1600, 0.001, "the least error")
    chart.show_lines((RateLine("Mine", POINTS, "accent", strong=True), RateLine("PNG", (least,), 1)), 120)
    assert colours_above(chart, least) < 4


def colours_above(chart: RatesChart, point: RatePoint) -> int:
    """Of how many colours the pixels above the mark of a setting are; smooth letters are of many."""
    place, image = chart.place(point).toPoint(), chart.grab().toImage()
    return len({image.pixel(place + QPoint(x, y)) for x in range(-12, 12) for y in range(-18, -6)})


def test_its_numbers(chart: RatesChart) -> None:
    assert chart.table().rows == [
        ("Mine", "quality 1", 40, 0.02),
        ("Mine", "quality 9", 400, 0.002),
        ("PNG", "exact", 1600, 0.0),
    ]


def test_nothing_to_show(chart: RatesChart) -> None:
    chart.show_lines((), None)
    assert not chart.has_content
    assert chart.help_at(QPoint(100, 100)) is None
    chart.grab()  # paints the sentence instead
