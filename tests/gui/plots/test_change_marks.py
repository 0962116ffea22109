"""Marks of changed settings: texts never overlap; what has no room is a tick, and the mouse finds it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from aestudio.gui.plots.change_marks import BESIDE, ChangeMark, PlacedMark, joined_text, placed_marks
from aestudio.gui.plots.curve_plot import CurvePlot
from aestudio.gui.plots.curves import Curve
from aestudio.gui.plots.small_multiples import SmallMultiples, SmallPlot

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WIDTH = 400.0


def ten_pixels_a_letter(text: str) -> float:
    return 10.0 * len(text)


def placed(*places: float, text: str = "β 1 → 4", width: float = WIDTH) -> tuple[PlacedMark, ...]:
    marks = [(place, ChangeMark(place, text, int(place))) for place in sorted(places)]
    return placed_marks(marks, width, ten_pixels_a_letter, joined_text)


def test_a_mark_alone_has_its_text_to_the_right_of_its_line() -> None:
    (mark,) = placed(100.0)
    assert (mark.at, mark.text, mark.left) == (100.0, "β 1 → 4", 100.0 + BESIDE)


def test_the_last_one_at_the_right_edge_has_it_to_the_left() -> None:
    (mark,) = placed(390.0)
    assert mark.left + 70 == 390.0 - BESIDE


def test_marks_without_room_are_ticks() -> None:
    texts = [mark.text for mark in placed(100, 130, 160, 300)]
    assert texts == ["", "", "β 1 → 4", "β 1 → 4"]


def test_marks_at_one_place_are_one() -> None:
    (mark,) = placed(100.0, 101.0, 104.0)
    assert len(mark.marks) == 3
    assert placed(-5.0, 401.0) == (), "outside of what is shown"


@given(st.lists(st.floats(0, WIDTH), max_size=60))
def test_no_two_texts_overlap_and_no_mark_is_lost(places: list[float]) -> None:
    found = placed(*places)
    assert sum(len(mark.marks) for mark in found) == len(places)
    spans = [(mark.left, mark.left + ten_pixels_a_letter(mark.text)) for mark in found if mark.text]
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    assert all(low >= 0 and high <= WIDTH for low, high in spans)
    for mark in found:
        others = [other.at for other in found if other is not mark]
        for low, high in spans:
            if mark.text and low in (mark.left,):
                assert not any(low < at < high for at in others), "no line through a text"


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (("β 1 → 2", "β 2 → 3", "β 3 → 4"), "β 1 → 4"),
        (("β 1 → 2", "Learning rate 0.1 → 0.2"), "β 1 → 2, Learning rate 0.1 → 0.2"),
        (("β 1 → 2", "Learning rate 0.1 → 0.2", "β 2 → 1"), "β 1 → 2, …"),
    ],
)
def test_the_text_of_several(texts: tuple[str, ...], joined: str) -> None:
    assert joined_text([ChangeMark(1.0, text, 1) for text in texts]) == joined


def test_the_read_out_tells_every_change_under_the_mouse(qtbot: QtBot) -> None:
    plot = CurvePlot()
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    plot.show()
    x = np.linspace(0.0, 10.0, 50)
    plot.set_curves((Curve("Training", x, 1 / (1 + x)),))
    plot.set_changes((ChangeMark(5.0, "β 1 → 4", 1200), ChangeMark(5.0, "β 4 → 2", 1200)))
    plot.hover(QPointF(plot.pixel_of(5.0, 0.4)))
    assert "β 1 → 4" in plot.read_out.text()
    assert "β 4 → 2" in plot.read_out.text()
    assert "step 1,200" in plot.read_out.text()
    plot.hover(QPointF(plot.pixel_of(8.0, 0.4)))
    assert "β" not in plot.read_out.text()


def test_small_plots_have_ticks_also_those_that_come_later(qtbot: QtBot) -> None:
    plots = SmallMultiples()
    qtbot.addWidget(plots)
    plots.resize(700, 140)
    plots.show()
    x = np.linspace(0.0, 10.0, 50)
    terms = [SmallPlot(name, (Curve(name, x, x),)) for name in ("KL", "Reconstruction")]
    plots.set_terms(tuple(terms[:1]))
    marks = (ChangeMark(5.0, "β 1 → 4", 1200),)
    plots.set_changes(marks)
    plots.set_terms(tuple(terms))
    assert [plot.changes for plot in plots.plots] == [marks, marks]
    assert [[mark.text for mark in plot._changes.placed()] for plot in plots.plots] == [[""], [""]]
