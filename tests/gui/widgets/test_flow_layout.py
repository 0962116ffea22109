"""Widgets in lines: their places, the height that they need, and what Qt asks a layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from aestudio.gui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

GAP = 3


class Block(QWidget):
    """A widget of 40 x 10 pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(40, 10)


@pytest.fixture
def panel(qtbot: QtBot) -> QWidget:
    """A widget with five blocks."""
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = FlowLayout(widget, gap=GAP)
    for _ in range(5):
        layout.addWidget(Block())
    return widget


def flow(panel: QWidget) -> FlowLayout:
    """The panel's layout."""
    layout = panel.layout()
    assert isinstance(layout, FlowLayout)
    return layout


def corners(panel: QWidget, width: int) -> list[tuple[int, int]]:
    """The left upper corners of the blocks at this width."""
    flow(panel).setGeometry(QRect(0, 0, width, 100))
    return [(block.x(), block.y()) for block in panel.findChildren(Block)]


def test_a_full_line_starts_the_next(panel: QWidget) -> None:
    assert corners(panel, 2 * 40 + GAP) == [(0, 0), (43, 0), (0, 13), (43, 13), (0, 26)]
    assert corners(panel, 2 * 40 + GAP - 1) == [(0, 13 * line) for line in range(5)]
    assert corners(panel, 1000) == [(43 * place, 0) for place in range(5)]


@pytest.mark.parametrize(("width", "lines"), [(1000, 1), (83, 3), (82, 5), (10, 5)])
def test_the_height_is_that_of_the_lines(panel: QWidget, width: int, lines: int) -> None:
    assert flow(panel).hasHeightForWidth()
    assert flow(panel).heightForWidth(width) == lines * 10 + (lines - 1) * GAP


def test_margins_count(panel: QWidget) -> None:
    flow(panel).setContentsMargins(5, 6, 7, 8)
    assert corners(panel, 5 + 83 + 7)[:3] == [(5, 6), (48, 6), (5, 19)]
    assert flow(panel).heightForWidth(95) == 6 + 3 * 10 + 2 * GAP + 8
    assert flow(panel).minimumSize().toTuple() == (52, 24)


def test_hidden_widgets_take_no_room(panel: QWidget) -> None:
    blocks = panel.findChildren(Block)
    blocks[1].hide()
    assert corners(panel, 1000)[2] == (43, 0)


def test_from_right_to_left(panel: QWidget) -> None:
    panel.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert corners(panel, 100) == [(60, 0), (17, 0), (60, 13), (17, 13), (60, 26)]


def test_items_can_be_taken_and_there_is_none_behind_the_last(panel: QWidget) -> None:
    layout = flow(panel)
    assert layout.itemAt(5) is None
    assert layout.itemAt(-1) is None
    assert layout.takeAt(7) is None
    first = layout.takeAt(0)
    assert first is not None
    assert isinstance(first.widget(), Block)
    assert layout.count() == 4
    layout.removeWidget(panel.findChildren(Block)[1])
    assert layout.count() == 3
