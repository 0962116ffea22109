"""Image files for models of colour images, and of images that are no squares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.analysis.reconstructions import luminance
from aestudio.cli.images import save_triple, signed
from aestudio.datasets.image_shape import ImageShape
from aestudio.datasets.own_picture import read_for_model
from aestudio.errors import BadChoice
from tests.cli.conftest import SMALL
from tests.shaped import COLOUR, NARROW, SHAPES, LinearModel, random_images, smooth_images

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.cli.conftest import Answer


def write(path: Path, image: NDArray[np.uint8]) -> Path:
    """The image (C, H, W) as a file."""
    Image.fromarray(image[0] if len(image) == 1 else np.dstack(image)).save(path)
    return path


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_an_image_of_the_models_shape_is_taken_as_it_is(shape: ImageShape, tmp_path: Path) -> None:
    image = smooth_images(shape, 1)[0]
    read = read_for_model(write(tmp_path / "a.png", image), "auto", False, shape)
    np.testing.assert_array_equal(read.image, image)
    assert read.steps == "taken as it is"


def test_a_larger_picture_fits_into_the_middle_in_colour(tmp_path: Path) -> None:
    picture = smooth_images(ImageShape(3, 48, 64), 1)[0]
    read = read_for_model(write(tmp_path / "a.png", picture), "auto", False, COLOUR)
    assert read.image.shape == (3, 32, 32)
    assert not read.image[:, :4].any()
    assert not read.image[:, 28:].any()
    expected = Image.fromarray(np.dstack(picture)).resize((32, 24), Image.Resampling.BOX)
    shown = read.image[:, 4:28].astype(int)
    assert np.abs(shown - np.moveaxis(np.asarray(expected), 2, 0)).max() <= 1
    assert read.steps == "scaled from 48 × 64 (height × width)"


@pytest.mark.parametrize(("height", "width"), [(56, 56), (28, 60), (200, 40), (19, 23)])
def test_a_picture_of_any_proportions_fits_into_a_narrow_shape(
    height: int, width: int, tmp_path: Path
) -> None:
    page = np.full((height, width), 255, np.uint8)  # all of it is light: the frame shows its extent
    page[0], page[-1], page[:, 0], page[:, -1] = 0, 0, 0, 0
    Image.fromarray(page).save(tmp_path / "page.png")
    read = read_for_model(tmp_path / "page.png", "whole", False, NARROW)
    assert read.image.shape == (1, 28, 20)
    scale = min(28 / height, 20 / width)
    rows, columns = (np.flatnonzero(read.image[0].max(axis=axis) > 60) for axis in (1, 0))
    assert len(rows) == pytest.approx(height * scale, abs=2.1)
    assert len(columns) == pytest.approx(width * scale, abs=2.1)
    assert rows.mean() == pytest.approx(13.5, abs=1)
    assert columns.mean() == pytest.approx(9.5, abs=1)


def test_colours_become_grey_for_a_grey_model_and_grey_stays_grey_for_a_colour_model(tmp_path: Path) -> None:
    red = np.zeros((3, 28, 20), np.uint8)
    red[0, 5:20, 5:15] = 200
    grey = read_for_model(write(tmp_path / "red.png", red), "auto", False, NARROW).image
    luma = np.asarray(Image.fromarray(np.dstack(red)).convert("L"))
    np.testing.assert_array_equal(grey[0], luma)
    plain = smooth_images(ImageShape(1, 32, 32), 1)[0]
    read = read_for_model(write(tmp_path / "plain.png", plain), "auto", False, COLOUR).image
    np.testing.assert_array_equal(read, plain.repeat(3, axis=0))


def test_a_light_page_is_inverted_in_grey_only(tmp_path: Path) -> None:
    grey, colour = 255 - smooth_images(NARROW, 1)[0], 255 - smooth_images(COLOUR, 1)[0]
    read = read_for_model(write(tmp_path / "grey.png", grey), "whole", False, NARROW)
    np.testing.assert_array_equal(read.image, 255 - grey)
    assert read.steps == "dark on light, inverted"
    read = read_for_model(write(tmp_path / "colour.png", colour), "whole", False, COLOUR)
    np.testing.assert_array_equal(read.image, colour)


def test_a_digit_has_a_box_in_grey_and_none_in_colour(tmp_path: Path) -> None:
    page = np.full((300, 200), 240, np.uint8)
    page[60:160, 30:42] = 10
    Image.fromarray(page).save(tmp_path / "page.png")
    digit = read_for_model(tmp_path / "page.png", "digit", False, NARROW)
    ink = np.argwhere(digit.image[0] > 128)
    assert np.ptp(ink[:, 0]) > 10
    assert ink.mean(axis=0) == pytest.approx([13.5, 9.5], abs=1)
    with pytest.raises(BadChoice, match=r"--fit cannot be 'digit'.*auto, whole.*32 × 32 in colour"):
        read_for_model(tmp_path / "page.png", "digit", False, COLOUR)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_sheet_shows_colours_and_the_luminance_of_the_error(shape: ImageShape, tmp_path: Path) -> None:
    original, reconstruction = random_images(shape, 2)
    error = reconstruction.astype(np.int16) - original
    save_triple(tmp_path / "sheet.png", original, reconstruction, error)
    shown = np.asarray(Image.open(tmp_path / "sheet.png"))
    height, width = 8 * shape.height, 8 * shape.width
    assert shown.shape == (height, 3 * width + 16, 3)
    for start, image in ((0, original), (width + 8, reconstruction)):
        pixels = shown[::8, start : start + width : 8]
        np.testing.assert_array_equal(pixels, np.dstack(np.broadcast_to(image, (3, *image.shape[1:]))))
    np.testing.assert_array_equal(shown[:, 2 * width + 16 :], signed(luminance(error)))


def test_reconstruct_in_colour(
    aestudio: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    assert aestudio("train", "deep-ae", "--dataset", "builtin", *SMALL, "--out", run).code == 0
    model, image = LinearModel(COLOUR), smooth_images(COLOUR, 1)
    monkeypatch.setattr("aestudio.runs.kept_run.KeptRun.snapshot", lambda run, on_problem: model.snapshot)
    answer = aestudio("reconstruct", run, write(tmp_path / "a.png", image[0]), "--out", tmp_path / "out")
    assert answer.code == 0, answer.err
    squared = float(np.square(model.reconstruct_exactly(image) - image / 255).sum())
    assert f"{squared:.4g} squared error" in answer.out
    assert "luminance error" in answer.out
    with Image.open(tmp_path / "out" / "a.png") as sheet:
        assert sheet.size == (3 * 8 * 32 + 16, 8 * 32)
