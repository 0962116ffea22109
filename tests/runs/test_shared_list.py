"""A list that several windows write: no entry is lost, and a deleted run is not created again."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.errors import StudioError
from aestudio.runs.shared_list import LOCK, SharedList, copy_damaged, merged
from aestudio.storage import lock
from aestudio.storage.lock import locked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

lists = st.lists(st.sampled_from("abcd"), max_size=6).map(tuple)


def read(path: Path) -> tuple[str, ...]:
    try:
        return tuple(json.loads(path.read_text()))
    except ValueError as error:
        raise StudioError("damaged", where=str(path)) from error


def write(path: Path, items: Sequence[str]) -> None:
    path.write_text(json.dumps(list(items)))


def window(path: Path) -> SharedList[str]:
    """What a window has that has read the file, if there is one."""
    shared = SharedList(path, read, write, str)
    if path.exists():
        shared.read_again()
    return shared


def change(shared: SharedList[str], items: Sequence[str]) -> None:
    assert shared.request_write(items)
    shared.write_requested()


@given(lists, lists)
def test_changes_of_one_side_are_taken(base: tuple[str, ...], changed: tuple[str, ...]) -> None:
    assert merged(base, changed, base, str) == changed
    assert merged(base, base, changed, str) == changed


@given(lists, lists, lists)
def test_additions_and_removals_are_merged(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    was, mine, other = Counter(base), Counter(ours), Counter(theirs)
    found = Counter(merged(base, ours, theirs, str))
    for item in "abcd":
        added = max(0, mine[item] - was[item]), max(0, other[item] - was[item])
        removed = max(0, was[item] - mine[item]), max(0, was[item] - other[item])
        if not any(removed):
            assert found[item] == was[item] + max(added)
        elif not any(added):
            assert found[item] == was[item] - max(removed)
        else:
            assert found[item] >= max(added) - max(removed)


def test_two_windows_share_the_list(tmp_path: Path) -> None:
    path = tmp_path / "list"
    write(path, "ab")
    one, other = window(path), window(path)
    change(one, "abc")
    change(other, "bd")  # it has removed "a", added "d" and knows nothing of "c"
    assert read(path) == ("b", "c", "d")
    bring = other.take_others_changes()
    assert bring is not None
    assert bring("bd") == ("b", "c", "d")
    assert bring("b") == ("b", "c"), "also into what Undo brings back"
    assert one.take_others_changes() is None
    change(one, "abce")
    assert read(path) == ("b", "c", "d", "e")
    bring = one.take_others_changes()
    assert bring is not None
    assert bring("abce") == ("b", "c", "d", "e")
    assert one.take_others_changes() is None


def test_concurrent_writes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list"

    def add(name: str) -> None:
        shared, mine = SharedList(path, read, write, str), []
        for number in range(20):
            mine.append(f"{name}{number}")
            change(shared, mine)

    threads = [threading.Thread(target=add, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read(path)) == sorted(f"{name}{number}" for name in "abc" for number in range(20))
    assert [item for item in read(path) if item.startswith("a")] == [f"a{number}" for number in range(20)]


def test_a_damaged_file_is_moved_aside_and_no_copy_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "list"
    (tmp_path / "list.damaged").write_text("an older one")
    shared = SharedList(path, read, write, str)
    for torn in ("[torn", "[torn", "[again"):
        path.write_text(torn)
        change(shared, [*read_or(path), torn])
    copies = {file.name: file.read_text() for file in tmp_path.glob("*.damaged*")}
    assert copies == {
        "list.damaged": "an older one",
        "list.damaged (2)": "[torn",
        "list.damaged (3)": "[again",
    }
    assert shared.damaged_copy == tmp_path / "list.damaged (3)"


def read_or(path: Path) -> tuple[str, ...]:
    try:
        return read(path)
    except StudioError:
        return ()


def test_a_damaged_file_that_cannot_be_copied_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list"
    path.write_text("[torn")

    def refuse(path: Path) -> Path:
        raise StudioError("The disk is full", where=str(path))

    monkeypatch.setattr("aestudio.runs.shared_list.copy_damaged", refuse)
    shared = SharedList(path, read, write, str)
    with pytest.raises(StudioError, match="full"):
        change(shared, "a")
    assert path.read_text() == "[torn"
    monkeypatch.undo()
    change(shared, "ab")
    assert read(path) == ("a", "b")
    assert copy_damaged(path) == tmp_path / "list.damaged (2)"


def test_a_file_damaged_or_deleted_after_reading_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "list"
    write(path, "ab")
    shared = window(path)
    path.write_text("[torn")
    change(shared, "abc")
    assert read(path) == ("a", "b", "c")
    path.unlink()
    change(shared, "abcd")
    assert read(path) == ("a", "b", "c", "d")


def test_a_deleted_folder_is_not_created_again(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    shared = window(folder / "list")
    change(shared, "a")
    folder.rename(tmp_path / "trash")
    with pytest.raises(StudioError, match="is gone"):
        change(shared, "ab")
    assert not folder.exists()
    (tmp_path / "trash").rename(folder)
    change(shared, "ab")
    assert read(folder / "list") == ("a", "b")


def test_a_missing_lock_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock.time, "monotonic", iter(range(0, 1000, 3)).__next__)
    shared = window(tmp_path / "list")
    with locked(tmp_path / LOCK), pytest.raises(StudioError, match="Another window is writing"):
        change(shared, "a")
    change(shared, "a")
    assert read(tmp_path / "list") == ("a",)


def test_reading_again_takes_others_changes_and_keeps_what_could_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    path = folder / "list"
    write(path, "ab")
    shared = window(path)
    write(path, "abc")
    assert shared.read_again() == tuple("abc")
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(StudioError, match="is gone"):
        change(shared, "bcd")
    (tmp_path / "elsewhere").rename(folder)
    write(path, "abce")
    assert shared.read_again() == tuple("bced"), "the removed a and the added d are not in the file yet"
    change(shared, shared.newest)
    assert read(path) == tuple("bced")


def test_a_list_from_elsewhere_changes_nothing_until_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "list"
    write(path, "ab")
    shared = window(path)
    shared.begin_with("xy")
    assert read(path) == ("a", "b")
    change(shared, "xyz")
    assert read(path) == ("a", "b", "z")
