"""Bookmarks are restored exactly; a damaged file is reported and not changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.runs.bookmarks_file import Bookmark, read_bookmarks, write_bookmarks

if TYPE_CHECKING:
    from pathlib import Path


def test_bookmarks_are_restored_exactly(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.npz"
    assert read_bookmarks(path) == ()
    random = np.random.default_rng(0)
    image = random.integers(0, 256, (1, 28, 28), dtype=np.uint8)
    bookmarks = [
        Bookmark("Sieben, schräg", random.normal(size=10).astype(np.float32), image),
        Bookmark("two", random.normal(size=2).astype(np.float32), None),
    ]
    write_bookmarks(path, bookmarks)
    found = read_bookmarks(path)
    assert [mark.name for mark in found] == ["Sieben, schräg", "two"]
    for mark, given in zip(found, bookmarks, strict=True):
        assert mark.code.dtype == np.float32
        np.testing.assert_array_equal(mark.code, given.code)
    np.testing.assert_array_equal(found[0].image, image)  # type: ignore[arg-type]
    assert found[1].image is None
    write_bookmarks(path, [])
    assert read_bookmarks(path) == ()
    assert [left.name for left in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 half a file"])
def test_a_damaged_file_is_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bookmarks.npz"
    path.write_bytes(content)
    with pytest.raises(StudioError, match="bookmarks of this run"):
        read_bookmarks(path)
    assert path.read_bytes() == content


def test_a_code_with_invalid_numbers_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.npz"
    write_bookmarks(path, [Bookmark("far", np.array([1e9, -1e9], np.float32))])
    assert read_bookmarks(path)[0].code.tolist() == [1e9, -1e9]
    write_bookmarks(
        path, [Bookmark("near", np.zeros(2, np.float32)), Bookmark("beyond", np.full(2, 3e38, np.float32))]
    )
    with pytest.raises(StudioError, match=r"numbers beyond 1,000,000,000"):
        read_bookmarks(path)
