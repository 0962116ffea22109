"""The foot of the window: messages in their colours, no numbers of nothing."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aestudio.gui.state.studio_state import Message, StudioState
from aestudio.gui.state.training_state import TrainingState
from aestudio.gui.theme.style import current_theme
from aestudio.gui.window.status_line import StatusLine
from aestudio.recipes.library import find_recipe


@pytest.fixture
def line(qtbot):
    made = StatusLine()
    qtbot.addWidget(made)
    made.resize(1280, 30)
    made.show()
    return made


def colours(line):
    picture = line._message.grab().toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


@pytest.mark.parametrize("tone", ["good", "warn", "bad"])
def test_a_message_has_the_colour_of_its_tone(line, tone):
    state = StudioState(recipe=find_recipe("vae"))
    line.show_state(replace(state, message=Message("I H L E F T 1 I H L E F", "plain")))
    wanted = QColor(getattr(current_theme(), tone)).name()
    assert wanted not in colours(line)
    line.show_state(replace(state, message=Message("I H L E F T 1 I H L E F", tone)))
    assert wanted in colours(line)


def test_a_window_at_rest_shows_no_rate(line):
    state = StudioState(recipe=find_recipe("vae"))
    line._show_rate(state, 2.0)
    assert line._frames.text() == "– frames/s"
    line._show_rate(state, 28.0)
    assert line._frames.text() == "28 frames/s"


class Painted(QWidget):
    """Counts its own paints."""

    count = 0

    def paintEvent(self, event):
        self.count += 1


class Clock:
    """A clock that always says half a second."""

    def start(self):
        pass

    def restart(self):
        return 500


def test_frames_are_those_that_were_painted_and_not_the_states_that_were_shown(qtbot, monkeypatch):
    monkeypatch.setattr("aestudio.gui.widgets.frame_counter.QElapsedTimer", Clock)
    window, probe, line = QWidget(), Painted(), StatusLine()
    column = QVBoxLayout(window)
    column.addWidget(probe)
    column.addWidget(line)
    qtbot.addWidget(window)
    window.resize(600, 200)
    window.show()
    qtbot.waitExposed(window)
    state = StudioState(recipe=find_recipe("vae"), training=TrainingState(phase="running"))
    line.show_state(state)
    line._timer.stop()
    counter = line._counter
    assert counter is not None
    qtbot.wait(50)
    counter.take_rate()
    before = probe.count
    for _ in range(12):
        for _ in range(20):
            line.show_state(state)
        painted = probe.count
        probe.update()
        qtbot.waitUntil(lambda painted=painted: probe.count > painted)
    assert probe.count - before >= 12
    assert counter.take_rate() == 2 * (probe.count - before)


def test_figures_change_also_when_no_state_is_shown_any_more(line, qtbot):
    line.show_state(StudioState(recipe=find_recipe("vae"), training=TrainingState(phase="running")))
    assert "slider –" in line.numbers
    line.set_reaction(4.25)
    qtbot.waitUntil(lambda: "slider 4.2 ms" in line.numbers)
    line.hide()
    assert not line._timer.isActive()
