"""Drawings and bookmarks of one shape and of several: restored exactly, impossible ones refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.errors import StudioError
from aestudio.runs.bookmarks_file import Bookmark, read_bookmarks, write_bookmarks
from aestudio.runs.drawings_file import FILE, Drawing, read_drawings, write_drawings

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Shape = tuple[int, int, int]
SHAPES: list[list[Shape]] = [
    [(1, 28, 28), (1, 28, 28)],
    [(3, 32, 32), (3, 32, 32)],
    [(1, 28, 28), (3, 32, 33), (1, 8, 64)],
]


def images(shapes: list[Shape]) -> list[NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    return [random.integers(0, 256, shape, dtype=np.uint8) for shape in shapes]


@pytest.mark.parametrize("shapes", SHAPES)
def test_drawings_are_restored_exactly(tmp_path: Path, shapes: list[Shape]) -> None:
    drawings = [Drawing(f"drawing {number}", image) for number, image in enumerate(images(shapes))]
    write_drawings(tmp_path / FILE, drawings)
    for before, after in zip(drawings, read_drawings(tmp_path / FILE), strict=True):
        assert after.name == before.name
        np.testing.assert_array_equal(after.image, before.image)


@pytest.mark.parametrize("shapes", SHAPES)
def test_bookmarks_are_restored_exactly(tmp_path: Path, shapes: list[Shape]) -> None:
    path, code = tmp_path / "bookmarks.npz", np.ones(2, np.float32)
    marks = [Bookmark(f"mark {number}", code, image) for number, image in enumerate(images(shapes))]
    write_bookmarks(path, [*marks, Bookmark("without an image", code)])
    *kept, last = read_bookmarks(path)
    assert last.image is None
    for before, after in zip(marks, kept, strict=True):
        assert after.image is not None
        assert before.image is not None
        np.testing.assert_array_equal(after.image, before.image)


def test_files_of_digits_are_as_they_always_were(tmp_path: Path) -> None:
    (image,) = images([(1, 28, 28)])
    write_drawings(tmp_path / FILE, [Drawing("A", image)])
    with np.load(tmp_path / FILE) as file:
        assert sorted(file.files) == ["images", "names"]
        np.testing.assert_array_equal(file["images"], image)
    np.savez_compressed(tmp_path / FILE, names=np.array(["A"]), images=image)
    np.testing.assert_array_equal(read_drawings(tmp_path / FILE)[0].image, image)
    path, code = tmp_path / "bookmarks.npz", np.zeros(2, np.float32)
    write_bookmarks(path, [Bookmark("one", code, image), Bookmark("none", code)])
    with np.load(path) as file:
        assert sorted(file.files) == ["codes", "lengths", "names", "pictured", "pictures"]
        np.testing.assert_array_equal(file["pictures"], np.concatenate([image, np.zeros_like(image)]))


@pytest.mark.parametrize(
    ("shapes", "pixels"),
    [
        ([[1, 8, 8]], 63),
        ([[1, 8, 8]], 65),
        ([[2, 8, 8]], 128),
        ([[1, 7, 8]], 56),
        ([[1, -8, -8]], 64),
        ([[0, 0, 0]], 0),
    ],
)
def test_shapes_that_cannot_be_are_refused(tmp_path: Path, shapes: list[list[int]], pixels: int) -> None:
    arrays = {"shapes": np.array(shapes, np.int64), "pixels": np.zeros(pixels, np.uint8)}
    np.savez(tmp_path / FILE, names=np.array(["A"]), **arrays)
    with pytest.raises(StudioError, match="drawings"):
        read_drawings(tmp_path / FILE)
