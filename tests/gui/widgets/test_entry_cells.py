"""Cells of entries: they grow to the space that there is, and their numbers are as large as fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetricsF

from aestudio.gui.widgets.entry_cells import EntryCells

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def entries(qtbot: QtBot) -> EntryCells:
    """32 entries in as many columns as fit into 230 pixels."""
    cells = EntryCells(0, smallest=18)
    qtbot.addWidget(cells)
    cells.set_entries(range(32))
    return cells


@pytest.mark.parametrize("height", [90, 150, 220, 400])
def test_entries_grow_while_all_fit(entries: EntryCells, height: int) -> None:
    entries.set_available_height(height)
    entries.resize(230, entries.heightForWidth(230))
    side = entries.side_for(230)
    assert entries.height() == -(-32 // (230 // side)) * side <= height
    assert 20 < side <= 40
    if side < 40:  # one pixel more, and they would not fit
        assert -(-32 // (230 // (side + 1))) * (side + 1) > height
    last = entries.cell_rect(31)
    assert entries.rect().toRectF().contains(last)
    assert last.width() == int(last.width()), "whole pixels"
    assert entries.index_at(last.center().toPoint()) == 31
    assert entries.index_at(QPoint(229, entries.height() + 5)) == -1


def test_entries_that_do_not_fit_are_as_small_as_allowed(entries: EntryCells) -> None:
    for height in (0, 40):
        entries.set_available_height(height)
        assert entries.side_for(230) == 20
        assert entries.heightForWidth(230) == 3 * 20
    assert entries.columns_for(15) == 1


@pytest.mark.parametrize(("side", "least"), [(14, 8), (16, 9), (20, 11), (40, 15)])
def test_numbers_are_as_large_as_fits(qtbot: QtBot, side: int, least: int) -> None:
    cells = EntryCells(7, smallest=8, largest=40)
    qtbot.addWidget(cells)
    cells.set_entries(range(40, 89))
    cells.resize(7 * side, 7 * side)
    assert cells.cell_rect(0).width() == side - 2
    number_font = cells.number_font()
    assert number_font is not None
    assert number_font.pixelSize() >= least
    assert QFontMetricsF(number_font).horizontalAdvance("88") <= 0.9 * (side - 2)


def test_without_space_there_are_no_numbers(qtbot: QtBot) -> None:
    cells = EntryCells(7, smallest=4, largest=40)
    qtbot.addWidget(cells)
    cells.set_entries(range(500, 549))
    cells.resize(49, 49)
    assert cells.number_font() is None
    assert not cells.grab().isNull()
