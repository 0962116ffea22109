"""Folders that are written completely or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.storage.new_folder import new_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder"
    with new_folder(path) as folder:
        (folder / "a.txt").write_text("a")
        assert not path.exists()
    assert [one.name for one in path.iterdir()] == ["a.txt"]
    with pytest.raises(StudioError, match="Is a directory"), new_folder(tmp_path / "failed") as folder:
        folder.read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new"]


def test_nothing_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(StudioError, match="already"), new_folder(tmp_path / "mine"):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]
