"""Bars have the heights of their counts, and their tooltips say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint

from aestudio.gui.widgets.count_bars import CountBars

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_heights_are_the_counts_and_empty_bars_have_none(qtbot: QtBot) -> None:
    bars = CountBars("Images")
    qtbot.addWidget(bars)
    bars.resize(300, bars.sizeHint().height())
    bars.show_counts((10, 0, 5, 1000), ("a", "b", "c", "d"), ("a: 10", "b: 0", "c: 5", "d: 1000"))
    heights = [bars.bar_rect(index).height() for index in range(4)]
    assert heights[1] == 0
    assert heights[2] == 1  # seen, however few
    assert heights[0] == pytest.approx(heights[3] / 100, abs=1)
    assert bars.help_at(QPoint(299, 3)) == "d: 1000"
    assert bars.grab().width() == 300
    assert [row[1] for row in bars._values().rows] == ["10", "0", "5", "1000"]


def test_nothing_is_painted_without_counts(qtbot: QtBot) -> None:
    bars = CountBars("Images")
    qtbot.addWidget(bars)
    assert bars.help_at(QPoint(0, 0)) is None
    assert bars.grab().height() > 0
