"""Animations, contact sheets and selections of colour images, and of images that are no squares."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.image_layout import pixel_rows
from aestudio.datasets.image_shape import ImageShape
from aestudio.export.pictures.animation import enlarged, write_animation
from aestudio.export.tables.selection import contact_sheet, export_selection
from tests.shaped import COLOUR, NARROW, SHAPES, LinearModel, any_shape, random_images, smooth_images

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def in_rgb(frames: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """Frames uint8 (N, C, H, W) as a player shows them: (N, scale * H, scale * W, 3)."""
    rgb = np.moveaxis(np.broadcast_to(frames, (len(frames), 3, *frames.shape[2:])), 1, 3)
    return np.stack([np.kron(frame, np.ones((scale, scale, 1), np.uint8)) for frame in rgb])


def read_back(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.stack([np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", ["webp", "png"])
def test_webp_and_png_are_exact(shape: ImageShape, kind: Any, tmp_path: Path) -> None:
    frames = random_images(shape, 4)
    write_animation(frames, tmp_path / f"film.{kind}", kind, scale=3)
    expected = in_rgb(frames, 3)
    if kind == "png":
        expected = np.concatenate(list(expected), axis=1)[None]
    np.testing.assert_array_equal(read_back(tmp_path / f"film.{kind}"), expected)


def test_a_gif_of_few_colours_is_exact(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    palettes = random.integers(0, 256, (4, 200, 3), dtype=np.uint8)  # other colours in every frame
    frames = np.stack([palette[random.integers(0, 200, (20, 31))] for palette in palettes])
    write_animation(np.moveaxis(frames, 3, 1), tmp_path / "film.gif", "gif", scale=2)
    np.testing.assert_array_equal(read_back(tmp_path / "film.gif"), in_rgb(np.moveaxis(frames, 3, 1), 2))


def test_a_gif_of_many_colours_keeps_them_nearly(tmp_path: Path) -> None:
    frames = smooth_images(COLOUR, 5)
    write_animation(frames, tmp_path / "film.gif", "gif", scale=4)
    read, expected = read_back(tmp_path / "film.gif").astype(int), in_rgb(frames, 4)
    assert read.shape == expected.shape
    assert np.abs(read - expected).mean() < 2
    blocks = read.reshape(5, 32, 4, 32, 4, 3)
    assert (blocks == blocks[:, :, :1, :, :1]).all(), "without dithering"


@pytest.mark.parametrize("shape", [COLOUR, NARROW, ImageShape(3, 9, 15)], ids=str)
def test_mp4_has_nearly_the_same_colours(shape: ImageShape, tmp_path: Path) -> None:
    from imageio_ffmpeg import get_ffmpeg_exe

    frames = smooth_images(shape, 6)
    write_animation(frames, tmp_path / "film.mp4", "mp4", scale=5, rate=10)
    command = [get_ffmpeg_exe(), "-i", str(tmp_path / "film.mp4"), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    read = subprocess.run(command, capture_output=True, check=True)
    width, height = map(int, re.findall(r", (\d+)x(\d+)", read.stderr.decode())[0])
    assert (height, width) == tuple(5 * side + 5 * side % 2 for side in (shape.height, shape.width))
    found = np.frombuffer(read.stdout, np.uint8).reshape(-1, height, width, 3)
    expected = in_rgb(frames, 5).astype(int)
    shown = found[:, : 5 * shape.height, : 5 * shape.width]
    assert np.abs(shown - expected).mean() < 4


def test_frames_without_channels_are_refused(tmp_path: Path) -> None:
    for frames in (random_images(NARROW, 3)[:, 0], random_images(COLOUR, 3)[:, :2]):
        with pytest.raises(ValueError, match=r"\(N, C, H, W\)"):
            write_animation(frames, tmp_path / "film.gif", "gif")
    assert not list(tmp_path.iterdir())


@given(shape=any_shape, scale=st.integers(1, 3))
def test_pixels_are_repeated_and_keep_their_channel(shape: ImageShape, scale: int) -> None:
    image = random_images(shape, 1)[0]
    rows = pixel_rows(enlarged(image, scale))
    assert rows.flags.c_contiguous
    expected = np.kron(np.dstack(image), np.ones((scale, scale, 1), np.uint8))
    assert (rows.reshape(expected.shape) == expected).all()


@given(shape=any_shape, count=st.integers(1, 12))
def test_a_sheet_shows_every_image_once_with_lines_between(shape: ImageShape, count: int) -> None:
    images = random_images(shape, count, seed=1)
    sheet = contact_sheet(images)
    columns = int(np.ceil(np.sqrt(count)))
    height, width = shape.height + 1, shape.width + 1
    assert sheet.shape == (shape.channels, -(-count // columns) * height + 1, columns * width + 1)
    cells = sheet[:, 1:, 1:].reshape(shape.channels, -1, height, columns, width)
    cells = cells.transpose(1, 3, 0, 2, 4).reshape(-1, shape.channels, height, width)
    assert (cells[:count, :, :-1, :-1] == images).all()
    assert (cells[count:] == 64).all()
    assert (cells[:, :, -1] == 64).all()
    assert (sheet[:, 0] == 64).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_selection_is_written_in_its_shape(
    shape: ImageShape, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LinearModel(shape)
    monkeypatch.setattr("aestudio.export.tables.code_arrays.FrozenModel", lambda snapshot: model)
    images = random_images(shape, 10)
    path = tmp_path / "some.npz"
    assert export_selection(cast("Any", model.snapshot), (ImageSet(images),), np.array([7, 2, 5]), path) == 3
    with np.load(path) as file:
        np.testing.assert_array_equal(file["images"], images[[7, 2, 5]])
        np.testing.assert_allclose(file["codes"], model.encode(images[[7, 2, 5]]).mean)
    with Image.open(path.with_suffix(".png")) as sheet:
        assert sheet.mode == ("L" if shape.grey else "RGB")
        assert sheet.size == (2 * (shape.width + 1) + 1, 2 * (shape.height + 1) + 1)
        second = np.asarray(sheet)[1 : 1 + shape.height, 2 + shape.width : 2 + 2 * shape.width]
    np.testing.assert_array_equal(second.reshape(shape.height, shape.width, -1), np.dstack(images[2]))
