"""The search in a folder is bounded, begins with the nearest files, and says whether it saw all of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import Cancelled, StudioError
from aestudio.gui.workers import searched_folder
from aestudio.gui.workers.searched_folder import holds_runs, is_whole_disk, search_pictures
from aestudio.progress import silent

if TYPE_CHECKING:
    from pathlib import Path


def files(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_pictures_are_found_at_any_depth_unless_hidden(tmp_path: Path) -> None:
    assert search_pictures(files(tmp_path / "a", "b/c/d/x.PNG", "notes.txt"), silent) == "some"
    assert search_pictures(files(tmp_path / "b", ".cache/x.png", "__MACOSX/y.png"), silent) == "none"
    assert search_pictures(files(tmp_path / "c", "notes.txt"), silent) == "none"
    (tmp_path / "c" / "folder.png").mkdir()
    assert search_pictures(tmp_path / "c", silent) == "none"


def test_the_search_ends_after_so_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searched_folder, "MOST_FILES", 10)
    files(tmp_path, *(f"a/{number}.txt" for number in range(9)))
    assert search_pictures(tmp_path, silent) == "none"
    files(tmp_path, "a/9.txt", "a/b/x.png")
    assert search_pictures(tmp_path, silent) == "not among the first"
    files(tmp_path, "z/x.png")  # nearer than what is deeper, but after the files of its brother
    files(tmp_path, "x.png")
    assert search_pictures(tmp_path, silent) == "some"


def test_a_link_in_a_circle_ends_the_search(tmp_path: Path) -> None:
    files(tmp_path, "a/notes.txt")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert search_pictures(tmp_path, silent) == "none"


def test_folders_that_cannot_be_read_or_are_gone_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in /proc, whose folders go while they are looked at."""
    files(tmp_path, "gone/notes.txt", "locked/notes.txt", "z/x.png")
    look = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("gone"):
            raise FileNotFoundError(path)
        if str(path).endswith("locked"):
            raise PermissionError(path)
        return look(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert search_pictures(tmp_path, silent) == "some"
    with pytest.raises(StudioError, match="does not exist"):
        search_pictures(tmp_path / "gone", silent)


def test_the_search_can_be_cancelled(tmp_path: Path) -> None:
    def cancel(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        search_pictures(files(tmp_path, "notes.txt"), cancel)


def test_runs_and_whole_disks_are_known(tmp_path: Path) -> None:
    assert not holds_runs(files(tmp_path, "a/b/run.json"))
    assert holds_runs(tmp_path / "a")
    assert is_whole_disk(tmp_path.__class__(tmp_path.anchor))
    assert not is_whole_disk(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path.anchor, target_is_directory=True)
    assert is_whole_disk(tmp_path / "link")
