"""The foot of the window: messages in their colours, no figures of nothing."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor

from aestudio.gui.session.state import Message, StudioState
from aestudio.gui.status_line import StatusLine
from aestudio.gui.theme.style import current_theme
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
