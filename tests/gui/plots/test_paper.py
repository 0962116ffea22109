"""Charts on paper: light whatever the window's theme is, with embedded fonts, in vectors."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.errors import BadChoice
from aestudio.gui.plots.bar_chart import Bar, BarChart
from aestudio.gui.plots.paper import (
    DOTS_PER_INCH,
    FORMATS,
    POINTS_PER_INCH,
    POINTS_PER_PIXEL,
    on_paper,
    widget_on_paper,
)
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import LIGHT

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


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


def test_another_format_is_refused() -> None:
    with pytest.raises(BadChoice, match="jpg"):
        on_paper("jpg", lambda painter, outlines: None, None)  # type: ignore[arg-type]
