"""Users' own images keep their size and their colour, as far as models take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.datasets.own_shape import padded_size, reduced_size, shape_of, size_within
from aestudio.errors import StudioError
from tests.data.brought import converted
from tests.datasets.own_forms import colours, numbers
from tests.images import colour_32, grey_28x20, same_images, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

SIDES = st.integers(1, 300)


@pytest.mark.parametrize(
    ("sizes", "colour", "expected"),
    [
        ([(20, 31)], False, ImageShape(1, 20, 31)),
        ([(20, 31)], True, ImageShape(3, 20, 31)),
        ([(64, 8)], False, ImageShape(1, 64, 8)),
        ([(5, 30)], False, ImageShape(1, 8, 30)),
        ([(1, 1)], True, ImageShape(3, 8, 8)),
        ([(100, 80)], True, ImageShape(3, 64, 51)),
        ([(640, 80)], False, ImageShape(1, 64, 8)),
        ([(640, 70)], False, MNIST.image),  # it would be 64 x 7
        ([(640, 70)], True, ImageShape(3, 32, 32)),
        ([(20, 20), (20, 21)], False, MNIST.image),
        ([(20, 20), (20, 21)], True, ImageShape(3, 32, 32)),
    ],
)
def test_the_shape_of_a_set(sizes: list[tuple[int, int]], colour: bool, expected: ImageShape) -> None:
    assert shape_of(sizes, colour) == expected


@given(height=SIDES, width=SIDES, colour=st.booleans())
def test_every_size_fits_into_the_shape_that_it_gives(height: int, width: int, colour: bool) -> None:
    shape = shape_of([(height, width)], colour)
    inside = size_within((height, width), shape)
    assert inside[0] <= shape.height
    assert inside[1] <= shape.width
    if max(height, width) <= 64:
        assert inside == (height, width)
    elif reduced_size((height, width)):
        assert inside == (shape.height, shape.width)
    assert (padded_size((height, width)) is None) == (max(height, width) > 64)


@given(height=SIDES, width=SIDES, high=st.integers(8, 64), wide=st.integers(8, 64))
def test_every_size_fits_into_every_shape(height: int, width: int, high: int, wide: int) -> None:
    inside = size_within((height, width), ImageShape(1, high, wide))
    assert 1 <= inside[0] <= high
    assert 1 <= inside[1] <= wide


def test_grey_arrays_keep_their_size() -> None:
    images = numbers(6, 20, 31)
    out, notes = converted(images)
    np.testing.assert_array_equal(out[:, 0], images)
    assert notes == ()
    inverted, notes = converted(255 - images)
    np.testing.assert_array_equal(inverted[:, 0], images)
    assert notes == ("Dark on light, so inverted.",)


COLOURED: dict[str, Callable[[Any], Any]] = {
    "colours last": lambda images: images,
    "colours second": lambda images: np.moveaxis(images, 3, 1),
    "with transparency": lambda images: np.concatenate([images, images[..., :1]], axis=3),
    "from 0 to 1": lambda images: images / 255,
    "from -1 to 1": lambda images: images / np.float32(127.5) - 1,
    "16 bits": lambda images: images.astype(np.uint16) * 257,
}


@pytest.mark.parametrize("form", COLOURED)
def test_colour_arrays_keep_their_colours_and_are_not_inverted(form: str) -> None:
    images = 255 - colours(6, 20, 31)
    images[0, 5, 5] = 0
    out, notes = converted(COLOURED[form](images))
    np.testing.assert_array_equal(out, np.moveaxis(images, 3, 1))
    assert ("Kept in colour, transparency ignored." in notes) is (form == "with transparency")
    assert not any("inverted" in note for note in notes)


def test_the_range_is_that_of_the_colours_not_of_their_grey() -> None:
    images = np.zeros((2, 8, 8, 3), np.uint8)
    images[:, 2:6, 2:6, 2] = 255  # blue, whose grey is 29
    images[0, 0, 0] = (0, 1, 0)
    out, notes = converted(images)
    np.testing.assert_array_equal(out, np.moveaxis(images, 3, 1))
    assert notes == ()


def test_one_pixel_of_colour_makes_a_set_coloured() -> None:
    images = np.repeat(numbers(6, 9, 9)[..., None], 3, axis=3)
    out, notes = converted(images)
    assert out.shape == (6, 1, 9, 9)
    assert notes == ("Without colour, so taken as grey.",)
    images[5, 4, 4] = (10, 20, 30)
    assert converted(images)[0].shape == (6, 3, 9, 9)


def test_small_arrays_are_padded_and_large_ones_scaled_down() -> None:
    images = numbers(3, 5, 20) | np.uint8(1)
    images[:, 0] = images[:, -1] = images[:, :, 0] = images[:, :, -1] = 0
    out, notes = converted(images)
    assert out.shape == (3, 1, 8, 20)
    np.testing.assert_array_equal(out[:, 0, 1:6], images)
    assert not out[:, 0, [0, 6, 7]].any()
    assert notes == ("Padded from 5 × 20 (height × width) to 8 × 20 (height × width).",)
    large = np.repeat(np.repeat(numbers(3, 64, 40), 2, axis=1), 2, axis=2)
    out, notes = converted(large)
    assert out.shape == (3, 1, 64, 40)
    np.testing.assert_array_equal(out[:, 0], numbers(3, 64, 40))
    assert notes == ("Scaled down from 128 × 80 (height × width) to 64 × 40 (height × width).",)
    assert converted(numbers(2, 7, 140))[1] == ("Scaled from 7 × 140 (height × width) to fit 28 × 28.",)


def test_a_shape_that_is_asked_for() -> None:
    grey, notes = converted(colours(4, 20, 20), ImageShape(1, 16, 24))
    assert grey.shape == (4, 1, 16, 24)
    assert notes == ("Colours turned into grey.", "Scaled from 20 × 20 to fit 16 × 24 (height × width).")
    assert not grey[..., :4].any()
    coloured, notes = converted(numbers(4, 16, 24), ImageShape(3, 16, 24))
    assert (coloured == numbers(4, 16, 24)[:, None]).all()
    assert notes == ("Grey turned into three equal channels.",)


@pytest.mark.parametrize("make", [colour_32, grey_28x20])
def test_a_saved_set_is_read_as_it_was(make: Callable[[], Dataset], tmp_path: Path) -> None:
    dataset = make()
    again = load_dataset(str(save(dataset, tmp_path)))
    assert same_images(again.train, dataset.train)
    assert same_images(again.test, dataset.test)
    assert again.shape.image == dataset.shape.image


def test_parts_of_different_sizes_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x_train=numbers(4, 20, 20), x_test=numbers(4, 20, 21))
    with pytest.raises(StudioError, match=r"\(4, 20, 20\).*\(4, 20, 21\).*different kinds"):
        load_dataset(str(tmp_path / "own.npz"))


# ---- folders ---------------------------------------------------------------------------------------


def written(folder: Path, *images: Any, suffix: str = "png", **options: Any) -> str:
    for index, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{index:02}.{suffix}", **options)
    return str(folder)


def test_grey_files_keep_their_size(tmp_path: Path) -> None:
    images = numbers(14, 20, 31)
    dataset = load_dataset(written(tmp_path, *(255 - images)))
    assert dataset.shape.image == ImageShape(1, 20, 31)
    found = {image.tobytes() for part in (dataset.train, dataset.test) for image in part.images}
    assert found == {image.tobytes() for image in images}
    assert "Dark on light, so inverted." in dataset.notes


def test_colour_files_keep_their_colours(tmp_path: Path) -> None:
    images = 255 - colours(13, 20, 31)
    dataset = load_dataset(written(tmp_path, *images, numbers(1, 20, 31)[0]))
    assert dataset.shape.image == ImageShape(3, 20, 31)
    found = {image.tobytes() for part in (dataset.train, dataset.test) for image in part.images}
    grey = np.repeat(numbers(1, 20, 31), 3, axis=0)
    assert found == {image.tobytes() for image in (*np.moveaxis(images, 3, 1), grey)}
    assert "1 of them, in grey, given three equal channels." in dataset.notes
    assert not any("inverted" in note for note in dataset.notes)


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "gif"])
def test_colour_files_whose_channels_are_equal_are_grey(tmp_path: Path, suffix: str) -> None:
    images = np.repeat(numbers(8, 16, 16)[..., None], 3, axis=3)
    dataset = load_dataset(written(tmp_path, *images, suffix=suffix))
    assert dataset.shape.image == ImageShape(1, 16, 16)
    if suffix != "gif":  # whose palette Pillow finds in grey by itself
        assert "8 of them, in colour or with equal channels, turned into grey." in dataset.notes


def test_colours_behind_transparency_do_not_count(tmp_path: Path) -> None:
    images = np.zeros((4, 16, 16, 4), np.uint8)
    images[..., 0] = 200  # red, unseen
    images[:, 4:8, 4:8] = (255, 255, 255, 255)
    dataset = load_dataset(written(tmp_path, *images))
    assert dataset.shape.image == ImageShape(1, 16, 16)
    images[0, 5, 5] = (255, 0, 0, 255)
    dataset = load_dataset(written(tmp_path, *images))
    assert dataset.shape.image == ImageShape(3, 16, 16)
    pixels = np.concatenate([dataset.train.images, dataset.test.images])
    assert sorted(np.unique(pixels.transpose(0, 2, 3, 1).reshape(-1, 3), axis=0).tolist()) == [
        [0, 0, 0],
        [255, 0, 0],
        [255, 255, 255],
    ]


def test_files_of_many_sizes_in_colour(tmp_path: Path) -> None:
    dataset = load_dataset(written(tmp_path, *colours(3, 40, 40), *colours(3, 16, 32)))
    assert dataset.shape.image == ImageShape(3, 32, 32)
    assert "Scaled from 2 sizes to fit 32 × 32: 3 of 6 images." in dataset.notes
    images = np.concatenate([dataset.train.images, dataset.test.images])
    wide = images[~images[:, :, :8].any(axis=(1, 2, 3))]
    assert {image[:, 8:24].tobytes() for image in wide} == {
        image.tobytes() for image in np.moveaxis(colours(3, 16, 32), 3, 1)
    }


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_large_files_of_one_size_are_scaled_down(tmp_path: Path, suffix: str) -> None:
    height, width = 1000, 131  # JPEG unpacks it at an eighth, which is no longer exactly as wide
    image = np.zeros((height, width, 3), np.uint8)
    image[:500, :, 0] = 200
    dataset = load_dataset(written(tmp_path, image, image[::-1], suffix=suffix))
    assert dataset.shape.image == ImageShape(3, 64, 8)
    means = np.concatenate([dataset.train.images, dataset.test.images])[:, 0].mean(axis=2)
    halves = np.sort(np.stack([means[:, :30].mean(axis=1), means[:, 34:].mean(axis=1)], axis=1), axis=1)
    np.testing.assert_allclose(halves, [[0, 200], [0, 200]], atol=8)
    assert "Scaled down from 1,000 × 131 (height × width) to 64 × 8 (height × width)." in dataset.notes


def test_photographs_on_their_side_are_turned_before_they_are_measured(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    written(tmp_path, *numbers(3, 40, 20), suffix="jpg", exif=exif, quality=95)
    assert load_dataset(str(tmp_path)).shape.image == ImageShape(1, 20, 40)
