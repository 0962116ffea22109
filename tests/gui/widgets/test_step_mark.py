"""A part that is behind says of which step it is, and is dimmed when it stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget

from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot


@pytest.fixture
def part(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QWidget:
    monkeypatch.setattr("aestudio.gui.widgets.step_mark.SHORT_MILLISECONDS", 1)
    made = QLabel("a picture")
    made.resize(240, 120)
    qtbot.addWidget(made)
    made.show()
    return made


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(image.constBits(), np.uint8).copy()


def test_at_rest_it_says_the_step_and_dims_until_the_part_has_followed(part: QWidget, qtbot: QtBot) -> None:
    mark = StepMark(part)
    plain = pixels(part)
    mark.show_step(1200, 1400, follows=False)
    qtbot.waitUntil(lambda: mark.dimmed)
    assert mark.text() == "of step 1,200"
    assert not np.array_equal(pixels(part), plain)
    part.resize(300, 140)
    assert mark.size() == part.size()
    mark.show_step(1400, 1400, follows=False)
    assert (mark.isVisible(), mark.dimmed, mark.step) == (False, False, None)


def test_while_steps_follow_it_dims_only_a_part_that_stands_still(
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
    assert not mark.dimmed, "it has moved on"
    assert mark.isVisible()


def test_without_words_it_only_dims(part: QWidget, qtbot: QtBot) -> None:
    mark = StepMark(part, words=False)
    mark.show_step(10, 20, follows=True)
    qtbot.waitUntil(lambda: mark.dimmed)
    mark.show_step(15, 30, follows=True)
    assert mark.dimmed


def test_a_part_that_follows_in_a_moment_is_never_marked(qtbot: QtBot) -> None:
    part = QWidget()
    qtbot.addWidget(part)
    part.show()
    mark = StepMark(part)
    mark.show_step(10, 20, follows=False)
    assert not mark.isVisible()
    mark.show_step(20, 20, follows=False)
    mark._appear()  # the timer's last word, should it come too late
    assert not mark.isVisible()
