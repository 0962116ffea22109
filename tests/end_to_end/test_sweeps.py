"""Sweeps through the real window: set up by mouse, carried out beside it, looked at by mouse."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from aestudio.gui.widgets.offer_kinds import offer_of
from aestudio.gui.window.sweeps.vary_dialog import VaryDialog
from aestudio.sweeps.sweep_folder import find_sweep, read_results, sweep_names
from tests.end_to_end.conftest import small
from tests.sweeps.scored import keep_scored, score_of

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person

# The platform of the tests says so when a dialog is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def dialog_of(person: Person) -> VaryDialog:
    person.wait(lambda: isinstance(QApplication.activeModalWidget(), VaryDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, VaryDialog)
    return dialog


def type_values(person: Person, field: Any, text: str) -> None:
    field.selectAll()
    person.qtbot.keyClicks(field, text)


def open_results(person: Person, name: str = "mine") -> Any:
    person.action("sweep.show").trigger()
    window = person.window.dialogs.sweeps
    names = [window.list.item(row).text().splitlines()[0] for row in range(window.list.count())]
    person.wait(lambda: window.list.count() > 0)
    names = [window.list.item(row).text().splitlines()[0] for row in range(window.list.count())]
    item = window.list.item(names.index(name))
    person.click(window.list.viewport(), window.list.visualItemRect(item).center())
    person.wait(lambda: person.state.run_list.sweeps.shown is not None and not person.state.tasks)
    return window


def tab(person: Person, window: Any, title: str) -> None:
    bar = window.pages.tabs.tabBar()
    number = next(at for at in range(bar.count()) if bar.tabText(at) == title)
    person.click(bar, bar.tabRect(number).center())
    person.settle()


def rows_of(table: Any) -> list[list[str]]:
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_results_are_looked_at_by_mouse(person: Person, tmp_path: Path) -> None:
    keep_scored()
    keep_scored("other", vary=("latent_size=2,8",), missing=1)
    window = open_results(person)
    pages, table = window.pages, window.pages.table
    assert window.choice.text() == "Best: latent 8, beta 0.5 (30.65 ± 0.05)."
    assert not window.go_on.isVisible(), "nothing is left to be done"

    # the table, the best first, then sorted by a click on a heading
    first_row = rows_of(table)[0]
    assert (first_row[:2], first_row[4]) == (["8", "0.5"], "best")
    header = table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2)
    person.click(header.viewport(), at)
    assert [int(row[0]) for row in rows_of(table)] == [2, 2, 8, 8, 32, 32]
    person.click(header.viewport(), at)
    assert [int(row[0]) for row in rows_of(table)] == [32, 32, 8, 8, 2, 2]
    person.click(table.viewport(), table.visualRect(table.model().index(0, 0)).center())
    chosen = pages.selected
    assert chosen is not None
    assert chosen.settings["latent_size"] == 32

    # parallel coordinates: a brush on the axis of the metric, then its click
    tab(person, window, "Parallel coordinates")
    plot = pages.parallel
    top, middle = plot.point(2, 0.0).toPoint(), plot.point(2, 0.5).toPoint()
    for _ in person.drag(plot, top, (top + middle) / 2, middle):
        pass
    kept = plot.kept
    means = {
        number: np.mean(
            [score_of(one.settings["latent_size"], one.settings["beta"], fold) for fold in (1, 2)]
        )
        for number, one in enumerate(person.state.run_list.sweeps.shown.summary.results.candidates)
    }
    low, high = min(means.values()), max(means.values())
    assert kept == {number for number, mean in means.items() if mean <= low + 0.5 * (high - low) + 1e-9}
    assert 0 < len(kept) < 6
    assert len(rows_of(table)) == len(kept)
    assert pages.kept_bars[1].count.text() == f"{len(kept)} of 6 candidates with a score"
    person.click(pages.kept_bars[1].show_all)
    assert plot.kept is None
    assert len(rows_of(table)) == 6
    best = next(number for number, mean in means.items() if mean == low)
    line = next(one for one in plot._lines if one.candidate == best)
    first, second = plot.point(0, line.places[0]), plot.point(1, line.places[1])
    person.click(plot, (first + (second - first) * 0.35).toPoint())
    assert pages.selected.settings == {"latent_size": 8, "beta": 0.5}

    # a cell of the heat map, and what is offered of each plot
    tab(person, window, "Heat map")
    cell = pages.heat_map.cell_rect(1, 0).center().toPoint()
    person.click(pages.heat_map, cell)
    assert pages.selected.settings == {"latent_size": 2, "beta": 2.0}
    for title, chart in (
        ("Parallel coordinates", plot),
        ("Heat map", pages.heat_map),
        ("Curves", pages.curves),
        ("Importance", pages.importance),
    ):
        tab(person, window, title)
        offer = offer_of(chart, chart.rect().center())
        assert offer.figure is not None
        assert offer.values is not None
        content = offer.figure()
        assert content("svg").startswith(b"<?xml")
        assert content("pdf").startswith(b"%PDF")
        assert len(list(offer.values().rows)) >= 2
    shares = {bar.name: bar.length for bar in pages.importance.bars}
    assert shares["Latent size"] > shares["β"] > 0

    # another metric, the file, the recipe
    window.write_csv(tmp_path / "table.csv")
    person.wait(lambda: not person.state.tasks)
    with (tmp_path / "table.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert [float(row["squared_error"]) for row in found] == pytest.approx(list(means.values()))
    person.click(window.take)
    assert person.state.recipe.value("latent_size") == 2
    assert person.state.recipe.value("beta") == 2.0
    window.metric_box.setCurrentIndex(1)
    window.metric_box.activated.emit(1)
    person.wait(lambda: window.choice.text().startswith("Best: latent 8, beta 0.5 (0.03263"))

    # the other sweep waits
    item = window.list.item(next(row for row in range(2) if window.list.item(row).text().startswith("other")))
    person.click(window.list.viewport(), window.list.visualItemRect(item).center())
    person.wait(lambda: window.heading.text() == "VAE: other")
    person.settle()
    assert window.go_on.isVisible()
    assert window.state_text.text() == "3 of 4 runs, paused"
    window.close()


def test_without_a_sweep_the_window_says_what_to_do(person: Person) -> None:
    person.action("sweep.show").trigger()
    window = person.window.dialogs.sweeps
    person.wait(lambda: person.state.run_list.sweeps.listed is not None)
    assert window.empty.isVisible()
    person.click(person.button("Vary settings ...", window.empty))
    dialog = dialog_of(person)
    assert dialog.rows.vary[0][0] == "latent_size"
    person.click(dialog.cancel)
    window.close()


def test_a_setting_is_varied_from_its_context_menu(person: Person) -> None:
    form: Any = person.window.left.recipe.form
    row = form.row("latent_size")
    for place in (row.label, row.editor):
        entries = offer_of(place, place.rect().center()).entries
        assert [entry.text for entry in entries] == ["Vary ..."]
        assert entries[0].obstacle == ""
    box = row.editor
    middle = box.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, box.mapToGlobal(middle))
    QApplication.sendEvent(box, event)
    person.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert any(text.startswith("&Copy") for text in texts), "it keeps what a text field offers"
    action = next(one for one in menu.actions() if one.text() == "Vary ...")
    menu.close()
    action.trigger()
    dialog = dialog_of(person)
    assert dialog.rows.vary[0][0] == "latent_size"
    person.click(dialog.rows.add)
    assert len(dialog.rows.vary) == 2
    type_values(person, dialog.rows.rows[1].values, "nothing")
    person.wait(lambda: dialog.estimate is not None)
    assert not dialog.start.isEnabled()
    assert "nothing" in dialog.cost.text()
    person.click(dialog.rows.rows[1].remove)
    type_values(person, dialog.rows.rows[0].values, "2, 4")
    person.wait(lambda: dialog.start.isEnabled())
    person.wait(lambda: "2 runs" in dialog.cost.text())
    person.click(dialog.cancel)
    assert not sweep_names()


@pytest.mark.thorough
def test_a_sweep_is_begun_by_mouse_and_its_best_run_opened(
    person: Person, digits: Dataset, tmp_path: Path
) -> None:
    path = tmp_path / "digits.npz"
    train, test = digits.train, digits.test
    assert train.labels is not None
    assert test.labels is not None
    np.savez(path, x_train=train.images, y_train=train.labels, x_test=test.images, y_test=test.labels)
    from aestudio.datasets.catalogue import load_dataset
    from aestudio.gui.state.studio_state import DataState

    session = person.window.session
    session.update(data=DataState(str(path), "ready", dataset=load_dataset(str(path))))
    session.recipe.choose_recipe(small("compress-ae", epochs=2))
    person.action("sweep.vary").trigger()
    dialog = dialog_of(person)
    dialog.rows.rows[0].show_setting("latent_size")
    type_values(person, dialog.rows.rows[0].values, "2, 4")
    for _ in range(2):
        person.qtbot.keyClick(dialog.folds, Qt.Key.Key_Up)
    assert dialog.draft.folds == 2
    person.wait(lambda: dialog.start.isEnabled() and "4 runs" in dialog.cost.text(), 60_000)
    person.click(dialog.start)
    window = person.window.dialogs.sweeps
    person.wait(window.isVisible)
    person.wait(lambda: person.state.run_list.sweeps.running is None and bool(sweep_names()))
    (name,) = sweep_names()
    person.wait(lambda: not person.state.tasks)
    _, folder = find_sweep(name)
    results = read_results(folder)
    assert sorted(results) == [1, 2, 3, 4]
    assert not any(one.problem for one in results.values())
    assert person.state.message.text == "The sweep has ended: 4 runs."
    assert window.choice.text().startswith("Best: latent ")
    assert len(rows_of(window.pages.table)) == 2
    best = window.pages.selected
    person.click(window.open_run)
    person.wait(lambda: person.state.model is not None and person.state.model.snapshot.run == best.runs[0])
    assert person.state.recipe.value("latent_size") == best.settings["latent_size"]
    window.close()
