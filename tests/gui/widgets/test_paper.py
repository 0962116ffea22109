"""Charts on paper: light whatever the window's theme is, with embedded fonts, in vectors."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.errors import BadChoice
from aestudio.gui.plots.bar_chart import Bar, BarChart
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import LIGHT
from aestudio.gui.widgets.class_shares import ClassShares
from aestudio.gui.widgets.count_bars import CountBars
from aestudio.gui.widgets.paper import (
    DOTS_PER_INCH,
    FORMATS,
    POINTS_PER_INCH,
    POINTS_PER_PIXEL,
    on_paper,
    widget_on_paper,
)
from aestudio.gui.widgets.stack_bar import Block, StackBar
from aestudio.gui.widgets.usage_bars import UsageBars

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.widgets.painted_widget import PaintedWidget


def test_a_chart_is_light_on_paper_and_dark_in_the_window(qtbot: QtBot) -> None:
    chart = BarChart()
    qtbot.addWidget(chart)
    chart.set_rows((Bar("codes", 0.9, "90.0 %", strong=True), Bar("pixels", 0.4, "40.0 %")))
    chart.resize(400, 120)
    before = current_theme()
    content = widget_on_paper(chart)
    assert current_theme() is before
    assert before.name == "dark"
    assert {suffix: content(suffix)[:4] for suffix in FORMATS} == {
        "pdf": b"%PDF",
        "svg": b"<?xm",
        "png": b"\x89PNG",
    }
    assert b"FontFile" in content("pdf")
    assert b"90.0" in content("svg")
    with Image.open(io.BytesIO(content("png"))) as image:
        pixels = np.asarray(image.convert("RGB"))
    scale = POINTS_PER_PIXEL * DOTS_PER_INCH / POINTS_PER_INCH
    assert pixels.shape[:2] == (round(120 * scale), round(400 * scale))
    assert np.median(pixels) > 200
    accent = tuple(int(LIGHT.accent[at : at + 2], 16) for at in (1, 3, 5))
    assert (pixels == accent).all(axis=-1).any()


def class_shares() -> PaintedWidget:
    bars = ClassShares()
    bars.show_shares("Ten samples", ("zero", "one"), (0.7, 0.3))
    return bars


def count_bars() -> PaintedWidget:
    bars = CountBars("Images of each class")
    bars.show_counts((3, 5), ("zero", "one"), ("3 of zero", "5 of one"))
    return bars


def usage_bars() -> PaintedWidget:
    bars = UsageBars()
    bars.set_usage((4, 1), (0.6, 0.4))
    return bars


def stack_bar() -> PaintedWidget:
    bar = StackBar()
    bar.set_blocks((Block("first", 32, "first bits"), Block("code", 20, "the code")), 64)
    return bar


@pytest.mark.parametrize("make", [class_shares, count_bars, usage_bars, stack_bar])
def test_every_chart_is_offered_as_a_figure_with_its_numbers(
    make: Callable[[], PaintedWidget], qtbot: QtBot
) -> None:
    """Empty, it offers neither."""
    chart = make()
    qtbot.addWidget(chart)
    chart.resize(300, 80)
    offer = chart.offer_at(None)  # type: ignore[attr-defined]
    assert offer.chart
    assert offer.figure is not None
    assert offer.values is not None
    assert len(list(offer.values().rows)) == 2
    content = offer.figure()
    assert [content(suffix)[:4] for suffix in FORMATS] == [b"%PDF", b"<?xm", b"\x89PNG"]
    with Image.open(io.BytesIO(content("png"))) as image:
        assert np.quantile(np.asarray(image.convert("L")), 0.75) > 200, "it is light"
    empty = type(chart)("") if isinstance(chart, CountBars) else type(chart)()
    qtbot.addWidget(empty)
    assert empty.offer_at(None).figure is None  # type: ignore[attr-defined]


def test_another_format_is_refused() -> None:
    with pytest.raises(BadChoice, match="jpg"):
        on_paper("jpg", lambda painter, outlines: None, None)  # type: ignore[arg-type]
