"""A part that is behind displays its step, and is dimmed if it stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.step_mark import StepMark

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot


@pytest.fixture
def part(qtbot: QtBot) -> QWidget:
    widget = QLabel("a part")
    widget.resize(240, 120)
    qtbot.addWidget(widget)
    widget.show()
    return widget


class Clock:
    """The time that marks see."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("aestudio.gui.widgets.step_mark.time", self)

    def monotonic(self) -> float:
        return self.now

    def wait(self, mark: StepMark, seconds: float) -> None:
        """Let time pass; the mark is looked at every quarter of a second."""
        until = self.now + seconds
        while self.now < until - 1e-9:
            self.now = min(until, self.now + 0.25)
            mark.look(self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def pixels(widget: QWidget) -> NDArray[np.uint8]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(image.constBits(), np.uint8).copy()


def test_without_training_it_shows_the_step_and_dims_until_the_part_catches_up(
    part: QWidget, qtbot: QtBot
) -> None:
    """By the real clock, which is one for all marks."""
    mark = StepMark(part)
    before = pixels(part)
    mark.show_step(1200, 1400, follows=False)
    assert not mark.isVisible(), "it may catch up at once"
    qtbot.waitUntil(lambda: mark.dimmed)
    assert mark.text() == "of step 1,200"
    assert not np.array_equal(pixels(part), before)
    part.resize(300, 140)
    assert mark.size() == part.size()
    mark.show_step(1400, 1400, follows=False)
    assert (mark.isVisible(), mark.dimmed, mark.step) == (False, False, None)


def test_it_says_how_old_the_part_is(part: QWidget, clock: Clock) -> None:
    mark = StepMark(part)
    mark.show_step(1200, 1400, follows=True, since=92.0)
    assert mark.text() == "step 1,200, 8 s ago"
    assert mark.isVisible()
    clock.wait(mark, 1.5)
    assert mark.text() == "step 1,200, 9 s ago"
    clock.wait(mark, 140.0)
    assert mark.text() == "step 1,200, 2 min ago"


def test_a_part_that_merely_lags_while_a_training_runs_is_not_marked(part: QWidget, clock: Clock) -> None:
    mark = StepMark(part)
    for step in range(0, 200, 10):  # always a second behind
        mark.show_step(step, step + 20, follows=True, since=clock.now - 1.0)
        clock.wait(mark, 0.5)
        assert not mark.isVisible()
        assert mark.step == step


def test_a_part_that_is_late_is_marked_and_if_it_is_very_late_dimmed(part: QWidget, clock: Clock) -> None:
    mark = StepMark(part)
    mark.show_step(10, 20, follows=True, since=clock.now)
    clock.wait(mark, 1.75)
    assert not mark.isVisible()
    clock.wait(mark, 0.5)
    assert mark.isVisible()
    assert not mark.dimmed
    clock.wait(mark, 3.0)
    assert mark.dimmed
    mark.show_step(30, 40, follows=True, since=clock.now - 0.5)
    assert not mark.dimmed, "the part has changed"


def test_a_mark_does_not_come_and_go_with_every_refresh(part: QWidget, clock: Clock) -> None:
    """A part that is refreshed every three seconds, and shows the newest step at each refresh."""
    mark, seen = StepMark(part), set()
    for step in range(0, 50, 10):
        since = clock.now
        mark.show_step(step, step, follows=True, since=since)
        seen.add(mark.isVisible())
        for later in range(1, 7):
            clock.wait(mark, 0.5)
            mark.show_step(step, step + later, follows=True, since=since)
            if step:
                seen.add(mark.isVisible())
    assert seen == {False, True}, "before it was late for the first time, and then always"
    mark.show_step(50, 50, follows=True, since=clock.now)
    assert mark.isVisible()
    for step in range(51, 66):  # from now on it keeps up
        clock.wait(mark, 0.5)
        mark.show_step(step, step + 1, follows=True, since=clock.now - 0.5)
    assert not mark.isVisible()


def test_an_unknown_age_counts_from_the_last_change(part: QWidget, clock: Clock) -> None:
    mark = StepMark(part)
    mark.show_step(10, 20, follows=True)
    clock.wait(mark, 2.25)
    assert mark.isVisible()
    assert mark.text() == "of step 10"


def test_what_lies_under_it_is_not_painted_again_while_it_stays_the_same(qtbot: QtBot, clock: Clock) -> None:
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
    mark.show_step(1_000, 2_000, follows=True, since=clock.now - 3.1)
    qtbot.waitUntil(lambda: Part.painted >= 400 * 300)
    QApplication.processEvents()
    assert mark.isVisible()
    assert mark.width() * mark.height() < 0.1 * 400 * 300
    Part.painted = 0
    for now in range(2_001, 2_010):
        clock.wait(mark, 0.05)
        mark.show_step(1_000, now, follows=True, since=clock.now - 3.4)
        QApplication.processEvents()
    assert Part.painted == 0, "its text changes once a second"
    mark.show_step(1_500, 2_010, follows=True, since=clock.now - 2.0)
    QApplication.processEvents()
    assert 0 < Part.painted < 0.1 * 400 * 300
    assert mark.geometry().right() < part.rect().right()


def test_a_verdict_is_dimmed_as_soon_as_it_is_behind_and_told_when_it_is_late(
    part: QWidget, clock: Clock
) -> None:
    mark = StepMark(part, at_once=True)
    mark.show_step(10, 20, follows=True, since=clock.now)
    clock.wait(mark, 0.5)
    assert mark.dimmed
    plain = pixels(part)
    mark.show_step(15, 30, follows=True, since=clock.now)
    assert mark.dimmed
    clock.wait(mark, 2.25)
    assert not np.array_equal(pixels(part), plain), "now it says of which step"
    mark.show_step(30, 30, follows=True, since=clock.now)
    assert not mark.dimmed


def test_a_part_that_says_its_step_itself_is_left_legible(part: QWidget, clock: Clock) -> None:
    plain = pixels(part)
    mark = StepMark(part, at_once=True)
    mark.show_step(10, 20, follows=True, since=clock.now)
    clock.wait(mark, 0.5)
    assert mark.dimmed
    mark.writes = False
    clock.wait(mark, 5.25)
    assert not mark.dimmed
    assert np.array_equal(pixels(part), plain)
    assert mark.text() == "step 10, 5 s ago"


def test_a_quiet_mark_appears_only_with_the_veil(part: QWidget, clock: Clock) -> None:
    mark = StepMark(part, quiet=True)
    mark.show_step(10, 20, follows=True, since=clock.now)
    clock.wait(mark, 4.5)
    assert not mark.isVisible()
    clock.wait(mark, 1.0)
    assert mark.dimmed
    mark.show_step(40, 50, follows=True, since=clock.now)
    assert not mark.isVisible()


def test_a_part_that_catches_up_soon_is_not_marked(part: QWidget, clock: Clock) -> None:
    mark = StepMark(part)
    mark.show_step(10, 20, follows=False)
    assert not mark.isVisible()
    mark.show_step(20, 20, follows=False)
    clock.wait(mark, 1.0)  # a look that comes late
    assert not mark.isVisible()


def test_a_mark_that_is_gone_stops_the_clock(qtbot: QtBot) -> None:
    part = QWidget()
    qtbot.addWidget(part)
    part.show()
    mark = StepMark(part)
    mark.show_step(10, 20, follows=False)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    (running,) = [child for child in application.children() if type(child).__name__ == "_Clock"]
    assert isinstance(running, QTimer)
    qtbot.waitUntil(mark.isVisible)
    mark.show_step(20, 20, follows=False)
    qtbot.waitUntil(lambda: not running.isActive())


def test_the_step_is_written_in_the_caption_where_pictures_reach_the_corner(
    part: QWidget, clock: Clock, qtbot: QtBot
) -> None:
    """The caption's own text wraps before it, and has the whole width again afterwards."""
    caption = FixedCaption(2)
    qtbot.addWidget(caption)
    caption.set_text("256 units: the weights of each to all inputs")
    caption.resize(240, caption.sizeHint().height())
    caption.show()
    mark = StepMark(part, caption=caption)
    mark.show_step(1200, 1400, follows=False)
    clock.wait(mark, 0.5)
    assert mark.dimmed
    assert caption.tag.text == mark.written == "of step 1,200"
    assert caption.tag.isVisible()
    assert caption.rect().contains(caption.tag.geometry())
    text = caption.contentsRect()
    assert text.right() < caption.tag.x()
    lines = caption.fontMetrics().boundingRect(text, Qt.TextFlag.TextWordWrap, caption.text())
    assert lines.height() <= caption.height(), "all of it stays there"
    veiled = pixels(part).reshape(part.height(), -1)[:, : part.width()]
    assert len(np.unique(veiled[:30, part.width() // 2 :])) == 1, "nothing is written over the part"
    caption.resize(300, caption.height())
    assert caption.tag.geometry().right() == caption.width() - 1
    mark.show_step(1400, 1400, follows=False)
    assert not caption.tag.isVisible()
    assert caption.contentsRect() == caption.rect()
