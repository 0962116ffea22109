"""Bookmarks keep what a conditional model was told; files of earlier versions open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.runs.bookmarks_file import Bookmark, read_bookmarks, write_bookmarks

if TYPE_CHECKING:
    from pathlib import Path

CODE = np.arange(3, dtype=np.float32)
FOUR = (0.0, 0.0, 0.0, 0.0, 1.0)


def test_conditions_of_several_models_come_back(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.npz"
    kept = [
        Bookmark("four", CODE, None, FOUR),
        Bookmark("no class", CODE[:2]),
        Bookmark("factors", CODE, None, (0.5, -2.0)),
    ]
    write_bookmarks(path, kept)
    found = read_bookmarks(path)
    assert [(one.name, one.condition) for one in found] == [(one.name, one.condition) for one in kept]


def test_without_conditions_the_file_is_that_of_earlier_versions(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.npz"
    write_bookmarks(path, [Bookmark("here", CODE)])
    with np.load(path) as file:
        assert set(file.files) == {"names", "lengths", "codes", "pictured", "pictures"}
    assert read_bookmarks(path)[0].condition is None


@pytest.mark.parametrize("lengths", [[6, 0], [-1, 6], [5]])
def test_wrong_lengths_are_damage(tmp_path: Path, lengths: list[int]) -> None:
    path = tmp_path / "bookmarks.npz"
    write_bookmarks(path, [Bookmark("four", CODE, None, FOUR), Bookmark("other", CODE)])
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **{**arrays, "condition_lengths": np.array(lengths, np.int64)})
    with pytest.raises(StudioError, match="cannot be read"):
        read_bookmarks(path)


def test_the_step_of_each_image_comes_back_and_is_not_known_of_earlier_files(tmp_path: Path) -> None:
    path, image = tmp_path / "bookmarks.npz", np.zeros((1, 28, 28), np.uint8)
    write_bookmarks(path, [Bookmark("new", CODE, image, step=1_200), Bookmark("old", CODE, image)])
    assert [one.step for one in read_bookmarks(path)] == [1_200, None]
    write_bookmarks(path, [Bookmark("first", CODE, image, FOUR, step=0)])
    assert [(one.step, one.condition) for one in read_bookmarks(path)] == [(0, FOUR)]
