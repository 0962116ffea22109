"""A run is given to somebody else as one file, and opened again: by menu, by dropping, by a command line."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from aestudio.gui.app import make_window
from aestudio.gui.window.files.share_question import ShareQuestion
from aestudio.paths import runs_folder
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.shared_run_export import share_run
from tests.end_to_end.conftest import LONG, Person, close, small
from tests.end_to_end.test_menus import choose_path
from tests.end_to_end.test_open_files import drop, mime
from tests.runs.conftest import quick_recipe, train_and_keep

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset

# opening a menu or a window offscreen
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


def at_rest(person: Person) -> bool:
    return not person.state.tasks


def names_in(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


@pytest.mark.thorough
def test_a_run_is_shared_and_opened_again(person: Person, tmp_path: Path) -> None:
    """In one window: opening it takes longer than all of it."""
    check_a_training_cannot_be_shared_yet(person)
    path = check_the_question_says_what_each_part_takes(person, tmp_path)
    check_it_is_opened_where_nothing_of_it_is(person, path)
    check_it_is_opened_beside_a_training_and_goes_on(person, path)
    check_a_damaged_one_is_refused(person, path)


def check_a_training_cannot_be_shared_yet(person: Person) -> None:
    share = person.window.commands["run.share"]
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: len(kept_runs()) == 1 and person.step > 3 and person.state.runs[0].record is not None)
    person.wait(lambda: share.obstacle() == "This run is being trained: stop it first.")
    person.click(person.window.left.training.stop)
    person.wait(lambda: person.training.phase == "ended" and at_rest(person))
    assert share.obstacle() == ""


def check_the_question_says_what_each_part_takes(person: Person, folder: Path) -> Path:
    person.window.session.runs.rename(person.state.runs[0], "for/Monday")
    person.wait(lambda: at_rest(person))
    person.action("run.share").trigger()
    question = QApplication.activeModalWidget()
    assert isinstance(question, ShareQuestion)
    person.wait(question.save.isEnabled)
    assert [box.isVisible() for box in question.boxes] == [True, True, False, False]
    assert question.checkpoint.text().startswith("The state to resume from, ")
    steps = len(person.state.history.history_checkpoints)
    assert question.history.text().startswith(f"The history: {steps} checkpoints, ")
    small_total = question.total.text()
    question.history.click()
    assert question.total.text() != small_total
    question.history.click()
    assert question.total.text() == small_total
    person.click(question.save)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith("for-Monday.aestudio")  # type: ignore[attr-defined]
    choose_path(folder / "for Monday.aestudio")
    person.wait(lambda: "Wrote for/Monday to" in person.state.message.text)
    assert names_in(folder / "for Monday.aestudio") == {
        "run.json",
        "labels.json",
        "metrics.jsonl",
        "weights.safetensors",
        "checkpoint.safetensors",
        "manifest.json",
    }
    return folder / "for Monday.aestudio"


def check_it_is_opened_where_nothing_of_it_is(person: Person, path: Path) -> None:
    """As on another computer: the run itself is gone."""
    original = person.state.runs[0]
    weights = original.snapshot().weights
    person.window.session.runs.remove(original)
    person.wait(lambda: not kept_runs() and at_rest(person))
    shutil.rmtree(runs_folder() / "trash")
    person.window.commands.run("run.open", wanted="conv-vae-2d")
    person.wait(lambda: person.training.run == "conv-vae-2d" and at_rest(person))
    assert drop(person, mime(path))
    person.wait(lambda: "Opened for/Monday from for Monday.aestudio" in person.state.message.text)
    person.wait(lambda: at_rest(person))
    (run,) = kept_runs()
    assert f"It is kept here as “{run.name}”" in person.state.message.text
    assert person.training.folder == run.folder
    assert person.training.resumable
    snapshot = person.state.snapshot
    assert snapshot is not None
    assert all(np.array_equal(snapshot.weights[name], array) for name, array in weights.items())
    entry = person.window.right.runs.list.topLevelItem(0)
    assert entry is not None
    assert entry.text(0).startswith("for/Monday\n")
    assert "Imported on " in entry.toolTip(0)


def check_it_is_opened_beside_a_training_and_goes_on(person: Person, path: Path) -> None:
    """Open again, while another recipe is trained; then the first one is resumed."""
    step = person.training.checkpoint.counters["step"] if person.training.checkpoint else 0
    assert step > 0
    person.click(person.window.left.training.start)  # Resume
    person.wait(lambda: person.training.phase == "running" and person.step > step)
    person.window.commands.run("file.open_path", path=str(path))
    person.wait(lambda: person.state.hidden_training is not None and at_rest(person))
    assert "Opened for/Monday from for Monday.aestudio" in person.state.message.text
    assert len(kept_runs()) == 2
    assert {run.title for run in kept_runs()} == {"for/Monday"}
    assert person.training.phase == "running"
    person.window.session.runs.show_training()
    person.click(person.window.left.training.stop)
    person.wait(lambda: person.training.phase == "ended" and at_rest(person))


def check_a_damaged_one_is_refused(person: Person, path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = path.with_name("damaged.aestudio")
    damaged.write_bytes(content)
    model, before = person.state.model, {run.folder for run in kept_runs()}
    person.window.commands.run("file.open_path", path=str(damaged))
    person.wait(lambda: person.state.message.tone == "bad" and at_rest(person))
    assert "This shared run is damaged" in person.state.message.text
    assert "damaged.aestudio" in person.state.message.text
    assert person.state.model is model
    assert {run.folder for run in kept_runs()} == before
    assert sorted(one.name for one in runs_folder().iterdir()) == sorted(one.name for one in before)


def test_a_double_click_on_the_file_opens_the_window_with_it(
    qtbot: QtBot, few_digits: Dataset, tmp_path: Path, quick_data: None, few_measured_images: None
) -> None:
    """From the first frame on; the run of the last time does not come over it."""
    kept = train_and_keep(few_digits, tmp_path / "elsewhere", quick_recipe())
    kept.rename("for Monday")
    share_run(KeptRun.at(kept.folder), tmp_path / "a.aestudio")
    window = make_window(dataset="builtin", file=tmp_path / "a.aestudio")
    window.show()
    person = Person(qtbot, window)
    try:
        person.wait(lambda: len(kept_runs()) == 1)
        (run,) = kept_runs()
        person.wait(lambda: person.training.folder == run.folder)
        assert person.state.model is not None
        assert person.state.model.title == "for Monday"
    finally:
        close(person)
