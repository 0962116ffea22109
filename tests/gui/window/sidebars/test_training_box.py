"""Start gets the focus back, and the bars belong to the recipe that Start would train."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from aestudio.gui.state.run_state import RunState
from aestudio.gui.window.sidebars.training_box import TrainingBox
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Started, TrainingProgress


@pytest.fixture
def shown(qtbot, studio_session):
    window = QWidget()
    column = QVBoxLayout(window)
    widget = TrainingBox(studio_session)
    column.addWidget(widget)
    column.addWidget(QPushButton("another"))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window, widget


def test_start_gets_the_focus_back_when_the_training_runs(shown, studio_session):
    _, box = shown
    state = studio_session.state
    box.show_state(state)
    box.start.setFocus()
    box.show_state(replace(state, training=RunState(phase="preparing")))
    assert not box.start.isEnabled()
    box.show_state(replace(state, training=RunState(phase="running")))
    assert box.start.hasFocus()


def test_a_changed_recipe_has_no_progress(shown, studio_session):
    _, box = shown
    state = studio_session.state
    started = Started("run", "cpu", 0, 10, 3, 1000, 640, 64)
    progress = TrainingProgress(15, 1.5, 100.0, 10.0, 0, 0.001)
    state = replace(state, training=RunState(phase="ended", started=started, progress=progress))
    box.show_state(state)
    assert box.run_bar.value() > 0
    box.show_state(replace(state, recipe=find_recipe("vae")))
    assert box.run_bar.value() == 0
    assert box.progress.text() == "Ready"
