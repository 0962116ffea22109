"""Images on the clipboard and in files: each pixel of the data a square of whole pixels, never smoothed."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from aestudio.gui.widgets.pixmap import packed
from aestudio.gui.widgets.true_pixels import (
    LARGEST,
    SCALE,
    picture_of,
    pixel_table,
    png_of,
    scale_of,
    sheet,
)


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 7, 13), (1, 1, 1)])
@pytest.mark.parametrize("scale", [1, 3, SCALE])
def test_a_file_has_exactly_the_pixels(shape: tuple[int, int, int], scale: int) -> None:
    image = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    with Image.open(io.BytesIO(png_of(picture_of(packed(image), scale)))) as written:
        found = np.asarray(written.convert("RGB"))
    expected = np.broadcast_to(image, (3, *shape[1:])).transpose(1, 2, 0)
    assert np.array_equal(found, expected.repeat(scale, axis=0).repeat(scale, axis=1))


def test_a_large_sheet_has_smaller_squares() -> None:
    assert scale_of(np.zeros((28, 28), np.uint32)) == SCALE
    wide = np.zeros((28, 1000), np.uint32)
    assert scale_of(wide) == 4
    assert picture_of(wide).width() <= LARGEST
    assert scale_of(np.zeros((9_000, 2), np.uint32)) == 1


def test_between_the_images_of_a_sheet_it_is_transparent() -> None:
    images = np.full((3, 1, 2, 2), 0xFF102030, np.uint32)
    joined = sheet(images, 2)
    assert joined.shape == (5, 5)
    with Image.open(io.BytesIO(png_of(picture_of(joined, 1)))) as written:
        alpha = np.asarray(written.convert("RGBA"))[..., 3]
    assert np.array_equal(alpha == 255, joined != 0)
    assert (joined[2] == 0).all()
    assert (joined[3:, 3:] == 0).all()  # there is no fourth image


@pytest.mark.parametrize("channels", [1, 3])
def test_a_table_has_the_level_of_each_pixel(channels: int) -> None:
    image = np.random.default_rng(1).integers(0, 256, (channels, 3, 5), dtype=np.uint8)
    table = pixel_table(packed(image))
    rows = list(table.rows)
    names = ["grey"] if channels == 1 else ["red", "green", "blue"]
    assert len(table.header) == 2 + 5
    assert [row[:2] for row in rows] == [(name, at) for name in names for at in range(3)]
    assert np.array_equal(np.array([row[2:] for row in rows]).reshape(channels, 3, 5), image)
