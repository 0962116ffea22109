"""Kept runs compared through the real window: selected in the table, drawn on one axis, put into a paper."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QMenu

from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
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
LOSSES = {
    "a": [130.0, 120.0, 118.0],
    "b": [140.0, 99.0, 98.0],
    "c": [5.0, 4.0, 3.0],
    "d": [150.0, 140.0, 139.0],
    "e": [151.0, 141.0, 140.0],
}


@pytest.fixture
def kept(person: Person) -> RunsWindow:
    """Four VAEs, and an autoencoder whose loss has another unit."""
    keep("a", 0, latent_size=3)
    keep("b", 1, latent_size=10, beta=4.0)
    keep("c", 2, recipe="deep-ae")
    keep("d", 3, latent_size=2)
    keep("e", 4, latent_size=2)
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


def test_two_to_eight_runs_are_compared(person: Person, kept: RunsWindow) -> None:
    assert not kept.compare_button.isEnabled()
    click_row(person, kept.table, 0)
    assert not kept.compare_button.isEnabled()
    click_row(person, kept.table, 1, Qt.KeyboardModifier.ControlModifier)
    assert kept.compare_button.isEnabled()


def test_curves_of_one_unit_share_an_axis_and_others_are_named(person: Person, kept: RunsWindow) -> None:
    window = compare(person, kept, "run a", "run b", "run c")
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


def test_settings_that_differ_are_listed_and_stand_out_among_all(person: Person, kept: RunsWindow) -> None:
    window = compare(person, kept, "run a", "run b")
    results = {row[0]: row[1:] for row in window.results.texts}
    assert results["Best validation [nats per image]"] == ["118", "98"]
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


def test_changed_settings_are_marked_and_a_collapse_is_said(person: Person, kept: RunsWindow) -> None:
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
    window = compare(person, kept, "run a", "run b")
    assert [(mark.owner, mark.text, mark.x) for mark in window.plot.changes] == [("run a", "β 1 → 4", 600.0)]
    assert window.plot.changes[0].colour_role == 0, "that of its curve"
    figure = window.figure()
    assert figure is not None
    assert figure.marks == window.plot.changes
    rows = {row[0]: row[1:] for row in window.results.texts}
    assert rows["Collapse"] == ["z2, z3 collapsed at step 400", "–"]
    colour = window.results.item(list(rows).index("Collapse"), 1).foreground().color()  # type: ignore[union-attr]
    assert colour.name() == current_theme().warn.lower()


def test_outliers_are_clipped_from_this_window_too(person: Person, kept: RunsWindow) -> None:
    window = compare(person, kept, "run a", "run b")
    assert not window.clipping.isChecked()
    person.click(window.clipping)
    assert person.state.clip_outliers
    assert window.plot._clipping
    person.action("curves.clip_outliers").trigger()
    person.wait(lambda: not window.clipping.isChecked())
    assert not window.plot._clipping


def choose_in_menu(person: Person, window: ComparisonWindow, text: str) -> None:
    """Click Export, and then an entry of its menu."""
    person.click(window.export_button)
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    (entry,) = [action for action in menu.actions() if action.text() == text]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())


def save_by_mouse(person: Person, window: ComparisonWindow, folder: Path) -> None:
    """Click Save: the proposed name, in this folder."""
    (dialog,) = [one for one in window.findChildren(QFileDialog) if one.isVisible()]
    name = dialog.selectedFiles()[0].rpartition("/")[2]
    dialog.setDirectory(str(folder))
    dialog.selectFile(name)
    (box,) = dialog.findChildren(QDialogButtonBox)
    person.click(box.button(QDialogButtonBox.StandardButton.Save))
    person.wait((folder / name).exists)
    assert window.message.text == f"Wrote the curves to {folder / name}."


def colours_in(pdf: bytes) -> set[tuple[int, ...]]:
    """What is painted with, red, green and blue from 0 to 255."""
    parts = (part.partition(b"endstream")[0].strip(b"\r\n") for part in pdf.split(b"stream\n")[1::2])
    painted = b"".join(zlib.decompress(part) for part in parts if part.startswith(b"\x78"))
    numbers = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:scn|SCN|rg|RG)\b", painted)
    return {tuple(round(255 * float(number)) for number in one) for one in numbers}


@pytest.mark.thorough
def test_a_run_is_found_renamed_compared_and_put_into_a_paper_by_mouse(
    person: Person, kept: RunsWindow, tmp_path: Path
) -> None:
    """Only the new name is typed. The window is dark, the figure is light."""
    kept.close()
    person.click(person.window.right.runs.all_runs)
    assert kept.isVisible()
    person.wait(kept.isActiveWindow)  # whoever types sees first that the window is in front
    table = kept.table
    click_heading(person, table, "best")
    if names(table).index("run b") > names(table).index("run a"):
        click_heading(person, table, "best")  # the other way round
    found = names(table, shipped=True)
    assert found.index("run b") < found.index("run a") < found.index("run d"), "of one unit the best first"
    click_row(person, table, found.index("run b"))
    person.click(kept.rename_button)
    (editor,) = [box for box in table.viewport().findChildren(QLineEdit) if box.isVisible()]
    person.wait(editor.hasFocus)
    person.qtbot.keyClicks(editor, "beta 4")
    click_row(person, table, found.index("run c"))
    try:
        person.wait(lambda: "beta 4" in names(table) and not person.state.tasks)
    except Exception as problem:
        found = names(table), person.state.tasks, person.state.message, table.state()
        raise AssertionError(f"not renamed: {found}") from problem
    assert KeptRun.at(runs_folder() / "b").title == "beta 4"
    window = compare(person, kept, "beta 4", "run a", "run d", "run e")
    assert drawn(window) == {
        "beta 4": LOSSES["b"],
        "run a": LOSSES["a"],
        "run d": LOSSES["d"],
        "run e": LOSSES["e"],
    }
    choose_in_menu(person, window, "Curves as PDF ...")
    save_by_mouse(person, window, tmp_path)
    pdf = (tmp_path / "curves.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert re.search(rb"/FontFile[23]? ", pdf), "its font is embedded"
    colours = colours_in(pdf)
    assert {rgb(colour) for colour in LIGHT.class_colours[:4]} <= colours
    assert not {rgb(DARK.window), rgb(DARK.panel)} & colours
    for suffix, begins in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        choose_in_menu(person, window, f"Curves as {suffix.upper()} ...")
        save_by_mouse(person, window, tmp_path)
        assert (tmp_path / f"curves.{suffix}").read_bytes().startswith(begins)
    window.write_figure(tmp_path / "curves.pdf" / "no folder.pdf")
    assert person.state.message.tone == "bad"


def rgb(colour: str) -> tuple[int, ...]:
    return QColor(colour).toTuple()[:3]


def test_everything_is_written_as_tables(person: Person, kept: RunsWindow, tmp_path: Path) -> None:
    window = compare(person, kept, "run a", "run c")
    write_tables(person, window, tmp_path)
    with (tmp_path / "curves.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    validation = [row for row in rows if row["split"] == "validation" and row["run a"]]
    assert [float(row["run a"]) for row in validation] == LOSSES["a"]
    written = {"settings.csv", "curves.csv", "collapses.csv"}
    assert {path.name for path in tmp_path.glob("*.csv")} == written
    # Nothing is replaced: what is written again has a folder of its own, which the message names.
    (tmp_path / "curves.csv").write_text("mine")
    write_tables(person, window, tmp_path)
    assert (tmp_path / "curves.csv").read_text() == "mine"
    assert {path.name for path in (tmp_path / "comparison").iterdir()} == written
    assert str(tmp_path / "comparison") in person.state.message.text


def test_a_run_that_is_gone_is_neither_compared_nor_removed_and_says_why(
    person: Person, kept: RunsWindow
) -> None:
    """It was in the list when it was chosen; another program has removed its folder since."""
    gone, other = (next(run for run in person.state.runs if run.title == f"run {name}") for name in "ab")
    shutil.rmtree(gone.folder)
    person.window.compare_runs((gone, other))
    person.wait(lambda: person.state.message.tone == "bad" and not person.state.tasks)
    assert "is not there any more" in person.state.message.text
    assert str(gone.folder) in person.state.message.text
    person.window.session.show_message("")
    person.window.session.runs.remove(gone)
    person.wait(lambda: person.state.message.tone == "bad" and not person.state.tasks)
    assert person.state.message.text.startswith("The folder of this run is gone")
    assert gone.folder not in {run.folder for run in person.state.runs}


def write_tables(person: Person, window: ComparisonWindow, folder: Path) -> None:
    """Export > Everything as CSV, into this folder."""
    person.window.session.show_message("")
    person.click(window.export_button)
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    next(action for action in menu.actions() if action.text() == "Everything as CSV ...").trigger()
    menu.close()
    (dialog,) = [one for one in window.findChildren(QFileDialog) if one.isVisible()]
    dialog.fileSelected.emit(str(folder))
    dialog.reject()
    person.wait(lambda: person.state.message.tone in ("good", "bad") and not person.state.tasks)
    assert person.state.message.tone == "good", person.state.message.text


def test_the_comparison_is_forgotten_when_its_window_is_closed(person: Person, kept: RunsWindow) -> None:
    window = compare(person, kept, "run a", "run b")
    window.close()
    assert person.state.run_list.compared is None
    again = compare(person, kept, "run b", "run c")
    assert again is window
    assert again.isVisible()
    labels = again.results.horizontalHeaderItem(1)
    assert labels is not None
    assert labels.text() == "run b"
    assert cell(kept.table, 0).isValid()


@pytest.mark.thorough
def test_images_of_each_run_are_side_by_side(person: Person, tmp_path: Path) -> None:
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
    for suffix, begin in (("pdf", b"%PDF-"), ("svg", b"<?xml"), ("png", b"\x89PNG")):
        window.write_images(tmp_path / f"images.{suffix}")
        assert (tmp_path / f"images.{suffix}").read_bytes().startswith(begin)
    assert window.message.text.startswith("Wrote the images to ")
    shown = window.images.rows_of_images["reconstruction", 0].shown
    assert not np.array_equal(shown, window.images.rows_of_images["reconstruction", 1].shown)
    person.window.session.update(ink_on_paper=True)
    assert not np.array_equal(shown, window.images.rows_of_images["reconstruction", 0].shown)
