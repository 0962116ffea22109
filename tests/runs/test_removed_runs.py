"""Removing runs, bringing them back, and what goes on to the system's trash."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.paths import runs_folder
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.removed_runs import (
    find_removed,
    hand_over,
    remove,
    removed_runs,
    restore,
    to_system_trash,
)
from aestudio.runs.run_size import size_of
from aestudio.storage.lock import RunLock

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def three(kept_once: Path) -> list[KeptRun]:
    """Three equal runs in the user's folder."""
    return [
        KeptRun.at(Path(shutil.copytree(kept_once, runs_folder() / name))) for name in ("one", "two", "three")
    ]


@pytest.fixture
def sent(tmp_path: Path) -> Callable[[Path], None]:
    """Stands for the system's trash: moves folders to `tmp_path / "system"`."""
    (tmp_path / "system").mkdir()

    def send(folder: Path) -> None:
        shutil.move(folder, tmp_path / "system" / folder.name)

    return send


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "writer.lock"
    }


def test_what_was_removed_comes_back_exactly(three: list[KeptRun]) -> None:
    three[0].rename("the best").with_tags(["good"])
    before = files_of(three[0].folder)
    where = remove(three[0])
    assert {run.name for run in kept_runs()} == {"two", "three"}
    (removed,) = removed_runs()
    assert (removed.name, removed.title, removed.run.folder) == ("one", "the best", where)
    assert removed.size == size_of(where) > 0
    back = restore(where)
    assert (back.name, back.title, back.tags) == ("one", "the best", ("good",))
    assert files_of(back.folder) == before
    assert removed_runs() == ()


def test_the_last_removed_is_first_and_found_by_name_or_title(three: list[KeptRun]) -> None:
    three[1].rename("a title")
    for run in three:
        remove(KeptRun.at(run.folder))
    assert [one.name for one in removed_runs()] == ["three", "two", "one"]
    assert find_removed("two").run.folder == find_removed("a title").run.folder
    with pytest.raises(BadChoice, match=r"removed run cannot be 'four'\. Allowed: three, two, one"):
        find_removed("four")


def test_a_name_that_is_taken_meanwhile_gets_a_number(three: list[KeptRun]) -> None:
    first = remove(three[0])
    shutil.copytree(three[1].folder, three[0].folder)
    second = remove(KeptRun.at(three[0].folder))
    assert second.name == "one (2)"
    assert find_removed("one").run.folder == second, "the last removed"
    assert restore(second).name == "one"
    assert restore(first).name == "one (2)"
    assert {run.name for run in kept_runs()} == {"one", "one (2)", "two", "three"}


def test_runs_that_earlier_versions_removed_are_restored_too(three: list[KeptRun]) -> None:
    (runs_folder() / "trash").mkdir()
    three[0].folder.rename(runs_folder() / "trash" / "one")
    assert restore(find_removed("one").run.folder).name == "one"


@pytest.mark.parametrize(
    "note",
    [
        "{",
        "[]",
        '{"name": "../../elsewhere", "removed": "2026-01-01T00:00:00+00:00"}',
        '{"name": "..", "removed": "2026-01-01T00:00:00+00:00"}',
        '{"name": 3, "removed": "2026-01-01T00:00:00+00:00"}',
        '{"name": "x", "removed": "yesterday"}',
        '{"name": "x", "removed": "2026-01-01T00:00:00"}',
    ],
)
def test_a_damaged_note_leads_nowhere_else(note: str, three: list[KeptRun]) -> None:
    where = remove(three[0])
    (where / "removed.json").write_text(note)
    assert restore(where).folder == runs_folder() / "one"


def test_what_is_not_in_the_trash_folder_is_not_restored(three: list[KeptRun]) -> None:
    for folder in (three[0].folder, runs_folder() / "trash" / "nothing"):
        with pytest.raises(StudioError, match="not in the trash folder any more"):
            restore(folder)
    assert three[0].folder.is_dir()


def test_a_run_that_is_trained_is_not_removed(three: list[KeptRun]) -> None:
    lock = RunLock(three[0].folder)
    try:
        with pytest.raises(StudioError, match="being trained right now"):
            remove(three[0])
    finally:
        lock.release()
    assert three[0].folder.is_dir()


def test_the_oldest_go_to_the_systems_trash_and_the_last_never(
    three: list[KeptRun], sent: Callable[[Path], None], tmp_path: Path
) -> None:
    for run in three:
        remove(run, to_system=sent)
    assert len(removed_runs()) == 3, "far less than a gigabyte"
    size = removed_runs()[0].size
    assert [one.name for one in hand_over(limit=size * 5 // 2, to_system=sent)] == ["one"]
    assert [one.name for one in hand_over(limit=0, to_system=sent)] == ["two"]
    assert [one.name for one in removed_runs()] == ["three"]
    assert hand_over(limit=0, to_system=sent) == ()
    assert sorted(path.name for path in (tmp_path / "system").iterdir()) == ["one", "two"]


def test_without_a_system_trash_everything_stays(three: list[KeptRun]) -> None:
    def refuse(folder: Path) -> None:
        raise StudioError("The system's trash does not take this folder", where=str(folder))

    for run in three:
        remove(run)
    with pytest.raises(StudioError, match="does not take"):
        hand_over(limit=0, to_system=refuse)
    assert len(removed_runs()) == 3


def test_a_removal_says_what_the_system_refused(three: list[KeptRun]) -> None:
    def refuse(folder: Path) -> None:
        raise StudioError("Refused", where=folder.name)

    problems: list[StudioError] = []
    for run in three[:2]:
        remove(run, problems.append, limit=0, to_system=refuse)
    assert [problem.where for problem in problems] == ["one"]
    assert {one.name for one in removed_runs()} == {"one", "two"}


def test_the_error_of_the_system_is_a_sentence(three: list[KeptRun], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "no trash on this disk", str(folder))

    monkeypatch.setattr("send2trash.send2trash", refuse)
    with pytest.raises(StudioError, match=r"does not take this folder .no trash on this disk.*delete it"):
        to_system_trash(three[0].folder)


@pytest.mark.skipif(sys.platform != "linux", reason="the trash folder of freedesktop.org")
def test_the_systems_trash_really_takes_it(
    three: list[KeptRun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plat_other = importlib.import_module("send2trash.plat_other")  # where Gio is installed, it is not used
    for name in ("HOMETRASH", "HOMETRASH_B"):
        monkeypatch.setattr(plat_other, name, os.fsencode(tmp_path / "Trash"))
    monkeypatch.setattr("send2trash.send2trash", plat_other.send2trash)
    before = files_of(three[0].folder)
    to_system_trash(three[0].folder)
    assert not three[0].folder.exists()
    assert files_of(tmp_path / "Trash" / "files" / "one") == before
    assert "one" in (tmp_path / "Trash" / "info" / "one.trashinfo").read_text()


def test_the_note_names_folder_and_date(three: list[KeptRun]) -> None:
    note = json.loads((remove(three[0]) / "removed.json").read_text())
    assert note["name"] == "one"
    assert note["removed"].endswith("+00:00")
