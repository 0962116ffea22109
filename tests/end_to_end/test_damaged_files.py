"""Damaged files in the real window: it starts, lists and opens runs, and reports the damage."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.paths import runs_folder, settings_folder
from aestudio.resources import resources_folder
from aestudio.runs.bookmarks_file import FILE as BOOKMARKS
from aestudio.runs.bookmarks_file import Bookmark, write_bookmarks
from aestudio.runs.drawings_file import FILE as DRAWINGS
from aestudio.runs.drawings_file import Drawing, write_drawings
from aestudio.runs.run_record import FILE as RECORD
from aestudio.runs.weights_file import CHECKPOINT, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.end_to_end.conftest import Person


@pytest.fixture
def trained(person: Person) -> Path:
    """The folder of a run that was trained in the window."""
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait(
        lambda: "runs" not in person.state.tasks and any(not run.shipped for run in person.state.runs)
    )
    return next(run.folder for run in person.state.runs if not run.shipped)


def refresh(person: Person) -> None:
    before = person.state.runs
    person.window.session.runs.refresh()
    person.wait(lambda: person.state.runs is not before)


def open_run(person: Person, folder: Path) -> None:
    before = person.state.model
    person.window.session.runs.open(folder.name)
    person.wait(lambda: "open" not in person.state.tasks)
    person.wait(lambda: person.state.model is not before)
    person.wait(lambda: not {"read bookmarks", "read drawings"} & set(person.state.tasks))


def open_what_cannot_be_read(person: Person, name: str) -> None:
    """Open a run, and wait for the message about it."""
    before = person.state.message
    person.window.session.runs.open(name)
    person.wait(lambda: person.state.message is not before and person.state.message.tone == "bad")


@pytest.mark.parametrize(
    "content", [b"[General]\ngeometry=\n", b"\0" * 300, b"[General]\ngeometry=@ByteArray(\\x1\n"]
)
def test_the_window_starts_whatever_window_ini_holds(
    open_window: Callable[..., Person], quick_data: None, content: bytes
) -> None:
    settings_folder().mkdir(parents=True)
    (settings_folder() / "window.ini").write_bytes(content)
    person = open_window()
    assert person.window.isVisible()
    assert person.window.width() >= 1080


@pytest.mark.thorough
def test_damaged_files_of_runs(
    person: Person, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    one_invalid_field_does_not_hide_the_run(person, trained)
    a_flipped_bit_in_the_weights_is_reported(person, trained)
    a_run_with_damaged_drawings_and_bookmarks_opens(person, trained)
    an_entry_of_the_list_opens_itself(person, trained, tmp_path, monkeypatch)


def one_invalid_field_does_not_hide_the_run(person: Person, trained: Path) -> None:
    for name, change in (
        ("no-title", {"title": None}),
        ("mig", {"latent": {"mig_measured": "\0", "step": 20}}),
    ):
        shutil.copytree(trained, runs_folder() / name)
        path = runs_folder() / name / RECORD
        table = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(table | change | {"step": 20}), "utf-8")
    refresh(person)
    listed = {run.name: run for run in person.state.runs}
    assert {trained.name, "no-title", "mig"} <= set(listed)
    assert listed["mig"].record is not None
    assert "title" in listed["no-title"].describe()
    rows = person.window.right.runs.list
    assert rows.topLevelItemCount() == len(listed)
    open_what_cannot_be_read(person, "no-title")
    assert "record cannot be read" in person.state.message.text


def a_run_with_damaged_drawings_and_bookmarks_opens(person: Person, trained: Path) -> None:
    latent = person.state.recipe.network.latent_size
    image = np.full((1, 28, 28), 9, np.uint8)
    for corrupt in (DRAWINGS, BOOKMARKS):
        write_drawings(trained / DRAWINGS, [Drawing("mine", image)])
        write_bookmarks(trained / BOOKMARKS, [Bookmark("bookmark", np.zeros(latent, np.float32), image)])
        copy = runs_folder() / f"with damaged {corrupt}"
        shutil.copytree(trained, copy)
        data = bytearray((copy / corrupt).read_bytes())
        data[data.index(b"PK\x01\x02") + 8] |= 1  # as if it were encrypted
        (copy / corrupt).write_bytes(data)
        open_run(person, copy)
        assert person.state.model is not None
        assert person.state.model.snapshot.run == copy.name
        assert "encrypted" in person.state.message.text
        assert str(copy / corrupt) in person.state.message.text


def a_flipped_bit_in_the_weights_is_reported(person: Person, trained: Path) -> None:
    copy = runs_folder() / "flipped"
    shutil.copytree(trained, copy)
    (copy / CHECKPOINT).unlink()  # otherwise its weights would be used
    data = bytearray((copy / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (copy / WEIGHTS).write_bytes(data)
    shown = person.state.model
    open_what_cannot_be_read(person, "flipped")
    assert "damaged or cut off" in person.state.message.text
    assert str(copy / WEIGHTS) in person.state.message.text
    assert person.state.model is shown


def an_entry_of_the_list_opens_itself(
    person: Person, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(trained, runs_folder() / "conv-vae")
    shutil.copytree(trained, tmp_path / trained.name)
    monkeypatch.chdir(tmp_path)  # commands take a folder of that name here first
    refresh(person)
    rows = person.window.right.runs.list
    for folder, shipped in ((trained, False), (resources_folder() / "models" / "conv-vae", True)):
        before = person.state.model
        row = next(row for row, run in enumerate(person.state.runs) if run.folder == folder)
        rows.itemActivated.emit(rows.topLevelItem(row), 0)
        person.wait(lambda before=before: person.state.model is not before)
        assert person.training.folder == folder
        assert person.state.model is not None
        assert (person.state.model.origin == "shipped") == shipped
