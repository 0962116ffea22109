"""Strokes are measured in grey images that are large enough; other pictures get a reason and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import given
from skimage.transform import pyramid_expand

from aestudio.analysis.attribute_discovery import Axis, make_measurer, name_axis, traverse_axis
from aestudio.analysis.disentanglement import latent_metrics, measures_of
from aestudio.analysis.morphology import MEASURES, enlarged, measure_images, not_measurable, scale_of
from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.image_shape import ImageShape
from aestudio.errors import StudioError
from aestudio.progress import silent
from tests.shaped import COLOUR, NARROW, LinearModel, any_shape, random_images, smooth_images

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset

AREA, LENGTH, THICKNESS, SLANT, WIDTH, HEIGHT = range(len(MEASURES))


def bar(shape: ImageShape, thickness: int, length: int) -> NDArray[np.uint8]:
    """An upright bar in the middle, uint8 (1, H, W)."""
    image = np.zeros(shape.array, np.uint8)
    top, left = (shape.height - length) // 2, (shape.width - thickness) // 2
    image[0, top : top + length, left : left + thickness] = 255
    return image


@pytest.mark.parametrize(
    ("shape", "thickness", "length"),
    [
        (NARROW, 3, 18),
        (ImageShape(1, 16, 16), 2, 10),
        (ImageShape(1, 33, 17), 3, 20),
        (ImageShape(1, 40, 30), 4, 28),
        (ImageShape(1, 64, 64), 6, 44),
        (ImageShape(1, 20, 64), 4, 14),
    ],
    ids=str,
)
def test_a_bar_has_its_size_in_every_shape(shape: ImageShape, thickness: int, length: int) -> None:
    measured = measure_images(bar(shape, thickness, length)[None])[0]
    assert measured[AREA] == pytest.approx(thickness * length, abs=3)
    assert measured[THICKNESS] == pytest.approx(thickness, abs=0.6)
    assert length - 1.3 * thickness <= measured[LENGTH] <= length + 1
    assert measured[SLANT] == pytest.approx(0, abs=1e-3)
    assert thickness <= measured[WIDTH] <= thickness + 1.8
    assert measured[HEIGHT] == pytest.approx(length, abs=1)


def test_black_margins_hardly_change_a_measure(few_digits: Dataset) -> None:
    digits = few_digits.test.images[:10]
    wide = np.pad(digits, ((0, 0), (0, 0), (2, 2), (0, 0)))  # 32 x 28: enlarged as much
    np.testing.assert_allclose(measure_images(wide), measure_images(digits), rtol=0.02, atol=0.01)


@pytest.mark.parametrize(
    ("shape", "scale"), [(NARROW, 4), (ImageShape(1, 33, 40), 3), (ImageShape(1, 64, 20), 2)]
)
def test_enlarging_is_that_of_scikit_image(shape: ImageShape, scale: int) -> None:
    images = smooth_images(shape, 4)[:, 0]
    assert scale_of(shape.height, shape.width) == scale
    theirs = np.stack([255 * pyramid_expand(image, upscale=scale, order=3) for image in images])
    difference = np.abs(enlarged(images) - np.floor(theirs + 1e-6))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.01


@given(shape=any_shape)
def test_strokes_are_measured_or_refused_with_a_reason(shape: ImageShape) -> None:
    images = smooth_images(shape, 2)
    reason = not_measurable(images)
    assert bool(reason) == (shape.channels == 3 or min(shape.height, shape.width) < 16)
    if not reason:
        assert np.isfinite(measure_images(images)).all()
        return
    assert reason.startswith("not for these pictures: ")
    with pytest.raises(StudioError, match="not for these pictures"):
        measure_images(images)


def test_a_reason_names_what_is_in_the_way() -> None:
    assert "colour" in not_measurable(random_images(COLOUR, 1))
    assert "have 12 × 20" in not_measurable(random_images(ImageShape(1, 12, 20), 1))


def brightness(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Class probabilities (N, 2): bright, dark."""
    bright = images.reshape(len(images), -1).mean(axis=1) / 255
    return np.stack([bright, 1 - bright], axis=1).astype(np.float32)


def test_an_axis_of_colour_pictures_is_named_by_their_classes() -> None:
    model = LinearModel(COLOUR)
    images = smooth_images(COLOUR, 60)
    measurer = make_measurer(images, ("bright", "dark"), brightness, silent)
    assert measurer.keys == ("class:bright", "class:dark")
    assert measurer.no_strokes.startswith("not for these pictures")
    probabilities = brightness(images).astype(float)
    assert measurer.stds == pytest.approx(probabilities.std(axis=0))
    shifted = np.roll(images.astype(float), 1, axis=0)
    assert measurer.pixel_difference == pytest.approx(np.sqrt(((shifted - images) ** 2).mean()))
    along = model.rows @ np.ones(COLOUR.size)  # the direction that makes everything brighter
    codes = 0.1 * np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32)
    axis = Axis(along / np.linalg.norm(along) * 40, -1, 1)
    name = name_axis(traverse_axis(model.decode, codes, axis, measurer, silent), measurer)
    assert name.verdict == "measure"
    assert name.measure in measurer.keys
    assert name.associations["class:bright"].r > 0.97
    assert name.associations["class:dark"].r < -0.97


def test_pictures_without_strokes_and_classes_have_no_attribute() -> None:
    with pytest.raises(StudioError, match="No attribute can be measured: not for these pictures"):
        make_measurer(random_images(COLOUR, 4), (), None, silent)
    measurer = make_measurer(smooth_images(NARROW, 4), (), None, silent)
    assert (measurer.keys, measurer.no_strokes) == (MEASURES, "")


@pytest.mark.parametrize("shape", [COLOUR, NARROW], ids=str)
def test_the_gap_over_measures_is_only_there_with_measures(
    shape: ImageShape, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LinearModel(shape)
    monkeypatch.setattr("aestudio.analysis.disentanglement.FrozenModel", lambda snapshot: model)
    images = smooth_images(shape, 80)
    factors = np.random.default_rng(0).normal(size=(80, 1)).astype(np.float32)
    image_set = ImageSet(images, np.arange(80, dtype=np.int64) % 3, ("a", "b", "c"), factors, ("size",))
    found = latent_metrics(cast("Any", model.snapshot), image_set)
    assert found is not None
    assert found.true is not None
    table = found.to_json()
    if shape is COLOUR:
        assert measures_of(image_set) is None
        assert found.measured is None
        assert table["mig_measured"] is None
        assert table["no_strokes"].startswith("not for these pictures")
    else:
        assert found.measured is not None
        assert "no_strokes" not in table
        assert found == latent_metrics(
            cast("Any", model.snapshot), image_set, measures=measures_of(image_set)
        )
