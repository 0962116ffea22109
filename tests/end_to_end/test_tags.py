"""Tags on digits in the real window: by key, menu and lasso, kept with the data set, found, exported."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from aestudio.gui.state.preferences import preferences_of
from aestudio.gui.window.tags_dialog import TagsDialog
from aestudio.runs.image_tags_file import of_dataset, read_tags, tags_path
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person


def menu(person: Person, title: str, submenu: str) -> dict[str, Any]:
    """The entries of a submenu by their text, as they are when it opens."""
    actions = person.window.menuBar().actions()
    opened: Any = next(one.menu() for one in actions if one.text().replace("&", "") == title)
    opened.aboutToShow.emit()
    found: Any = next(one.menu() for one in opened.actions() if one.text() == submenu)
    assert isinstance(found, QMenu)
    found.aboutToShow.emit()
    return {one.text(): one for one in found.actions()}


def kept(digits: Dataset) -> dict[Any, Any]:
    """What the file of the data set says."""
    return of_dataset(read_tags(tags_path(digits)), {"test": digits.test, "train": digits.train})


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_digits_are_tagged_found_and_exported(person: Person, digits: Dataset, tmp_path: Path) -> None:
    window = person.window
    person.wait(lambda: "tags" in person.state.kept_lists and not person.state.kept_lists["tags"].reading)
    window.session.explore.select(5)

    # By its key: a dialog with the known tags, one of the user's own, and a note.
    person.keys("Ctrl+L")
    dialog = window.findChild(TagsDialog)
    assert dialog is not None
    assert "Test image 5" in dialog.title.text()
    dialog.boxes["wrong label"].setChecked(True)
    dialog.other.setText("thin, open")
    dialog.note.setPlainText("rather a 9")
    dialog.accept()
    person.wait(lambda: kept(digits))
    entry = kept(digits)["test", 5]
    assert (entry.tags, entry.note) == (("wrong label", "thin", "open"), "rather a 9")
    assert entry.label == digits.test.class_names[int(digits.test.labels[5])]  # type: ignore[index]

    # By the menu: the user's own tags are offered, too; the same tag again is taken back.
    window.session.explore.select(7)
    assert list(menu(person, "Explore", "Tag this image"))[:4] == ["wrong label", "ambiguous", "open", "thin"]
    menu(person, "Explore", "Tag this image")["ambiguous"].trigger()
    person.wait(lambda: ("test", 7) in kept(digits))
    menu(person, "Explore", "Tag this image")["ambiguous"].trigger()
    person.wait(lambda: ("test", 7) not in kept(digits))
    window.commands.run("edit.undo")
    person.wait(lambda: ("test", 7) in kept(digits))
    assert kept(digits)["test", 7].tags == ("ambiguous",)

    # A lasso selection, across both sets.
    window.session.workspace.select(np.array([1, 2, 120 + 8], np.int64))
    menu(person, "Explore", "Tag the selection")["thin"].trigger()
    person.wait(lambda: len(kept(digits)) == 5)
    assert kept(digits)["train", 8].tags == ("thin",)

    # Found again: on the map and in Reconstruct.
    menu(person, "Explore", "Select tagged images")["thin"].trigger()
    assert person.state.workspace.selection is not None
    assert person.state.workspace.selection.tolist() == [1, 2, 5, 128]
    person.show("reconstruct")
    view: Any = window.view
    view.orders.choose("selection")
    person.click(view.orders.tagged)
    assert person.state.workspace.selection.tolist() == [1, 2, 5, 7, 128]
    window.session.explore.select(5)
    inspector: Any = window.right.inspector
    person.wait(lambda: inspector.heading.text.endswith("wrong label +2"))
    assert inspector.heading.toolTip().endswith("\nwrong label, thin, open\nrather a 9")

    # As a table.
    window.actions_by_id["export.tags"].trigger()
    asked = QApplication.activeModalWidget()
    assert isinstance(asked, QFileDialog)
    asked.fileSelected.emit(str(tmp_path / "tags.csv"))
    asked.close()
    person.wait(lambda: (tmp_path / "tags.csv").exists())
    with (tmp_path / "tags.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["index"], row["set"]) for row in rows] == [
        ("1", "test"),
        ("2", "test"),
        ("5", "test"),
        ("7", "test"),
        ("8", "train"),
    ]
    assert rows[2]["tags"] == "wrong label; thin; open"
    assert rows[2]["note"] == "rather a 9"


@pytest.mark.thorough
def test_tagged_digits_are_ringed_on_the_map_and_in_its_figure(person: Person, digits: Dataset) -> None:
    session = person.window.session
    person.wait(lambda: "tags" in person.state.kept_lists and not person.state.kept_lists["tags"].reading)
    session.recipe.choose_recipe(small(latent_size=2, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait_computed()
    view: Any = person.window.view
    panel = view.map
    plot = panel.map.plot
    assert plot.rings.points.rings == ()
    assert "Rings" not in panel._note.text()
    for number, tag in ((5, "wrong label"), (7, "ambiguous"), (5, "ambiguous")):
        session.explore.select(number)
        menu(person, "Explore", "Tag this image")[tag].trigger()
    rings = plot.rings.points.rings
    assert [(ring.index, ring.look, ring.place) for ring in rings] == [(5, 0, 0), (5, 1, 1), (7, 1, 0)]
    places = {ring.index: (x, y) for ring, x, y in plot.rings.places()}
    shown = person.state.value("map").xy
    assert places == {number: tuple(shown[number].tolist()) for number in (5, 7)}
    assert panel._note.text() == "Rings: 1 wrong label (solid), 2 ambiguous (dashed)."
    offer = panel.map.offer_at(None)
    assert offer.figure is not None
    assert offer.values is not None
    assert offer.figure()("svg").count(b"stroke-dasharray") >= 2
    table = offer.values()
    column = list(table.header).index("tags")
    told = {row[0]: row[column] for row in table.rows if row[column]}
    assert told == {5: "wrong label; ambiguous", 7: "ambiguous"}
    check_the_switch_of_the_rings(person, panel)
    session.update(map_choice=replace(person.state.map_choice, points="hidden"))
    assert plot.rings.places() == [], "no point, no ring"


def check_the_switch_of_the_rings(person: Person, panel: Any) -> None:
    """It takes the rings off the map and its figure; the table keeps the tags. It is remembered."""
    person.click(panel.tools.options_button)
    switch = panel.tools.options.rings
    assert switch.isChecked()
    person.click(switch)
    assert panel.map.plot.rings.places() == []
    assert "Rings" not in panel._note.text()
    offer = panel.map.offer_at(None)
    assert b"stroke-dasharray" not in offer.figure()("svg")
    table = offer.values()
    column = list(table.header).index("tags")
    assert sum(bool(row[column]) for row in table.rows) == 2
    assert preferences_of(person.state)["map.rings"] is False
    person.click(switch)
    assert len(panel.map.plot.rings.places()) == 3
    panel.tools.options.hide()


def test_each_data_set_has_its_own_tags(
    person: Person, digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.datasets.synthetic import generate

    session = person.window.session

    def ready() -> bool:
        found = person.state.kept_lists.get("tags")
        return found is not None and found.path is not None and not found.reading

    person.wait(ready)
    session.tags.toggle("ambiguous", (3,))
    person.wait(lambda: ("test", 3) in kept(digits))
    other = generate(train=60, test=20, seed=9)
    loaded = [other]
    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", lambda *_, **__: loaded[0])
    session.data.choose("other")
    person.wait(lambda: person.state.data.dataset is other)
    assert person.state.workspace.tags == ()
    person.wait(ready)
    session.tags.toggle("wrong label", (0,))
    person.wait(lambda: ("test", 0) in kept(other))
    assert set(kept(digits)) == {("test", 3)}, "the file of the first data set is as it was"
    loaded[0] = digits
    session.data.choose("builtin")
    person.wait(lambda: person.state.data.dataset is digits and ready())
    person.wait(lambda: [entry.index for entry in person.state.workspace.tags] == [3])
    assert set(kept(other)) == {("test", 0)}
