"""The drawing pad: strokes, eraser, undo, rate of the signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.pixmap import array_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot


@pytest.fixture
def pad(qtbot: QtBot) -> DrawingPad:
    widget = DrawingPad()
    qtbot.addWidget(widget)
    widget.resize(280, 280)
    return widget


@pytest.fixture
def drawings(pad: DrawingPad) -> list[NDArray[np.uint8]]:
    received: list[NDArray[np.uint8]] = []
    pad.drawing_changed.connect(received.append)
    return received


def stroke(qtbot: QtBot, pad: DrawingPad, start: QPoint, end: QPoint, button: Qt.MouseButton) -> None:
    qtbot.mousePress(pad, button, pos=start)
    for part in range(1, 11):
        qtbot.mouseMove(pad, start + (end - start) * part / 10)
    qtbot.mouseRelease(pad, button, pos=end)


LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
TOP, BOTTOM = QPoint(140, 60), QPoint(140, 220)


def test_a_stroke_is_as_thick_as_mnists(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    qtbot.waitUntil(lambda: bool(drawings[-1][210, 140] == 255))
    drawing = drawings[-1]
    assert drawing.shape == (280, 280)
    assert drawing.dtype == np.uint8
    across = drawing[140].astype(float)
    assert across[140] == 255
    assert 20 <= across.sum() / 255 <= 28  # two to three of MNIST's pixels, edges counted by their grey
    assert ((across > 0) & (across < 255)).sum() >= 8  # soft
    assert drawing[:40].max() == 0


def test_changes_are_emitted_at_most_thirty_times_a_second_and_after_the_last_one(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    qtbot.mousePress(pad, LEFT, pos=QPoint(20, 20))
    for number in range(200):
        qtbot.mouseMove(pad, QPoint(20 + number, 20 + number))
    count = len(drawings)
    qtbot.mouseRelease(pad, LEFT)
    assert count < 60
    qtbot.waitUntil(lambda: bool(drawings[-1][215, 215] > 200))


def test_undo_clear_and_eraser(qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]) -> None:
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    stroke(qtbot, pad, QPoint(60, 140), QPoint(220, 140), LEFT)
    qtbot.waitUntil(lambda: bool(drawings[-1][140, 70] == 255))
    pad.undo()
    qtbot.waitUntil(lambda: bool(drawings[-1][140, 70] == 0 and drawings[-1][140, 140] == 255))
    stroke(qtbot, pad, QPoint(60, 140), QPoint(220, 140), RIGHT)
    qtbot.waitUntil(lambda: bool(drawings[-1][140, 140] == 0 and drawings[-1][70, 140] == 255))
    assert not pad.empty
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.empty
    qtbot.waitUntil(lambda: not drawings[-1].any())
    qtbot.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not pad.empty


def test_set_erasing_makes_the_left_button_erase(qtbot: QtBot, pad: DrawingPad) -> None:
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    pad.set_erasing(True)
    stroke(qtbot, pad, QPoint(140, 30), QPoint(140, 250), LEFT)
    assert pad.empty


def test_the_hint_is_shown_until_the_first_stroke(qtbot: QtBot, pad: DrawingPad) -> None:
    def bright() -> int:
        return int((array_of(pad.grab().toImage())[100:180, 40:240] > 60).sum())

    assert bright() > 100
    stroke(qtbot, pad, QPoint(20, 20), QPoint(20, 30), LEFT)
    assert bright() == 0


def test_ink_on_paper_changes_only_the_display(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    pad.set_ink_on_paper(True)
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    shown = array_of(pad.grab().toImage())
    assert shown[140, 140].max() == 0
    assert shown[140, 20].min() == 255
    qtbot.waitUntil(lambda: bool(drawings[-1][140, 140] == 255))


def test_the_size_of_the_pad_does_not_change_the_drawing(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    pad.resize(200, 140)
    corner = pad.pad_rect().topLeft().toPoint()
    stroke(qtbot, pad, corner + QPoint(70, 30), corner + QPoint(70, 110), LEFT)
    qtbot.waitUntil(lambda: bool(drawings[-1][215, 140] == 255))
    assert drawings[-1].shape == (280, 280)


def test_the_pad_handles_undo_while_it_has_the_focus(qtbot: QtBot) -> None:
    from PySide6.QtGui import QAction, QKeySequence
    from PySide6.QtWidgets import QMainWindow

    window, triggered = QMainWindow(), []
    qtbot.addWidget(window)
    pad = DrawingPad()
    window.setCentralWidget(pad)
    undo = QAction(window)
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    undo.triggered.connect(lambda: triggered.append("undo of the window"))
    window.addAction(undo)
    window.resize(300, 300)
    window.show()
    window.activateWindow()
    pad.setFocus()
    qtbot.waitUntil(pad.hasFocus)
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    drawn: list[NDArray[np.uint8]] = []
    pad.drawing_changed.connect(drawn.append)
    qtbot.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(drawn) and not drawn[-1].any())
    assert not triggered
