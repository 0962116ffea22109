"""Sliders of several levels: groups under headings, which can be folded."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.gui.views.latent.sliders.slider_levels import grouped, level_of, page_of
from aestudio.gui.widgets.slider_row import SliderHeading, SliderKey
from aestudio.recipes.latent import Level
from tests.latent_models import snapshot_of

LEVELS = (Level("top", 2), Level("bottom", 3))
AXES: tuple[SliderKey, ...] = tuple(("axis", number) for number in range(5))


def test_the_level_of_a_number():
    assert [level_of(LEVELS, number) for number in range(5)] == [0, 0, 1, 1, 1]


def test_sliders_below_the_names_of_their_levels():
    items = grouped((("direction", 0), *AXES[::-1]), LEVELS, frozenset())
    assert items[0] == ("direction", 0)
    assert [item.text.split(" ")[0] for item in items if isinstance(item, SliderHeading)] == ["top", "bottom"]
    assert items[2:4] == (("axis", 1), ("axis", 0))  # the given order within a level
    assert items[5:] == (("axis", 4), ("axis", 3), ("axis", 2))


def test_a_folded_level_keeps_its_heading():
    items = grouped(AXES, LEVELS, frozenset({0}))
    assert isinstance(items[0], SliderHeading)
    assert items[0].folded
    assert [item for item in items if not isinstance(item, SliderHeading)] == list(AXES[2:])


def test_a_level_without_a_match_has_no_heading():
    items = grouped(AXES[3:], LEVELS, frozenset())
    assert [item.group for item in items if isinstance(item, SliderHeading)] == [1]


def test_one_level_has_no_headings():
    assert grouped(AXES, (), frozenset({0})) == AXES


def test_a_page_counts_the_sliders_above_each_heading():
    keys, headings = page_of(grouped(AXES, LEVELS, frozenset())[:5])
    assert keys == AXES[:3]
    assert [above for above, _ in headings] == [0, 2]


@pytest.fixture
def sliders(studio_session, show_view, qtbot):
    view = show_view(LatentView)
    view.resize(900, 1400)
    studio_session.update(model=ExploredModel(snapshot_of("levels"), "levels", "kept"))
    sliders = view.explorer.sliders
    qtbot.waitUntil(lambda: len(sliders.column.headings) == 2, timeout=20_000)
    qtbot.waitUntil(lambda: len(sliders.column.sliders) == 6, timeout=20_000)
    return sliders


def test_headings_stand_above_their_sliders(sliders):
    top, bottom = sliders.column.headings
    rows = sliders.column.sliders
    parts = [top, *rows[:2], bottom, *rows[2:]]
    assert all(upper.geometry().bottom() < lower.geometry().top() for upper, lower in pairwise(parts))


def test_a_click_folds_and_unfolds(sliders, qtbot):
    column = sliders.column
    qtbot.mouseClick(column.headings[0], Qt.MouseButton.LeftButton)
    assert [row.symbol for row in column.rows] == ["z3", "z4", "z5", "z6"]
    assert len(column.headings) == 2
    qtbot.mouseClick(column.headings[0], Qt.MouseButton.LeftButton)
    assert [row.symbol for row in column.rows] == [f"z{number}" for number in range(1, 7)]


def test_a_typed_number_unfolds_its_level(sliders):
    sliders.fold(1)
    assert len(sliders.column.rows) == 2
    sliders.jump(5)
    assert "z5" in [row.symbol for row in sliders.column.rows]
    assert len(sliders.column.rows) == 6
