"""A run is in the lists from its first step on: marked, with the figures of now, and named like others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from aestudio.gui.window.runs.runs_table import column_number
from aestudio.runs.kept_run import KeptRun
from tests.end_to_end.conftest import LONG, small
from tests.end_to_end.test_runs_window import click_row, double_click_row, names, open_runs, typed

if TYPE_CHECKING:
    from aestudio.gui.window.runs.runs_table import RunTable
    from tests.end_to_end.conftest import Person

# opening a menu or a window offscreen
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def shown(table: RunTable, column: str, row: int = 0) -> str:
    """What a cell shows."""
    return str(table.runs.index(row, column_number(column)).data())


@pytest.mark.thorough
def test_a_run_is_in_the_lists_while_it_is_trained(person: Person) -> None:
    """In one window: it is marked, its figures follow, it is renamed, and cannot be removed meanwhile."""
    runs, panel, box = open_runs(person), person.window.right.runs, person.window.left.training
    table = runs.table
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(box.start)
    person.wait(lambda: len(names(table)) == 1)
    assert person.training.phase == "running"
    assert shown(table, "name").startswith("Training: VAE")
    assert shown(table, "status") == "training"
    entry = panel.list.topLevelItem(0)
    assert entry is not None
    assert entry.text(0).endswith(", training")
    early = shown(table, "epochs")
    person.wait(lambda: shown(table, "epochs") != early)
    person.wait(lambda: shown(table, "best") != "–")
    person.wait(lambda: entry.text(1) not in ("", "–"))
    newest = person.training.validation.last("loss")
    assert newest is not None
    person.wait(lambda: entry.text(1) == f"{person.training.validation.last('loss'):.4g}")

    folder = person.training.path
    click_row(person, table, 0)
    person.qtbot.keyClick(table, Qt.Key.Key_F2)
    typed(person, table, "for Monday")
    person.wait(lambda: shown(table, "name") == "Training: for Monday")
    assert KeptRun.at(folder).title == "for Monday"
    person.qtbot.keyClick(table, Qt.Key.Key_Delete)
    person.wait(lambda: "being trained right now" in runs.message.text)
    assert len(names(table)) == 1

    person.click(box.start)  # pause
    person.wait(lambda: person.training.phase == "paused" and entry.text(0).endswith(", paused"))
    person.wait(lambda: shown(table, "name") == "Paused: for Monday")
    person.click(box.stop)
    person.wait(lambda: person.training.phase == "ended")
    person.wait(lambda: shown(table, "name") == "for Monday" and not person.state.tasks)
    assert shown(table, "status") == "stopped"
    entry = panel.list.topLevelItem(0)
    assert entry is not None
    assert entry.text(0).endswith("B"), "its size"
    assert len(names(table)) == 1


@pytest.mark.thorough
def test_a_double_click_on_the_training_brings_it_back(person: Person) -> None:
    """It needs not be read, and another training of this program does not hide it."""
    runs = open_runs(person)
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: len(names(runs.table)) == 1 and person.step > 3)
    double_click_row(person, runs.table, 1)  # a shipped model
    person.wait(lambda: person.state.hidden_training is not None and not runs.isVisible())
    runs = open_runs(person)
    double_click_row(person, runs.table, 0)
    assert person.state.hidden_training is None
    assert not runs.isVisible()
    runs = open_runs(person)
    double_click_row(person, runs.table, 0)
    assert not runs.isVisible(), "it is on the screen already"
