"""The digest stands for every byte of a folder; links and special files are refused."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.errors import StudioError
from aestudio.paths import user_parts_folder
from aestudio.recipes.own_parts import part_folder
from aestudio.recipes.own_parts.part_folder import digest_of_files, folder_names, read_part_folder

if TYPE_CHECKING:
    from pathlib import Path

FILES = st.dictionaries(st.text("ab/0", max_size=3), st.binary(max_size=4), max_size=3)


def test_every_file_is_read(network: Path) -> None:
    (network / "deeper").mkdir()
    (network / "deeper" / "weights.bin").write_bytes(b"\0\1")
    (network / ".hidden").write_bytes(b"x")
    content = read_part_folder("networks", "two_layers")
    assert sorted(content.files) == [".hidden", "config.py", "deeper/weights.bin"]
    assert content.files["config.py"] == (network / "config.py").read_bytes()
    assert (content.key, content.sort, content.folder) == ("networks/two_layers", "network", network)


def test_digest_is_sha256_over_lengths_names_and_contents() -> None:
    expected = hashlib.sha256(b"3\0a/b1\0x" + b"1\0c0\0").hexdigest()
    assert digest_of_files({"c": b"", "a/b": b"x"}) == expected


@given(FILES, FILES)
def test_other_files_have_another_digest(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert (digest_of_files(one) == digest_of_files(other)) == (one == other)


@pytest.mark.parametrize("change", ["content", "new file", "renamed", "removed"])
def test_any_change_changes_the_digest(network: Path, change: str) -> None:
    before = read_part_folder("networks", "two_layers").digest
    config = network / "config.py"
    match change:
        case "content":
            config.write_bytes(config.read_bytes() + b"\n")
        case "new file":
            (network / "empty").touch()
        case "renamed":
            config.rename(network / "config_.py")
        case _:
            config.unlink()
    assert read_part_folder("networks", "two_layers").digest != before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
@pytest.mark.parametrize("what", ["link to a file", "link to a folder", "pipe"])
def test_links_and_special_files_are_refused(network: Path, tmp_path: Path, what: str) -> None:
    odd = network / "odd"
    if what == "pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to(network / "config.py" if what == "link to a file" else tmp_path)
    with pytest.raises(StudioError, match="link or a special file") as caught:
        read_part_folder("networks", "two_layers")
    assert caught.value.where == str(odd)


def test_a_link_instead_of_the_folder_is_refused(network: Path) -> None:
    link = network.parent / "linked"
    link.symlink_to(network, target_is_directory=True)
    with pytest.raises(StudioError, match="not a folder, or a link to one"):
        read_part_folder("networks", "linked")


def test_a_file_instead_of_the_folder_is_refused(network: Path) -> None:
    (network.parent / "single").write_text("", encoding="utf-8")
    with pytest.raises(StudioError, match="not a folder"):
        read_part_folder("networks", "single")


@pytest.mark.parametrize("name", ["two-layers", "class", "1st", "..", "a.b", "été", ""])
def test_names_that_python_cannot_import_are_refused(name: str) -> None:
    with pytest.raises(StudioError, match="cannot have this name"):
        read_part_folder("networks", name)


@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 1), ("MOST_BYTES", 100)])
def test_what_is_too_large_is_refused(
    network: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    (network / "more.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(part_folder, limit, value)
    with pytest.raises(StudioError, match=r"more than 1 files|larger than 100 bytes"):
        read_part_folder("networks", "two_layers")


def test_names_are_sorted_and_hidden_ones_left_out(network: Path) -> None:
    for name in ("zz", "__pycache__", ".git"):
        (network.parent / name).mkdir()
    assert folder_names("networks") == ("two_layers", "zz")
    assert folder_names("objectives") == ()


def test_a_folder_that_cannot_be_read_is_a_problem() -> None:
    path = user_parts_folder("networks")
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    assert folder_names("networks") == ()
