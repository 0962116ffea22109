"""The list of recent files survives a start; a damaged file costs the list and nothing else."""

from __future__ import annotations

import pytest

from aestudio.gui.window.files.recent_file import (
    FILE,
    MOST,
    add_recent,
    read_recent,
    remove_recent,
    with_newest,
    write_recent,
)
from aestudio.paths import settings_folder


def test_each_list_is_kept_by_itself() -> None:
    assert read_recent("files") == ()
    write_recent("files", ("/a/b.npz", "/a/\udce4.png"))  # a name that is not UTF-8
    write_recent("palette", ("help.glossary",))
    assert read_recent("files") == ("/a/b.npz", "/a/\udce4.png")
    assert read_recent("palette") == ("help.glossary",)
    write_recent("files", ())
    assert read_recent("files") == ()
    assert read_recent("palette") == ("help.glossary",)


def test_entries_are_taken_out_and_those_of_other_windows_stay() -> None:
    add_recent("files", ["mine", "refused"])
    add_recent("files", ["of another window"])
    assert remove_recent("files", ["refused", "unknown"]) == ("of another window", "mine")
    assert read_recent("files") == ("of another window", "mine")


def test_two_windows_add_to_one_list() -> None:
    write_recent("files", ("old",))
    assert add_recent("files", ("of one", "second")) == ("of one", "second", "old")
    assert add_recent("files", ("of the other",)) == ("of the other", "of one", "second", "old")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": 3}', '{"files": [1]}', "\x00"])
def test_a_damaged_file_is_no_list_and_is_replaced(text: str) -> None:
    path = settings_folder() / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert read_recent("files") == read_recent("palette") == ()
    write_recent("files", ("x",))
    assert read_recent("files") == ("x",)


def test_a_folder_of_that_name_is_left_alone() -> None:
    (settings_folder() / FILE).mkdir(parents=True)
    write_recent("files", ("x",))
    assert read_recent("files") == ()


def test_the_newest_is_first_and_once_and_the_oldest_goes() -> None:
    assert with_newest(("a", "b"), "b") == ("b", "a")
    many = tuple(map(str, range(MOST)))
    assert with_newest(many, "new") == ("new", *many[:-1])
