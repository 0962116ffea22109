"""The history slider: a position per checkpoint and one for the newest step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.gui.widgets.history_slider import HistorySlider

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def slider(qtbot: QtBot) -> HistorySlider:
    widget = HistorySlider()
    qtbot.addWidget(widget)
    widget.resize(400, 24)
    widget.set_checkpoints(10, (5, 8))
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_every_checkpoint_and_the_newest_step_can_be_clicked(slider: HistorySlider, qtbot: QtBot) -> None:
    moved: list[int] = []
    slider.moved.connect(moved.append)
    for position in (10, 0, 7):
        slider.set_position(position)
        centre = slider.handle_centre().toPoint()
        slider.set_position(3)
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(centre.x(), 12))
        assert slider.value() == position
    assert moved == [10, 0, 7]


def test_arrow_keys_move_by_one_checkpoint(slider: HistorySlider, qtbot: QtBot) -> None:
    slider.set_position(4)
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 5
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert slider.value() == 0
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert slider.value() == 10


def test_a_changed_count_emits_no_signal(slider: HistorySlider) -> None:
    moved: list[int] = []
    slider.moved.connect(moved.append)
    slider.set_position(10)
    slider.set_checkpoints(3)
    slider.set_checkpoints(50)
    slider.set_position(50)
    assert moved == []
    assert slider.maximum() == 50
