"""The status line: colours of messages, and no numbers without a measurement."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import Message, StudioState
from aestudio.gui.theme.style import current_theme
from aestudio.gui.window.status_line import StatusLine
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Started, TrainingProgress


@pytest.fixture
def line(qtbot):
    widget = StatusLine()
    qtbot.addWidget(widget)
    widget.resize(1280, 30)
    widget.show()
    return widget


def colours(line):
    image = line._message.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("tone", ["good", "warn", "bad"])
def test_a_message_has_the_colour_of_its_tone(line, tone):
    state = StudioState(recipe=find_recipe("vae"))
    line.show_state(replace(state, message=Message("I H L E F T 1 I H L E F", "plain")))
    expected = QColor(getattr(current_theme(), tone)).name()
    assert expected not in colours(line)
    line.show_state(replace(state, message=Message("I H L E F T 1 I H L E F", tone)))
    assert expected in colours(line)


def test_it_says_how_far_a_shared_run_is_and_then_the_message_again(line, qtbot):
    state = replace(StudioState(recipe=find_recipe("vae")), message=Message("Before", "plain"))
    line.show_state(state)
    assert line._message.text == "Before"
    for task, text in (
        ("import run", "Reading the shared run: 25 %"),
        ("share run", "Writing the shared run: 25 %"),
    ):
        with qtbot.assertNotEmitted(line.message_changed):  # it would be a notice for each per cent
            line.show_state(replace(state, tasks={task: (50.0, 200.0, "Copying the run")}))
        assert line._message.text == text
    line.show_state(replace(state, tasks={"share run": (0.0, None, "")}))
    assert line._message.text == "Writing the shared run: 0 %"
    line.show_state(replace(state, tasks={"embedding": (1.0, 2.0, "")}))
    assert line._message.text == "Before"


def test_the_speed_is_that_of_a_training_that_goes_on(line):
    progress = TrainingProgress(5, 0.1, 596.0, 10.0, 810_000_000, 1e-3)
    state = StudioState(recipe=find_recipe("vae"), training=RunState("running", progress=progress))
    line._show_speeds(state)
    assert (line._speed.text(), line._memory.text()) == ("596 images/s", "0.75 GB")
    line._show_speeds(replace(state, training=replace(state.training, phase="ended")))
    assert (line._speed.text(), line._memory.text()) == ("", "")


def test_an_idle_window_shows_no_frame_rate(line):
    state = StudioState(recipe=find_recipe("vae"))
    line._show_rate(state, 2.0)
    assert line._frames.text() == ""
    line._show_rate(state, 28.0)
    assert line._frames.text() == "28 frames/s"


class Painted(QWidget):
    """Counts its paint events."""

    count = 0

    def paintEvent(self, event):
        self.count += 1


class HalfSecond:
    """A timer that always returns 500 ms."""

    def start(self):
        pass

    def restart(self):
        return 500


def test_the_frame_rate_counts_paints_and_not_states(qtbot, monkeypatch):
    monkeypatch.setattr("aestudio.gui.widgets.frame_counter.QElapsedTimer", HalfSecond)
    window, probe, line = QWidget(), Painted(), StatusLine()
    column = QVBoxLayout(window)
    column.addWidget(probe)
    column.addWidget(line)
    qtbot.addWidget(window)
    window.resize(600, 200)
    window.show()
    qtbot.waitExposed(window)
    state = StudioState(recipe=find_recipe("vae"), training=RunState(phase="running"))
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


def test_numbers_are_updated_without_a_new_state(line, qtbot):
    line.show_state(StudioState(recipe=find_recipe("vae"), training=RunState(phase="running")))
    assert "slider" not in line.numbers, "nothing is measured yet"
    line.set_reaction(4.25)
    qtbot.waitUntil(lambda: "slider 4.2 ms" in line.numbers)
    line.hide()
    assert not line._timer.isActive()


def test_the_numbers_stay_where_they_are_when_a_training_rounds_its_products(line, qtbot):
    state = replace(StudioState(recipe=find_recipe("vae")), training=RunState("running"))
    started = Started("run", "cpu", 0, 10, 1, 100, 500, 50, precision="bfloat16")
    line.show_state(state)
    line._update_numbers()
    numbers = (line._memory, line._speed, line._frames, line._slider, line._data)
    line.layout().activate()
    before = [label.geometry() for label in numbers]
    line.show_state(replace(state, training=replace(state.training, started=started)))
    line._update_numbers()
    assert line._precision.text() == "bfloat16"
    qtbot.waitUntil(lambda: line._message.geometry().right() < line._precision.x() < line._memory.x())
    assert [label.geometry() for label in numbers] == before
