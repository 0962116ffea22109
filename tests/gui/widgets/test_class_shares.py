"""Bars of the classes among samples: heights in proportion, texts, an empty state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint

from aestudio.gui.widgets.class_shares import ClassShares

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def bars(qtbot: QtBot) -> ClassShares:
    widget = ClassShares()
    qtbot.addWidget(widget)
    widget.resize(400, 80)
    widget.show()
    return widget


def test_heights_are_in_proportion_and_the_highest_fits(bars: ClassShares) -> None:
    bars.show_shares("1,000 samples", ("a", "b", "c", "d"), (0.6, 0.3, 0.1, 0.0))
    heights = [bars.bar_rect(index).height() for index in range(4)]
    assert heights[0] == pytest.approx(2 * heights[1])
    assert heights[1] == pytest.approx(3 * heights[2])
    assert heights[3] == 0
    assert bars.bar_rect(0).top() == bars._line()
    assert bars.bar_rect(3).right() <= bars.width()
    bars.show_shares("equal", ("a", "b"), (0.5, 0.5))
    assert bars.bar_rect(0).height() == pytest.approx((bars.height() - 2 * bars._line()) / 2)


def test_each_bar_says_its_share(bars: ClassShares) -> None:
    bars.setToolTip("as a classifier names them")
    bars.show_shares("1,000 samples", ("a", "b"), (0.75, 0.25))
    assert bars.help_at(QPoint(300, 60)) == "b: 25.0 %\nas a classifier names them"
    assert bars.help_at(QPoint(300, 0)) is None, "the sentence has the tooltip of the whole"
    assert bars.offer_at(QPoint(10, 60)).text == "a: 75.0 %"
    values = bars.offer_at(None).values
    assert values is not None
    assert [*values().rows] == [("a", "75.0 %"), ("b", "25.0 %")]
    assert bars.accessibleDescription() == "1,000 samples; a: 75.0 %; b: 25.0 %"


def test_without_a_count_there_is_a_sentence(bars: ClassShares) -> None:
    bars.show_shares("being counted")
    assert bars.caption == "being counted"
    assert bars.help_at(QPoint(300, 60)) is None
    assert not bars.grab().isNull()
