"""A part that is behind displays its step, and is dimmed if it stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot


@pytest.fixture
def part(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QWidget:
    monkeypatch.setattr("aestudio.gui.widgets.step_mark.SHORT_MILLISECONDS", 1)
    widget = QLabel("a part")
    widget.resize(240, 120)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(image.constBits(), np.uint8).copy()


def test_without_training_it_shows_the_step_and_dims_until_the_part_catches_up(
    part: QWidget, qtbot: QtBot
) -> None:
    mark = StepMark(part)
    before = pixels(part)
    mark.show_step(1200, 1400, follows=False)
    qtbot.waitUntil(lambda: mark.dimmed)
    assert mark.text() == "of step 1,200"
    assert not np.array_equal(pixels(part), before)
    part.resize(300, 140)
    assert mark.size() == part.size()
    mark.show_step(1400, 1400, follows=False)
    assert (mark.isVisible(), mark.dimmed, mark.step) == (False, False, None)


def test_during_training_it_dims_only_a_part_that_does_not_change(
    part: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = StepMark(part)
    mark.show_step(10, 20, follows=True)
    qtbot.waitUntil(mark.isVisible)
    assert mark.text() == "of step 10"
    assert not mark.dimmed
    monkeypatch.setattr("aestudio.gui.widgets.step_mark.LONG_MILLISECONDS", 1)
    mark.show_step(15, 30, follows=True)
    qtbot.waitUntil(lambda: mark.dimmed)
    monkeypatch.undo()
    mark.show_step(25, 40, follows=True)
    assert not mark.dimmed, "the part has changed"
    assert mark.isVisible()


def test_what_lies_under_it_is_not_painted_again_while_it_stays_the_same(qtbot: QtBot) -> None:
    """A map of thousands of points: the mark of a part that is behind is told of every newer step."""

    class Part(QWidget):
        painted = 0

        def paintEvent(self, event: QPaintEvent) -> None:
            Part.painted += event.rect().width() * event.rect().height()

    part = Part()
    part.resize(400, 300)
    qtbot.addWidget(part)
    part.show()
    mark = StepMark(part)
    mark.show_step(1_000, 2_000, follows=True)
    mark._appear()
    qtbot.waitUntil(lambda: Part.painted >= 400 * 300)
    QApplication.processEvents()
    assert mark.width() * mark.height() < 0.1 * 400 * 300
    Part.painted = 0
    for now in range(2_001, 2_010):
        mark.show_step(1_000, now, follows=True)
        QApplication.processEvents()
    assert Part.painted == 0
    mark.show_step(1_500, 2_010, follows=True)
    QApplication.processEvents()
    assert 0 < Part.painted < 0.1 * 400 * 300
    assert mark.geometry().right() < part.rect().right()


def test_without_text_it_only_dims(part: QWidget, qtbot: QtBot) -> None:
    mark = StepMark(part, show_text=False)
    mark.show_step(10, 20, follows=True)
    qtbot.waitUntil(lambda: mark.dimmed)
    mark.show_step(15, 30, follows=True)
    assert mark.dimmed


def test_a_part_that_catches_up_soon_is_not_marked(qtbot: QtBot) -> None:
    part = QWidget()
    qtbot.addWidget(part)
    part.show()
    mark = StepMark(part)
    mark.show_step(10, 20, follows=False)
    assert not mark.isVisible()
    mark.show_step(20, 20, follows=False)
    mark._appear()  # a timeout that arrives late
    assert not mark.isVisible()
