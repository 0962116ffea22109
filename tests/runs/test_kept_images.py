"""Drawings, bookmarks and previews keep images of any shape; files of earlier versions still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import ImageSet
from aestudio.errors import StudioError
from aestudio.runs import bookmarks_file, drawings_file, model_preview
from aestudio.runs.bookmarks_file import Bookmark, read_bookmarks, write_bookmarks
from aestudio.runs.drawings_file import Drawing, read_drawings, write_drawings
from aestudio.runs.model_preview import ModelPreview, read_preview, write_preview
from tests.shaped import COLOUR, NARROW, SHAPES, random_images

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import ImageShape


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_drawings_and_thumbnails_keep_their_shape(shape: ImageShape, tmp_path: Path) -> None:
    images = random_images(shape, 3)
    path = tmp_path / drawings_file.FILE
    write_drawings(path, [Drawing("one", images[0]), Drawing("two", images[1])])
    assert [drawing.name for drawing in read_drawings(path)] == ["one", "two"]
    np.testing.assert_array_equal([drawing.image for drawing in read_drawings(path)], images[:2])
    path = tmp_path / bookmarks_file.FILE
    code = np.ones(4, np.float32)
    write_bookmarks(path, [Bookmark("none", code), Bookmark("some", code, images[2])])
    none, some = (kept.image for kept in read_bookmarks(path))
    assert none is None
    np.testing.assert_array_equal(some, images[2])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_preview_keeps_its_shape(shape: ImageShape, tmp_path: Path) -> None:
    images, labels = random_images(shape, 4), np.array([0, 1, 1, 0])
    codes, ranges = np.ones((6, 2), np.float32), np.array([[-1, 1], [0, 2]], np.float32)
    sample = ImageSet(images, labels, ("cat", "dog"))
    write_preview(tmp_path, ModelPreview(codes, np.array([0, 1, 1, 0, 1, 0]), ranges, sample))
    found = read_preview(tmp_path, 2)
    assert found is not None
    np.testing.assert_array_equal(found.sample.images, images)
    assert found.sample.class_names == ("cat", "dog")


def test_a_preview_of_another_shape_is_refused(tmp_path: Path) -> None:
    sample = ImageSet(random_images(COLOUR, 2), np.array([0, 1]), ("cat", "dog"))
    ranges = np.array([[-1, 1], [0, 2]], np.float32)
    write_preview(tmp_path, ModelPreview(np.ones((2, 2), np.float32), np.array([0, 1]), ranges, sample))
    assert read_preview(tmp_path, 2, COLOUR) is not None
    with pytest.raises(StudioError, match="its images are 32 × 32 in colour, those of the run 28 × 20"):
        read_preview(tmp_path, 2, NARROW)


def test_bookmarks_without_a_picture_need_no_shape(tmp_path: Path) -> None:
    path = tmp_path / bookmarks_file.FILE
    write_bookmarks(path, [Bookmark("a", np.zeros(2, np.float32))])
    (kept,) = read_bookmarks(path)
    assert (kept.name, kept.image) == ("a", None)


def write_as_before(folder: Path, images: NDArray[np.uint8]) -> None:
    """The three files as earlier versions wrote them: images without channels."""
    count = len(images)
    names = np.array([f"n{index}" for index in range(count)], np.str_)
    np.savez(folder / drawings_file.FILE, names=names, images=images)
    codes, lengths = np.zeros(2 * count, np.float32), np.full(count, 2, np.int64)
    pictured = np.ones(count, bool)
    np.savez(
        folder / bookmarks_file.FILE,
        names=names,
        lengths=lengths,
        codes=codes,
        pictured=pictured,
        pictures=images,
    )
    np.savez(
        folder / model_preview.FILE,
        codes=codes.reshape(count, 2),
        labels=np.zeros(count, np.uint8),
        ranges=np.array([[0, 1], [0, 1]], np.float32),
        images=images,
        class_names=np.array(["0"]),
    )


def all_images(folder: Path) -> list[NDArray[np.uint8]]:
    preview = read_preview(folder, 2)
    assert preview is not None
    thumbnails = [kept.image for kept in read_bookmarks(folder / bookmarks_file.FILE)]
    return [
        np.array([drawing.image for drawing in read_drawings(folder / drawings_file.FILE)]),
        np.array(thumbnails),
        preview.sample.images,
    ]


def test_files_of_earlier_versions_open_with_one_channel(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28), dtype=np.uint8)
    write_as_before(tmp_path, images)
    for found in all_images(tmp_path):
        np.testing.assert_array_equal(found, images[:, None])


def test_a_preview_without_images_opens(tmp_path: Path) -> None:
    write_as_before(tmp_path, np.zeros((0, 28, 28), np.uint8))
    preview = read_preview(tmp_path, 2)
    assert preview is not None
    assert len(preview.sample) == 0


@pytest.mark.parametrize("shape", [(8, 8), (2, 28, 28), (1, 4, 4), (1, 28, 65), (1, 1, 28, 28)], ids=str)
def test_images_that_no_model_takes_are_a_damaged_file(shape: tuple[int, ...], tmp_path: Path) -> None:
    write_as_before(tmp_path, np.zeros((2, *shape), np.uint8))
    for read in (
        lambda: read_drawings(tmp_path / drawings_file.FILE),
        lambda: read_bookmarks(tmp_path / bookmarks_file.FILE),
        lambda: read_preview(tmp_path, 2),
    ):
        with pytest.raises(StudioError) as problem:
            read()
        assert str(tmp_path) in problem.value.where
