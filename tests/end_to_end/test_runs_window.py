"""The table of all runs through the real window: sorted, filtered, labelled, removed, used by keys alone."""

from __future__ import annotations

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu

from aestudio.gui.controllers import kept_runs_changes
from aestudio.gui.window.runs.runs_table import column_number
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.resources import resources_folder
from aestudio.runs import search_index
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.listed_run import ListedRun
from aestudio.runs.run_record import RunRecord, write_record
from aestudio.runs.run_rows import run_rows
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aestudio.gui.window.runs.runs_table import RunTable
    from aestudio.gui.window.runs.runs_window import RunsWindow
    from tests.end_to_end.conftest import Person

# opening a menu or a window offscreen
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
BEGUN = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
BEST = {"a": 120.0, "b": 98.5, "c": 101.25, "d": 1000.0, "e": None}


def keep(name: str, number: int, best: float | None = None, recipe: str = "vae", **settings: Any) -> None:
    """A kept run without weights: what a list reads of it."""
    kept = find_recipe(recipe).with_settings({"epochs": 10, **settings})
    folder = runs_folder() / name
    folder.mkdir(parents=True)
    loss = kept.objective.terms()[0].name
    record = RunRecord(
        name=name,
        title=f"run {name}",
        recipe=kept,
        dataset="mnist",
        dataset_title="MNIST",
        seed=number,
        device="cpu",
        status="finished",
        created=BEGUN + timedelta(hours=number),
        epoch=float(number),
    )
    write_record(folder, record)
    points = [] if best is None else [{"split": "validation", "step": 9, "epoch": 1.0, "terms": {loss: best}}]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(point) + "\n" for point in points))
    (folder / "weights.safetensors").write_bytes(b"0" * (10 + number) * 1000)


def open_runs(person: Person) -> RunsWindow:
    """Open the window by its keys, and wait until every row is read."""
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    person.keys("Ctrl+Shift+R")
    runs = person.window.runs_window
    assert runs is not None
    assert runs.isVisible()
    person.wait(lambda: not person.state.tasks and len(person.state.run_list.rows) == len(person.state.runs))
    return runs


@pytest.fixture
def five(person: Person, monkeypatch: pytest.MonkeyPatch) -> RunsWindow:
    """The window of five runs and the shipped models; the runs are in the index, and count as settled."""
    monkeypatch.setattr(search_index, "SETTLED_SECONDS", 0.0)
    for number, (name, best) in enumerate(BEST.items()):
        keep(name, number, best, latent_size=[3, 10, 2, 32, 8][number])
    run_rows(kept_runs())  # from the second time on, a list is read from the index
    assert all(isinstance(run, ListedRun) for run in kept_runs())
    return open_runs(person)


def names(table: RunTable, shipped: bool = False) -> list[str]:
    return [row.name for row in table.runs.rows if shipped or not row.run.shipped]


def cell(table: RunTable, row: int, column: str = "name") -> QRect:
    """The rectangle of a cell, scrolled to."""
    index = table.runs.index(row, column_number(column))
    table.scrollTo(index)
    return table.visualRect(index)


def click_row(person: Person, table: RunTable, row: int, *keys: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for key in keys:
        held |= key
    at = cell(table, row).center()
    person.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, held, at)


def click_heading(person: Person, table: RunTable, column: str) -> None:
    header = table.horizontalHeader()
    number = column_number(column)
    table.scrollTo(table.runs.index(0, number))
    at = QPoint(
        header.sectionViewportPosition(number) + header.sectionSize(number) // 2, header.height() // 2
    )
    person.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def typed(person: Person, table: RunTable, text: str) -> None:
    """Type into the open editor of a cell, and press Return."""
    (editor,) = [box for box in table.viewport().findChildren(QLineEdit) if box.isVisible()]
    person.qtbot.keyClicks(editor, text)
    person.qtbot.keyClick(editor, Qt.Key.Key_Return)


def on_disk(folder: str) -> KeptRun:
    return KeptRun.at(runs_folder() / folder)


def test_the_table_of_five_runs(person: Person, five: RunsWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """One window for all checks that leave the runs there: opening it takes longer than the checks."""
    the_cells_say_what_the_command_line_says_with_units(five)
    more_is_said_of_a_selected_run(person, five)
    every_column_is_on_the_screen_at_first(five)
    a_shipped_model_cannot_be_renamed_or_removed(person, five)
    a_note_and_tags_are_kept_when_another_run_is_selected(person, five)
    a_tag_is_given_to_all_that_are_selected(person, five)
    the_filter_finds_words_and_tags_and_says_how_many(person, five)
    the_user_is_asked_before_histories_are_thinned(person, five, monkeypatch)
    a_click_on_a_heading_sorts_numbers_as_numbers(person, five)
    for _ in range(2):
        click_heading(person, five.table, "size")  # the list's order again
    equal_rows_keep_their_order_and_what_is_selected_stays_selected(person, five)


@pytest.mark.thorough
def test_runs_are_removed_and_come_back(person: Person, five: RunsWindow) -> None:
    """One window for all checks, each of which restores what it removed."""
    selected_runs_are_removed_by_a_key_and_come_back_by_undo(person, five)
    undo_is_a_button_in_the_sidebar_too(person, five)
    an_older_removal_is_restored_from_the_list(person, open_runs(person))


def more_is_said_of_a_selected_run(person: Person, five: RunsWindow) -> None:
    """As its files say, also where the list is read from the index."""
    for row, run in enumerate(five.table.runs.rows):
        if not run.run.shipped:
            click_row(person, five.table, row)
            assert KeptRun.at(run.run.folder).describe() in five.details.facts.text()


def a_click_on_a_heading_sorts_numbers_as_numbers(person: Person, five: RunsWindow) -> None:
    table, header = five.table, five.table.horizontalHeader()
    assert names(table) == ["run e", "run d", "run c", "run b", "run a"], "the newest first"
    known = sorted((best, name) for name, best in BEST.items() if best is not None)
    rising = [f"run {name}" for _, name in known]
    click_heading(person, table, "best")
    assert names(table) == [*rising, "run e"], "without a value it is last"
    assert header.sortIndicatorSection() == column_number("best")
    assert header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
    click_heading(person, table, "best")
    assert names(table) == [*reversed(rising), "run e"]
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    click_heading(person, table, "best")
    assert names(table) == ["run e", "run d", "run c", "run b", "run a"], (
        "the third click is the list's order"
    )
    click_heading(person, table, "latent")
    assert [row.latent_size for row in table.runs.rows if not row.run.shipped] == [2, 3, 8, 10, 32]
    click_heading(person, table, "size")
    assert names(table) == ["run e", "run d", "run c", "run b", "run a"], "the largest first"


def equal_rows_keep_their_order_and_what_is_selected_stays_selected(person: Person, five: RunsWindow) -> None:
    table = five.table
    click_row(person, table, 1)
    click_row(person, table, 3, Qt.KeyboardModifier.ControlModifier)
    assert [row.name for row in table.selected] == ["run d", "run b"]
    click_heading(person, table, "dataset")
    assert names(table) == ["run e", "run d", "run c", "run b", "run a"]
    click_heading(person, table, "name")
    assert names(table) == ["run a", "run b", "run c", "run d", "run e"]
    assert [row.name for row in table.selected] == ["run b", "run d"]


def the_cells_say_what_the_command_line_says_with_units(five: RunsWindow) -> None:
    table = five.table
    row = names(table, shipped=True).index("run b")
    texts = {
        name: table.runs.index(row, column_number(name)).data()
        for name in ("recipe", "dataset", "best", "epochs", "latent", "beta", "seed", "size")
    }
    bytes_on_disk = sum(path.stat().st_size for path in on_disk("b").folder.rglob("*") if path.is_file())
    assert texts == {
        "recipe": "VAE",
        "dataset": "MNIST",
        "best": "98.5 nats",
        "epochs": "1 of 10",
        "latent": "10",
        "beta": "1",
        "seed": "1",
        "size": f"{bytes_on_disk / 1000:.0f} kB",
    }


def the_filter_finds_words_and_tags_and_says_how_many(person: Person, five: RunsWindow) -> None:
    on_disk("b").with_tags(["talk"])
    on_disk("d").with_tags(["talk", "old"])
    person.window.session.runs.refresh()
    person.wait(lambda: not person.state.tasks)
    table = five.table
    person.keys("Ctrl+F", five)
    assert five.filter.hasFocus() or not five.isActiveWindow()
    person.qtbot.keyClicks(five.filter, "#talk run")
    assert names(table, shipped=True) == ["run d", "run b"]
    assert five.count.text() == f"2 of {len(person.state.runs)}"
    person.qtbot.keyClicks(five.filter, " nothing")
    assert names(table, shipped=True) == []
    assert five.nothing.text() == "No run has all of these words."
    person.qtbot.keyClick(five.filter, Qt.Key.Key_Escape)
    assert five.isVisible(), "Escape empties the filter first"
    assert len(names(table)) == 5
    assert five.nothing.text() == ""


def test_a_name_is_typed_in_its_row(person: Person, five: RunsWindow) -> None:
    table = five.table
    click_row(person, table, 1)
    person.qtbot.keyClick(table, Qt.Key.Key_F2)
    # A refresh while a name is typed must not take the field away.
    person.window.session.runs.refresh()
    person.wait(lambda: not person.state.tasks)
    typed(person, table, "for <b>Monday</b>")
    person.wait(lambda: "for <b>Monday</b>" in names(table))
    assert names(table)[1] == "for <b>Monday</b>"
    assert on_disk("d").title == "for <b>Monday</b>"
    assert [row.name for row in table.selected] == ["for <b>Monday</b>"]
    person.qtbot.keyClick(table, Qt.Key.Key_F2)
    (editor,) = [box for box in table.viewport().findChildren(QLineEdit) if box.isVisible()]
    person.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert names(table)[1] == "for <b>Monday</b>"
    assert five.isVisible(), "Escape ends the typing, not the window"


def a_shipped_model_cannot_be_renamed_or_removed(person: Person, five: RunsWindow) -> None:
    table = five.table
    click_row(person, table, len(table.runs.rows) - 1)
    assert table.selected[0].run.shipped
    assert five.open_button.isEnabled()
    assert not five.rename_button.isEnabled()
    assert not five.remove_button.isEnabled()
    person.qtbot.keyClick(table, Qt.Key.Key_F2)
    assert not table.is_edited
    person.qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert not person.state.tasks


def a_note_and_tags_are_kept_when_another_run_is_selected(person: Person, five: RunsWindow) -> None:
    table, details = five.table, five.details
    click_row(person, table, 1)
    details.note.setFocus()
    person.qtbot.keyClicks(details.note, "sharper")
    person.qtbot.keyClick(details.note, Qt.Key.Key_Return)
    person.qtbot.keyClicks(details.note, "at the edges")
    details.tags.setFocus()
    person.qtbot.keyClicks(details.tags, "talk, #old")
    click_row(person, table, 2)
    person.wait(lambda: not person.state.tasks)
    assert on_disk("d").note == "sharper\nat the edges"
    assert on_disk("d").tags == ("talk", "old")
    assert on_disk("c").note == ""
    assert on_disk("c").tags == ()
    assert details.note.toPlainText() == ""
    click_row(person, table, 1)
    assert details.note.toPlainText() == "sharper\nat the edges"
    assert details.tags.text() == "talk, old"


def a_tag_is_given_to_all_that_are_selected(person: Person, five: RunsWindow) -> None:
    on_disk("d").with_tags(["mine", "both"])
    on_disk("c").with_tags(["both"])
    person.window.session.runs.refresh()
    person.wait(lambda: not person.state.tasks)
    click_row(person, five.table, 1)
    click_row(person, five.table, 2, Qt.KeyboardModifier.ShiftModifier)
    assert five.details.tags.text() == "both"
    assert not five.details.note.isEnabled()
    five.details.tags.setFocus()
    five.details.tags.selectAll()
    person.qtbot.keyClicks(five.details.tags, "new")
    person.qtbot.keyClick(five.details.tags, Qt.Key.Key_Return)
    person.wait(lambda: not person.state.tasks)
    assert on_disk("d").tags == ("mine", "new")
    assert on_disk("c").tags == ("new",)
    assert five.isVisible(), "Return in a field closes nothing"


def selected_runs_are_removed_by_a_key_and_come_back_by_undo(person: Person, five: RunsWindow) -> None:
    table = five.table
    click_row(person, table, 0)
    click_row(person, table, 2, Qt.KeyboardModifier.ControlModifier)
    click_row(person, table, 4, Qt.KeyboardModifier.ControlModifier)
    person.qtbot.keyClick(table, Qt.Key.Key_Delete)
    person.wait(lambda: names(table) == ["run d", "run b"] and not person.state.tasks)
    assert {run.name for run in kept_runs()} == {"b", "d"}
    assert five.undo_line.isVisible()
    assert five.undo_line.text == "3 runs removed"
    person.keys("Ctrl+Z", five)
    person.wait(lambda: len(names(table)) == 5 and not person.state.tasks)
    assert {run.name for run in kept_runs()} == set(BEST)
    assert not five.undo_line.isVisible()


def undo_is_a_button_in_the_sidebar_too(person: Person, five: RunsWindow) -> None:
    click_row(person, five.table, 0)
    person.click(five.remove_button)
    person.wait(lambda: len(names(five.table)) == 4 and not person.state.tasks)
    five.close()
    panel = person.window.right.runs
    person.click(panel.undo_line.undo)
    person.wait(lambda: len(kept_runs()) == 5 and not person.state.tasks)
    assert panel.list.topLevelItem(0).text(0).startswith("run e\n")


def an_older_removal_is_restored_from_the_list(person: Person, five: RunsWindow) -> None:
    for row in (0, 0):
        click_row(person, five.table, row)
        person.click(five.remove_button)
        person.wait(lambda: not person.state.tasks)
    assert names(five.table) == ["run c", "run b", "run a"]
    person.click(five.restore_button)
    (menu,) = [menu for menu in five.findChildren(QMenu) if menu.isVisible()]
    (entry,) = [action for action in menu.actions() if action.text().startswith("run e, removed ")]
    entry.trigger()
    menu.close()
    person.wait(lambda: names(five.table) == ["run e", "run c", "run b", "run a"] and not person.state.tasks)
    assert five.undo_line.text == "Removed: run d", "the other one can still be undone"


def shown_columns(table: RunTable) -> list[str]:
    header = table.horizontalHeader()
    order = sorted(range(header.count()), key=header.visualIndex)
    from aestudio.gui.window.runs.table_choices import NAMES

    return [NAMES[number] for number in order if not table.isColumnHidden(number)]


def choose_columns(table: RunTable, *titles: str) -> None:
    menu = table.column_menu()
    for action in menu.actions():
        if action.text() in titles:
            action.toggle()
    menu.deleteLater()


@pytest.mark.thorough
def test_columns_are_chosen_moved_and_remembered(
    person: Person, five: RunsWindow, open_window: Callable[..., Person]
) -> None:
    table = five.table
    assert shown_columns(table) == [
        "name", "recipe", "dataset", "best", "epochs", "latent", "beta", "seed", "size", "date", "tags",
    ]  # fmt: skip
    choose_columns(table, "Recipe", "Status")
    header = table.horizontalHeader()
    header.moveSection(header.visualIndex(column_number("best")), 1)
    header.resizeSection(column_number("dataset"), 200)
    click_heading(person, table, "best")
    expected = [
        "name", "best", "dataset", "status", "epochs", "latent", "beta", "seed", "size", "date", "tags",
    ]  # fmt: skip
    assert shown_columns(table) == expected
    five.close()
    other = open_window()
    other.wait(lambda: other.state.torch_phase == "ready" and not other.state.tasks)
    again = open_runs(other).table
    assert shown_columns(again) == expected
    assert again.horizontalHeader().sectionSize(column_number("dataset")) == 200
    assert again.runs.sorted_by == ("best", False)
    assert names(again) == ["run b", "run c", "run a", "run d", "run e"]


def every_column_is_on_the_screen_at_first(window: RunsWindow) -> None:
    """Long names of recipes give way before the last column, the tags, is beyond the edge."""
    before, table = window.size(), window.table
    window.resize(1240, 760)
    QApplication.processEvents()
    assert table.horizontalScrollBar().maximum() == 0
    last = table.visualRect(table.runs.index(0, column_number("tags")))
    assert table.viewport().rect().contains(last)
    assert table.horizontalHeader().sectionSize(column_number("name")) >= 160
    window.resize(before)


def test_the_table_is_used_with_keys_alone(person: Person) -> None:
    """From the main window to another model, without the mouse."""
    keep("a", 0, 100.0)
    shutil.copytree(resources_folder() / "models" / "conv-vae", runs_folder() / "mine")
    on_disk("mine").rename("my favourite")
    before = person.state.model
    runs = open_runs(person)
    person.keys("Ctrl+F", runs)
    person.qtbot.keyClicks(runs.filter, "favour")
    person.qtbot.keyClick(runs.filter, Qt.Key.Key_Down)
    assert [row.name for row in runs.table.selected] == ["my favourite"]
    person.qtbot.keyClick(runs.table, Qt.Key.Key_Return)
    person.wait(lambda: person.state.model is not before)
    assert person.state.model is not None
    assert person.state.model.title == "my favourite"
    assert not runs.isVisible()
    again = open_runs(person)
    bold = again.table.runs.index(0, 0).data(Qt.ItemDataRole.FontRole)
    assert bold.bold(), "the run on show"
    person.qtbot.keyClick(again.table, Qt.Key.Key_Escape)
    assert not again.isVisible()


def double_click_row(person: Person, table: RunTable, row: int) -> None:
    click_row(person, table, row)
    at = cell(table, row).center()
    person.qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_double_click_opens_a_run(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table stays until the run is shown; if it cannot be, the table says so, and stays."""
    from aestudio.gui.controllers import runs_controller

    gate, read = threading.Event(), runs_controller.read_run

    def slow(wanted: Any) -> Any:
        gate.wait(60)
        return read(wanted)

    monkeypatch.setattr(runs_controller, "read_run", slow)
    shutil.copytree(resources_folder() / "models" / "conv-vae", runs_folder() / "mine")
    keep("damaged", 40)
    before = person.state.model
    runs = open_runs(person)
    row = names(runs.table).index("run damaged")
    double_click_row(person, runs.table, row)
    try:
        person.wait(lambda: runs.message.text == "Opening the run ...")
        assert runs.isVisible()
    finally:
        gate.set()
    person.wait(lambda: not person.state.tasks)
    assert runs.isVisible()
    assert "weights.safetensors" in runs.message.text
    assert person.state.model is before
    double_click_row(person, runs.table, 1 - row)
    person.wait(lambda: not runs.isVisible())
    assert person.training.folder == runs_folder() / "mine"


@pytest.mark.thorough
def test_hundreds_of_runs_do_not_make_the_window_wait(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While rows are being read, the table shows those that are there, and everything can be used."""
    from aestudio.runs import run_rows

    for number in range(300):
        keep(f"r{number:03d}", number, 100.0 + number)
    gate, read, main = threading.Event(), run_rows.run_row, threading.current_thread()
    on: set[bool] = set()

    def slow(run: KeptRun) -> Any:
        on.add(threading.current_thread() is main)
        if run.name < "r270":
            gate.wait(60)
        return read(run)

    monkeypatch.setattr(run_rows, "run_row", slow)
    monkeypatch.setattr(kept_runs_changes, "FIRST_ROWS", 20)
    person.keys("Ctrl+Shift+R")
    runs = person.window.runs_window
    assert runs is not None
    try:
        person.wait(lambda: len(names(runs.table)) == 20)
        read_now = len(runs.table.runs.rows)
        assert runs.count.text() == f"Read {read_now} of {len(person.state.runs)}"
        person.qtbot.keyClicks(runs.filter, "r29")
        assert names(runs.table) == [f"run r29{digit}" for digit in range(9, -1, -1)]
        runs.filter.clear()
    finally:
        gate.set()
    person.wait(lambda: not person.state.tasks and len(runs.table.runs.rows) == len(person.state.runs))
    assert len(names(runs.table)) == 300
    assert on == {False}, "no row is read on the window's thread"
    assert person.window.right.runs.list.topLevelItemCount() < 40, "the sidebar has the newest"
    assert runs.total.text().startswith("300 runs take ")


def the_user_is_asked_before_histories_are_thinned(
    person: Person, five: RunsWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.runs.thinning import Thinned, ThinnedRuns

    thinned: list[str] = []
    plan = ThinnedRuns({"b": Thinned((4, 9), 3_000_000), "d": Thinned((4,), 1_000_000)})

    def thin(runs: Sequence[KeptRun], **_: object) -> ThinnedRuns:
        thinned.extend(run.name for run in runs)
        return plan

    monkeypatch.setattr("aestudio.runs.thinning.plan_thinning", lambda *_, **__: plan)
    monkeypatch.setattr("aestudio.runs.thinning.thin_histories", thin)
    person.click(five.thin_button)
    person.wait(five.question.isVisible)
    assert five.question.accessibleName() == "Thin 2 histories? This frees 4.0 MB."
    person.click(person.button("Keep them", five))
    assert not five.question.isVisible()
    assert thinned == []
    person.click(five.thin_button)
    person.wait(five.question.isVisible)
    person.click(person.button("Thin", five))
    person.wait(lambda: not person.state.tasks)
    assert sorted(thinned) == ["b", "d"]
    assert person.state.message.text == "4.0 MB freed in 2 runs."
    assert not five.question.isVisible()


@pytest.mark.thorough
def test_five_tries_in_a_minute_are_one_row(person: Person) -> None:
    box = person.window.left.training
    for _ in range(5):
        person.window.session.recipe.choose_recipe(small(epochs=50, batch_size=20))
        person.click(box.step)
        person.wait(lambda: person.training.phase == "paused")
        person.click(box.stop)
        person.wait(lambda: person.training.phase == "ended" and not person.state.tasks)
        person.click(box.reset)
        person.wait(lambda: person.training.phase == "idle" and not person.state.tasks)
    runs = open_runs(person)
    assert len(names(runs.table)) == 1
    assert len(kept_runs()) == 1
    panel = person.window.right.runs
    assert panel.undo_line.text.startswith("Replaced: VAE")
    person.click(runs.undo_line.undo)
    person.wait(lambda: len(names(runs.table)) == 2 and not person.state.tasks)
    assert len(kept_runs()) == 2


def test_the_keys_work_in_the_sidebar_too(person: Person, five: RunsWindow) -> None:
    five.close()
    panel = person.window.right.runs
    panel.list.setCurrentItem(panel.list.topLevelItem(1))
    person.qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    assert dialog.textValue() == "run d"
    dialog.setTextValue(" x y ")
    dialog.accept()
    person.wait(lambda: not person.state.tasks and on_disk("d").title == "x y")
    assert panel.selected is not None
    assert panel.selected.name == "d", "what is selected stays so"
    assert on_disk("d").title == "x y"
    assert panel.list.topLevelItem(1).text(0).startswith("x y\n")
    panel.list.setCurrentItem(panel.list.topLevelItem(0))
    person.qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    person.wait(lambda: len(kept_runs()) == 4 and not person.state.tasks)
    assert panel.undo_line.text == "Removed: run e"
    panel.list.setCurrentItem(panel.list.topLevelItem(panel.list.topLevelItemCount() - 1))
    person.qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert not person.state.tasks, "a shipped model stays"
    remove = person.window.commands["run.remove"]
    assert remove.obstacle() == "Select a run of yours in the list of runs first, or open one."
    panel.list.setCurrentItem(panel.list.topLevelItem(1))
    assert remove.obstacle() == ""
    person.action("run.remove").trigger()
    person.wait(lambda: len(kept_runs()) == 3 and not person.state.tasks)
    assert panel.undo_line.text == "Removed: run c"
