"""Kept runs compared through the real window: selected in the table, drawn on one axis, put into a paper."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from aestudio.gui.theme.style import current_theme
from aestudio.resources import resources_folder
from aestudio.runs.kept_run import KeptRun
from tests.end_to_end.test_runs_window import (
    cell,
    click_heading,
    click_row,
    keep,
    names,
    open_runs,
    runs_folder,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.window.runs.comparison_window import ComparisonWindow
    from aestudio.gui.window.runs.runs_window import RunsWindow
    from tests.end_to_end.conftest import Person

# opening a menu or a window offscreen
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LOSSES = {"a": [130.0, 120.0, 118.0], "b": [140.0, 99.0, 98.0], "c": [5.0, 4.0, 3.0]}


@pytest.fixture
def three(person: Person) -> RunsWindow:
    """Two VAEs, and an autoencoder whose loss has another unit."""
    keep("a", 0, latent_size=3)
    keep("b", 1, latent_size=10, beta=4.0)
    keep("c", 2, recipe="deep-ae")
    for name, losses in LOSSES.items():
        loss = KeptRun.at(runs_folder() / name).recipe.objective.terms()[0].name
        points = [
            {"split": split, "step": 10 * step, "epoch": float(step), "terms": {loss: value + more}}
            for step, value in enumerate(losses, 1)
            for split, more in (("training", 1.0), ("validation", 0.0))
        ]
        (runs_folder() / name / "metrics.jsonl").write_text("".join(json.dumps(one) + "\n" for one in points))
    runs = open_runs(person)
    click_heading(person, runs.table, "name")
    return runs


def compare(person: Person, runs: RunsWindow, *wanted: str) -> ComparisonWindow:
    """Select these runs with the mouse, and click Compare."""
    for number, name in enumerate(wanted):
        held = (Qt.KeyboardModifier.ControlModifier,) if number else ()
        click_row(person, runs.table, names(runs.table, shipped=True).index(name), *held)
    person.click(runs.compare_button)
    window = person.window.comparison_window
    assert window is not None
    person.wait(lambda: person.state.run_list.compared is not None and not person.state.tasks)
    return window


def drawn(window: ComparisonWindow) -> dict[str, list[float]]:
    """The values of each curve of the plot, by its name."""
    lines = [line.curve for line in window.plot._lines if line.curve is not None]
    return {curve.name: curve.y.tolist() for curve in lines}


def choose(person: Person, window: ComparisonWindow, text: str) -> None:
    index = window.term.findText(text)
    assert index >= 0, [window.term.itemText(number) for number in range(window.term.count())]
    window.term.setCurrentIndex(index)
    window.term.activated.emit(index)


def test_two_to_eight_runs_are_compared(person: Person, three: RunsWindow) -> None:
    assert not three.compare_button.isEnabled()
    click_row(person, three.table, 0)
    assert not three.compare_button.isEnabled()
    click_row(person, three.table, 1, Qt.KeyboardModifier.ControlModifier)
    assert three.compare_button.isEnabled()


def test_curves_of_one_unit_share_an_axis_and_others_are_named(person: Person, three: RunsWindow) -> None:
    window = compare(person, three, "run a", "run b", "run c")
    assert window.windowTitle() == "Comparison of 3 runs"
    assert window.term.currentText() == "Validation: Loss [nats per image]", "what most of them have"
    choose(person, window, "Validation: Loss [nats per image]")
    assert drawn(window) == {"run a": LOSSES["a"], "run b": LOSSES["b"]}
    assert window.missing.isVisible()
    assert window.missing.text() == "Without this curve, or in another unit: run c"
    choose(person, window, "Training: Loss [nats per image]")
    assert drawn(window) == {name: [v + 1 for v in LOSSES[name[-1]]] for name in ("run a", "run b")}
    choose(person, window, "Validation: Loss [squared error per image]")
    assert drawn(window) == {"run c": LOSSES["c"]}
    lines = [line.curve.x.tolist() for line in window.plot._lines if line.curve is not None]
    assert lines == [[10.0, 20.0, 30.0]]
    index = window.axis.findText("Epochs")
    window.axis.setCurrentIndex(index)
    window.axis.activated.emit(index)
    lines = [line.curve.x.tolist() for line in window.plot._lines if line.curve is not None]
    assert lines == [[1.0, 2.0, 3.0]]


def test_settings_that_differ_are_listed_and_stand_out_among_all(person: Person, three: RunsWindow) -> None:
    window = compare(person, three, "run a", "run b")
    results = {row[0]: row[1:] for row in window.results.texts}
    assert results["Best validation"] == ["118 nats per image", "98 nats per image"]
    assert not window.every.isVisible()
    tabs = window.pages.tabBar()
    person.click(tabs, tabs.tabRect(1).center())
    assert not window.measure_button.isVisible()
    rows = {row[0]: row[1:] for row in window.settings.texts}
    assert rows["Latent size [numbers]"] == ["3", "10"]
    assert "Data set" not in rows
    person.click(window.every)
    rows = {
        row[0]: (row[1:], window.settings.is_marked(number))
        for number, row in enumerate(window.settings.texts)
    }
    assert rows["Latent size [numbers]"] == (["3", "10"], True)
    assert rows["Data set"] == (["MNIST", "MNIST"], False)


def test_changed_settings_are_marked_and_a_collapse_is_said(person: Person, three: RunsWindow) -> None:
    lines = [
        {
            "split": "validation",
            "step": step,
            "epoch": step / 400,
            "terms": {"loss": 100.0},
            "code_use": {
                "variance": [1.0, 0.0, 0.001],
                "kl": [2.0, 0.0, 0.0],
                "error": 0.01,
                "mean_image_error": 0.07,
                "images": 512,
            },
        }
        for step in (400, 800)
    ]
    change = {"change": "beta", "value": 4.0, "step": 600}
    path = runs_folder() / "a" / "metrics.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (lines[0], change, lines[1])))
    window = compare(person, three, "run a", "run b")
    assert [(mark.owner, mark.text, mark.x) for mark in window.plot.changes] == [("run a", "β 1 → 4", 600.0)]
    assert window.plot.changes[0].colour_role == 0, "that of its curve"
    figure = window.figure()
    assert figure is not None
    assert figure.marks == window.plot.changes
    rows = {row[0]: row[1:] for row in window.results.texts}
    assert rows["Collapse"] == ["z2, z3 collapsed at step 400", "–"]
    colour = window.results.item(list(rows).index("Collapse"), 1).foreground().color()  # type: ignore[union-attr]
    assert colour.name() == current_theme().warn.lower()


def test_outliers_are_clipped_from_this_window_too(person: Person, three: RunsWindow) -> None:
    window = compare(person, three, "run a", "run b")
    assert not window.clipping.isChecked()
    person.click(window.clipping)
    assert person.state.clip_outliers
    assert window.plot._clipping
    person.action("curves.clip_outliers").trigger()
    person.wait(lambda: not window.clipping.isChecked())
    assert not window.plot._clipping


def test_the_curves_are_put_into_a_paper(person: Person, three: RunsWindow, tmp_path: Path) -> None:
    window = compare(person, three, "run a", "run b")
    for suffix, title in (
        ("pdf", "Curves as PDF ..."),
        ("svg", "Curves as SVG ..."),
        ("png", "Curves as PNG ..."),
    ):
        person.click(window.export_button)
        (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
        (entry,) = [action for action in menu.actions() if action.text() == title]
        entry.trigger()
        menu.close()
        (dialog,) = [one for one in window.findChildren(QFileDialog) if one.isVisible()]
        dialog.fileSelected.emit(str(tmp_path / f"curves.{suffix}"))
        dialog.reject()
        person.live(1)
    assert (tmp_path / "curves.pdf").read_bytes().startswith(b"%PDF-")
    assert b"<svg" in (tmp_path / "curves.svg").read_bytes()
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert window.message.text.startswith("Wrote the curves to ")
    window.write_figure(tmp_path / "curves.pdf" / "no folder.pdf")
    assert person.state.message.tone == "bad"


def test_everything_is_written_as_tables(person: Person, three: RunsWindow, tmp_path: Path) -> None:
    window = compare(person, three, "run a", "run c")
    person.click(window.export_button)
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    next(action for action in menu.actions() if action.text() == "Everything as CSV ...").trigger()
    menu.close()
    (dialog,) = [one for one in window.findChildren(QFileDialog) if one.isVisible()]
    dialog.fileSelected.emit(str(tmp_path))
    dialog.reject()
    person.wait(lambda: (tmp_path / "curves.csv").exists() and not person.state.tasks)
    with (tmp_path / "curves.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    validation = [row for row in rows if row["split"] == "validation" and row["run a"]]
    assert [float(row["run a"]) for row in validation] == LOSSES["a"]
    assert {path.name for path in tmp_path.glob("*.csv")} == {"settings.csv", "curves.csv", "collapses.csv"}


def test_the_comparison_is_forgotten_when_its_window_is_closed(person: Person, three: RunsWindow) -> None:
    window = compare(person, three, "run a", "run b")
    window.close()
    assert person.state.run_list.compared is None
    again = compare(person, three, "run b", "run c")
    assert again is window
    assert again.isVisible()
    labels = again.results.horizontalHeaderItem(1)
    assert labels is not None
    assert labels.text() == "run b"
    assert cell(three.table, 0).isValid()


def test_images_of_each_run_are_side_by_side(person: Person) -> None:
    for name in ("conv-vae", "conv-vae-2d"):
        shutil.copytree(resources_folder() / "models" / name, runs_folder() / f"my {name}")
        KeptRun.at(runs_folder() / f"my {name}").rename(f"run {name}")
    window = compare(person, open_runs(person), "run conv-vae", "run conv-vae-2d")
    assert window.images.rows_of_images == {}
    person.click(window.measure_button)
    person.wait(lambda: not person.state.tasks)
    rows = {row[0]: row[1:] for row in window.results.texts}
    for title in ("MSE per pixel", "PSNR [dB]", "SSIM", "ELBO [nats per image]"):
        assert all(" ± " in text for text in rows[title]), rows[title]
    assert rows["Active dimensions"] == ["10 of 10", "2 of 2"]
    tabs = window.pages.tabBar()
    person.click(tabs, tabs.tabRect(2).center())
    person.wait(lambda: window.images.rows_of_images)
    compared = person.state.run_list.compared
    assert compared is not None
    assert compared.images is not None
    assert set(window.images.rows_of_images) == {
        ("original", 0),
        ("reconstruction", 0),
        ("reconstruction", 1),
        ("sample", 0),
        ("sample", 1),
    }
    shown = window.images.rows_of_images["reconstruction", 0].shown
    assert not np.array_equal(shown, window.images.rows_of_images["reconstruction", 1].shown)
    person.window.session.update(ink_on_paper=True)
    assert not np.array_equal(shown, window.images.rows_of_images["reconstruction", 0].shown)
