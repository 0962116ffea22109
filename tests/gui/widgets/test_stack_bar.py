"""The stack of the coder as a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor

from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.stack_bar import Block, StackBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def bar(qtbot: QtBot) -> StackBar:
    widget = StackBar()
    qtbot.addWidget(widget)
    widget.resize(402, 44)
    widget.show()
    return widget


def test_blocks_lie_side_by_side_and_the_longest_stack_fills_the_width(bar: StackBar) -> None:
    bar.set_blocks([Block("first", 100, "a"), Block("image", 50, "b"), Block("popped", 50, "c")], 200)
    first, second, third = (bar.block_rect(index) for index in range(3))
    assert (first.left(), first.width()) == (1, 199)
    assert second.left() == 201
    assert third.right() == pytest.approx(400)
    assert bar.help_at(first.center().toPoint()) == "a"
    assert bar.help_at(third.center().toPoint()) == "c"
    assert bar.help_at(bar.rect().bottomRight()) is None


def test_what_is_pushed_has_the_accent_and_what_is_popped_is_hollow(bar: StackBar) -> None:
    theme = current_theme()
    bar.set_blocks([Block("pixels", 100, ""), Block("popped", 100, "")], 200)
    picture = bar.grab().toImage()
    assert picture.pixelColor(100, 20) == QColor(theme.accent)
    assert picture.pixelColor(300, 20) == QColor(theme.raised)
