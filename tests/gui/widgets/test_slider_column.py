"""The column of latent sliders: signals, paging, keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.widgets.slider_column import SliderColumn
from aestudio.gui.widgets.slider_row import SliderRow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def rows(count: int, first: int = 0) -> list[SliderRow]:
    return [SliderRow(("axis", n), f"z{n + 1}", -2.0, 2.0) for n in range(first, first + count)]


@pytest.fixture
def column(qtbot: QtBot) -> SliderColumn:
    widget = SliderColumn()
    qtbot.addWidget(widget)
    widget.resize(360, widget.height_of(6))
    with qtbot.waitActive(widget):
        widget.show()
    widget.set_rows(rows(6))
    qtbot.waitUntil(lambda: len(widget.sliders) == 6)
    return widget


def test_signals_have_the_key_of_the_slider(qtbot: QtBot, column: SliderColumn) -> None:
    third = column.sliders[2]
    third.slider.setFocus()
    with qtbot.waitSignal(column.value_changed) as moved:
        qtbot.keyClick(third.slider, Qt.Key.Key_Left)
    assert moved.args == [("axis", 2), pytest.approx(-0.02)]
    column.set_rows(rows(6, first=40))  # the next page: the same widgets, other rows
    with qtbot.waitSignal(column.switched) as switched:
        qtbot.keyClicks(third.slider, "m")
    assert switched.args == [("axis", 42), "muted", True]


def test_setters_emit_no_signal(qtbot: QtBot, column: SliderColumn) -> None:
    with qtbot.assertNotEmitted(column.value_changed), qtbot.assertNotEmitted(column.switched):
        column.set_values([0.1 * n for n in range(6)], [None] * 6)
        column.set_playing(frozenset({("axis", 1)}))
    assert [slider.value for slider in column.sliders] == pytest.approx([0.1 * n for n in range(6)])
    assert [slider.buttons["playing"].isChecked() for slider in column.sliders] == [
        False,
        True,
        False,
        False,
        False,
        False,
    ]


def test_the_capacity_follows_the_size(qtbot: QtBot, column: SliderColumn) -> None:
    assert column.capacity == 6
    with qtbot.waitSignal(column.resized):
        column.resize(360, column.height_of(9) + 5)
    assert column.capacity == 9
    column.resize(700, column.height())
    assert column.capacity == 9, "a slider is as high in a wide column"
    assert {slider.height() for slider in column.sliders} == {28}
    column.resize(360, 10)
    assert column.capacity == 2


def test_a_page_is_created_over_several_turns_and_gets_its_values(qtbot: QtBot) -> None:
    widget = SliderColumn()
    qtbot.addWidget(widget)
    widget.resize(360, widget.height_of(9))
    widget.set_rows(rows(9))
    widget.set_values([float(n) for n in range(9)], [0.1] * 9)
    assert len(widget.sliders) == 2  # the others must not delay the first frame
    qtbot.waitUntil(lambda: len(widget.sliders) == 9)
    assert [slider.value for slider in widget.sliders] == [float(n) for n in range(9)]
    assert len(widget.findChildren(LatentSlider)) == 9


def test_another_model_has_all_its_sliders_in_the_first_frame(qtbot: QtBot, column: SliderColumn) -> None:
    column.resize(360, column.height_of(10))
    before = len(column.findChildren(LatentSlider))
    column.set_rows(rows(10))
    assert before < len(column.sliders) == 10, "without a turn of the event loop between"
    assert all(slider.isVisible() for slider in column.sliders)


def test_fewer_rows_hide_the_other_sliders(column: SliderColumn) -> None:
    column.set_rows(rows(2))
    assert len(column.sliders) == 2
    assert [slider.isVisible() for slider in column.findChildren(LatentSlider)] == [True] * 2 + [False] * 4


def test_up_and_down_select_sliders_and_turn_pages_at_the_ends(qtbot: QtBot, column: SliderColumn) -> None:
    pages: list[int] = []
    column.paged.connect(pages.append)
    column.focus_slider(0)
    for index in (1, 2, 3, 4, 5):
        qtbot.keyClick(column.focusWidget(), Qt.Key.Key_Down)
        assert column.sliders[index].slider.hasFocus()
    assert pages == []
    qtbot.keyClick(column.focusWidget(), Qt.Key.Key_Down)
    assert pages == [1]
    column.focus_slider(0)
    qtbot.keyClick(column.focusWidget(), Qt.Key.Key_Up)
    qtbot.keyClick(column.focusWidget(), Qt.Key.Key_PageDown)
    qtbot.keyClick(column.focusWidget(), Qt.Key.Key_PageUp)
    assert pages == [1, -1, 1, -1]


def test_digits_typed_quickly_form_one_number(
    qtbot: QtBot, column: SliderColumn, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [10.0]
    monkeypatch.setattr("aestudio.gui.widgets.slider_column.time.monotonic", lambda: now[0])
    jumps: list[int] = []
    column.jumped.connect(jumps.append)
    column.focus_slider(0)
    qtbot.keyClicks(column.focusWidget(), "42")
    now[0] += 2
    qtbot.keyClicks(column.focusWidget(), "7")
    assert jumps == [4, 42, 7]
