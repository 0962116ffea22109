"""The index of runs: a list of many runs without opening them, and never anything that is not so any more."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.paths import runs_folder
from aestudio.runs import search_index
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.listed_run import ListedRun
from aestudio.runs.run_record import change_record
from aestudio.runs.run_rows import COLUMNS, run_rows
from aestudio.runs.search_index import index_path, read_entries
from aestudio.storage.lock import RunLock

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.runs.run_rows import RunRow

SHOWN = [column.name for column in COLUMNS]


@pytest.fixture
def runs(kept_once: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder with three runs, one of them named, noted and tagged; all count as settled."""
    monkeypatch.setattr(search_index, "SETTLED_SECONDS", 0.0)
    for number in range(3):
        folder = runs_folder() / f"run {number}"
        shutil.copytree(kept_once, folder)
        change_record(folder, name=folder.name, title=f"VAE, seed {number}", seed=number)
    KeptRun.at(runs_folder() / "run 1").rename("Mine").with_note("a note").with_tags(["good", "lecture 3"])
    return runs_folder()


def shown(runs: tuple[KeptRun, ...]) -> list[dict[str, Any]]:
    """Everything that a list shows or offers of these runs."""

    def values(row: RunRow) -> dict[str, Any]:
        columns = {column.name: (column.value(row), column.text(row)) for column in COLUMNS}
        return columns | {
            "run": row.run.name,
            "best": row.best,
            "what": row.run.describe(),
            "short": row.run.describe(with_note=False),
        }

    return [values(row) for row in run_rows(runs)]


def without_index() -> list[dict[str, Any]]:
    """What a list shows that reads every folder."""
    index_path().unlink(missing_ok=True)
    return shown(kept_runs())


def test_a_list_from_the_index_is_the_list_of_the_folders(runs: Path) -> None:
    first = kept_runs()
    run_rows(first)
    second = kept_runs()
    assert [type(run) for run in first] == [KeptRun] * 3
    assert [type(run) for run in second] == [ListedRun] * 3
    for one, other in zip(first, second, strict=True):
        for field in fields(KeptRun):
            if field.name == "stamp":
                continue
            assert getattr(one, field.name) == getattr(other, field.name), field.name
    assert shown(second) == shown(first) == without_index()
    assert shown(second)[1]["name"] == ("Mine", "Mine")


def test_listing_opens_nothing_but_the_index(runs: Path) -> None:
    run_rows(kept_runs())
    opened: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event == "open":
            opened.append(str(arguments[0]))

    sys.addaudithook(watch)  # stays until the process ends, so it is switched off
    try:
        rows = run_rows(kept_runs())
        assert [path for path in opened if str(runs) in path] == []
        assert rows[0].run.recipe.name == "vae", "its record is made of what was read before"
        assert [path for path in opened if str(runs) in path] == []
    finally:
        watching = False


def in_place(path: Path, old: bytes, new: bytes) -> None:
    """Change bytes of a file, and put its time back, as `cp -p` and some synchronising programs do."""
    before = path.stat()
    content = path.read_bytes()
    assert old in content
    with path.open("r+b") as file:
        file.write(content.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


BY_HAND: dict[str, Callable[[Path], object]] = {
    "the record, in place, as long as before": lambda run: in_place(
        run / "run.json", b'"seed": 2,\n "device"', b'"seed": 7,\n "device"'
    ),
    "the record, replaced": lambda run: change_record(run, seed=7),
    "the name": lambda run: KeptRun.at(run).rename("Other"),
    "the labels, by an editor": lambda run: (run / "labels.json").write_text('{"title": "By hand"}'),
    "the curves": lambda run: in_place(run / "metrics.jsonl", b'"step":', b'"stop":'),
    "a file that was added": lambda run: (run / "notes.txt").write_text("my notes"),
    "a state that was removed": lambda run: next(iter((run / "moments").iterdir())).unlink(),
    "the folder, removed": shutil.rmtree,
    "the folder, renamed": lambda run: run.rename(run.with_name("another name")),
    "the record, damaged": lambda run: (run / "run.json").write_text("{"),
    "the record, removed": lambda run: (run / "run.json").unlink(),
    "a file that cannot be read as one": lambda run: (run / "link").symlink_to(run / "run.json"),
    "training again": lambda run: change_record(run, status="running"),
}


@pytest.mark.parametrize("what", BY_HAND)
def test_what_was_changed_by_hand_is_shown_as_it_is(runs: Path, what: str) -> None:
    before = shown(kept_runs())
    BY_HAND[what](runs / "run 2")
    listed = shown(kept_runs())
    again = shown(kept_runs())
    assert listed == again == without_index()
    assert (listed == before) == (what == "a file that cannot be read as one")


def test_a_run_that_changed_a_moment_ago_is_read_again(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks of files tick up to two seconds apart: a second change in one tick has the same time."""
    monkeypatch.setattr(search_index, "SETTLED_SECONDS", 3600.0)
    run_rows(kept_runs())
    assert read_entries(runs) == {}
    assert not any(isinstance(run, ListedRun) for run in kept_runs())


def test_what_changes_by_itself_is_not_in_the_index(runs: Path) -> None:
    change_record(runs / "run 0", status="running")
    (runs / "run 1" / "labels.json").write_text("damaged")
    run_rows(kept_runs())
    assert list(read_entries(runs)) == ["run 2"]
    assert next(run for run in kept_runs() if run.name == "run 0").status == "interrupted"
    lock = RunLock(runs / "run 0")
    try:
        assert next(run for run in kept_runs() if run.name == "run 0").status == "running"
    finally:
        lock.release()


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for place in range(100, len(content), 97):
        content[place] ^= 0x10
    path.write_bytes(content)


def one_entry(path: Path) -> None:
    with closing(sqlite3.connect(path)) as index, index:
        index.execute("UPDATE runs SET facts = replace(facts, 'VAE', 'GAN')")


LOST: dict[str, Callable[[Path], object]] = {
    "removed": Path.unlink,
    "cut off": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path: os.truncate(path, 0),
    "of something else": lambda path: path.write_text("not an index" * 1000),
    "bits flipped": flip,
    "entries changed": one_entry,
    "without its table": lambda path: path.unlink() or sqlite3.connect(path).close(),
}


@pytest.mark.parametrize("how", LOST)
def test_a_lost_or_damaged_index_is_made_again(runs: Path, how: str) -> None:
    right = shown(kept_runs())
    LOST[how](index_path())
    assert shown(kept_runs()) == right
    assert shown(kept_runs()) == right
    assert len(read_entries(runs)) == 3


def test_runs_are_listed_while_another_process_holds_the_index(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "_PATIENCE", 0.01)
    right = shown(kept_runs())
    with closing(sqlite3.connect(index_path(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert shown(kept_runs()) == right
    assert index_path().exists()
    assert shown(kept_runs()) == right


def test_an_index_that_cannot_be_written_is_no_error(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = shown(kept_runs())
    monkeypatch.setattr(search_index, "index_path", lambda: runs / "run 0" / "run.json" / "runs.sqlite")
    assert shown(kept_runs()) == right


def test_an_index_of_another_version_of_the_program_says_nothing(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_rows(kept_runs())
    monkeypatch.setattr(search_index, "_program", lambda: b"another")
    others = kept_runs()
    assert not any(isinstance(run, ListedRun) for run in others)
    run_rows(others)
    assert all(isinstance(run, ListedRun) for run in kept_runs())


def test_a_listed_run_is_named_noted_and_changed_like_any_other(runs: Path) -> None:
    run_rows(kept_runs())
    run = next(run for run in kept_runs() if run.name == "run 2")
    assert isinstance(run, ListedRun)
    assert run.rename("New").title == "New"
    assert run.with_tags(["one"]).require_record() == run.require_record()
    assert run.with_evaluation({"step": 18}).evaluation(18) == {"step": 18}
    row = next(row for row in run_rows(kept_runs()) if row.run.name == "run 2")
    assert (row.name, row.tags) == ("New", ("one",))


def test_what_changed_between_listing_and_reading_is_not_remembered(runs: Path) -> None:
    listed = kept_runs()
    change_record(runs / "run 2", seed=7)
    run_rows(listed)
    assert sorted(read_entries(runs)) == ["run 0", "run 1"]
    assert shown(kept_runs()) == without_index()


def test_entries_of_removed_runs_go(runs: Path) -> None:
    run_rows(kept_runs())
    shutil.rmtree(runs / "run 1")
    kept_runs()
    assert sorted(read_entries(runs)) == ["run 0", "run 2"]
