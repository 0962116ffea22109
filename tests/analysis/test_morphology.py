"""Measures of handwriting against shapes of known size, other implementations and published values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import ndimage
from skimage.morphology import skeletonize
from skimage.transform import pyramid_expand

from aestudio.analysis.morphology import MEASURES, SMALLEST_SCALE, _to_background, enlarged, measure_images
from aestudio.errors import Cancelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset

AREA, LENGTH, THICKNESS, SLANT, WIDTH, HEIGHT = range(len(MEASURES))


def bar(thickness: int, length: int) -> NDArray[np.uint8]:
    """An upright bar in the middle of an image, uint8 (1, 28, 28)."""
    image = np.zeros((28, 28), np.uint8)
    top, left = (28 - length) // 2, (28 - thickness) // 2
    image[top : top + length, left : left + thickness] = 255
    return image[None]


@pytest.mark.parametrize(("thickness", "length"), [(2, 14), (3, 20), (4, 16), (6, 20)])
def test_an_upright_bar_has_its_size(thickness: int, length: int) -> None:
    measured = measure_images(bar(thickness, length)[None])[0]
    assert measured[AREA] == pytest.approx(thickness * length, abs=1.5)
    assert measured[THICKNESS] == pytest.approx(thickness, abs=0.5)
    # The skeleton ends before the bar does, by about half its thickness on either side.
    assert length - 1.3 * thickness <= measured[LENGTH] <= length + 1
    assert measured[SLANT] == pytest.approx(0, abs=1e-3)
    # 98 % of the mass, and the smoothed edges.
    assert thickness <= measured[WIDTH] <= thickness + 1.6
    assert measured[HEIGHT] == pytest.approx(length, abs=0.8)


def test_a_horizontal_bar_is_a_rotated_upright_bar() -> None:
    upright, level = measure_images(np.stack([bar(3, 18), bar(3, 18).transpose(0, 2, 1)]))
    np.testing.assert_allclose(level[[AREA, THICKNESS]], upright[[AREA, THICKNESS]], rtol=1e-5)
    np.testing.assert_allclose(level[[WIDTH, HEIGHT]], upright[[HEIGHT, WIDTH]], atol=0.2)
    assert level[LENGTH] == pytest.approx(upright[LENGTH], abs=0.8)
    assert level[SLANT] == pytest.approx(0, abs=1e-3)


def sheared(image: NDArray[np.uint8], shear: float) -> NDArray[np.uint8]:
    """The image with each row moved to the right by shear times its height above the middle."""
    middle = 13.5
    # Rows and columns of the output -> of the input.
    matrix = np.array([[1.0, 0.0], [shear, 1.0]])
    offset = np.array([0.0, -shear * middle])
    moved = ndimage.affine_transform(image.astype(float), matrix, offset, order=1)
    return np.clip(np.rint(moved), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("shear", [-0.4, -0.1, 0.25, 0.5])
def test_shearing_a_digit_changes_its_slant_by_the_shear(few_digits: Dataset, shear: float) -> None:
    images = few_digits.test.images[:20]
    upright = measure_images(images)
    leaning = measure_images(np.stack([sheared(image[0], shear)[None] for image in images]))
    change = np.tan(leaning[:, SLANT]) - np.tan(upright[:, SLANT])
    np.testing.assert_allclose(change, shear, atol=0.03)
    # Interpolating between pixels makes lines a little wider; across the slant nothing else changes.
    np.testing.assert_allclose(leaning[:, WIDTH], upright[:, WIDTH], atol=0.7)
    np.testing.assert_allclose(leaning[:, HEIGHT], upright[:, HEIGHT], atol=0.3)


def test_the_measured_thickness_follows_the_pen_width(few_digits: Dataset) -> None:
    """The true pen width of drawn digits, from 1.3 to 4.6 pixels, is found again."""
    assert few_digits.train.factors is not None
    true = dict(zip(few_digits.train.factor_names, few_digits.train.factors.T, strict=True))
    measured = measure_images(few_digits.train.images)
    assert np.corrcoef(true["thickness"], measured[:, THICKNESS])[0, 1] > 0.85
    same = few_digits.train.labels == 0
    assert np.corrcoef(true["slant"][same], measured[same, SLANT])[0, 1] > 0.9


def test_an_image_without_ink_has_no_measures() -> None:
    faint = np.full((1, 28, 28), 20, np.uint8)
    images = np.stack([np.zeros((1, 28, 28), np.uint8), bar(3, 20), faint])
    measured = measure_images(images)
    assert np.isnan(measured[[0, 2]]).all()
    np.testing.assert_array_equal(measured[1], measure_images(bar(3, 20)[None])[0])
    assert measure_images(np.zeros((0, 1, 28, 28), np.uint8)).shape == (0, 6)


@pytest.mark.parametrize("kind", ["white", "dot", "line", "border"])
def test_unusual_images_are_measured_without_a_warning(kind: str) -> None:
    image = np.zeros((28, 28), np.uint8)
    match kind:
        case "white":
            image[:] = 255
        case "dot":
            image[14, 14] = 255
        case "line":
            image[5] = 255
        case "border":
            image[[0, -1]] = image[:, [0, -1]] = 255
    assert np.isfinite(measure_images(image[None, None])).all()


def test_enlarging_matches_scikit_image(few_digits: Dataset) -> None:
    images = few_digits.test.images[:12, 0]
    theirs = np.stack([255 * pyramid_expand(image, upscale=4, order=3) for image in images])
    difference = np.abs(enlarged(images) - np.floor(theirs + 1e-6))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.002


def test_the_distance_to_the_background_is_that_of_the_distance_transform(few_digits: Dataset) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2, 28, 28), np.uint8)
    full = np.full((1, 28, 28), 255, np.uint8)
    large = enlarged(np.concatenate([few_digits.test.images[:12, 0], full, noise]))
    inked = np.pad(large > 127, ((0, 0), (1, 1), (1, 1)))
    skeletons = np.stack([skeletonize(image) for image in inked])
    theirs = [ndimage.distance_transform_edt(image)[one] for image, one in zip(inked, skeletons, strict=True)]
    found = _to_background(inked, np.flatnonzero(skeletons))
    np.testing.assert_allclose(found, np.concatenate(theirs), rtol=1e-5)


def test_images_measured_together_have_the_measures_that_they_have_alone(few_digits: Dataset) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2, 1, 28, 28), np.uint8)
    images = np.concatenate(
        [few_digits.test.images[:6], noise, bar(3, 20)[None], few_digits.test.images[6:9]]
    )
    alone = np.concatenate([measure_images(image[None]) for image in images])
    np.testing.assert_allclose(measure_images(images), alone, rtol=1e-5)


def test_rough_measures_are_nearly_the_exact_ones(few_digits: Dataset) -> None:
    images = few_digits.test.images
    exact, rough = measure_images(images), measure_images(images, scale=SMALLEST_SCALE)
    for index, measure in enumerate(MEASURES):
        assert np.corrcoef(exact[:, index], rough[:, index])[0, 1] > 0.97, measure
        assert rough[:, index].std() == pytest.approx(exact[:, index].std(), rel=0.06), measure


def test_measuring_can_be_cancelled(few_digits: Dataset, counter: type) -> None:
    with pytest.raises(Cancelled):
        measure_images(few_digits.test.images, counter(cancel_after=1))


PUBLISHED = """
0 71.19 36.26 2.111 0.0710 15.124 19.621
1 113.06 43.55 2.650 -0.1739 17.594 19.846
2 39.25 22.55 1.867 0.2904 3.680 19.705
4 75.25 44.17 1.952 -0.1288 14.920 18.792
7 83.50 39.85 2.424 -0.5162 10.925 18.823
9 125.38 51.74 2.786 0.2903 15.205 19.015
25 207.63 52.54 4.355 0.2394 18.442 18.720
33 96.81 46.08 2.254 0.2435 17.390 15.286
40 28.31 19.39 1.559 0.0356 3.534 19.640
46 75.31 18.24 3.691 -0.3474 5.327 19.498
48 150.31 38.03 4.440 -0.1075 14.949 19.029
61 127.94 57.98 2.583 0.4698 14.974 15.979
"""
"""Index in MNIST's test set and measures, from the t10k-morpho.csv that the authors published."""


@pytest.mark.mnist
def test_published_measures_of_mnist_are_reproduced(mnist: Dataset) -> None:
    table = np.array([line.split() for line in PUBLISHED.strip().splitlines()], float)
    theirs = table[:, 1:]
    ours = measure_images(mnist.test.images[table[:, 0].astype(int)])
    np.testing.assert_allclose(ours[:, AREA], theirs[:, AREA], atol=1.1)
    np.testing.assert_allclose(ours[:, SLANT], theirs[:, SLANT], atol=0.003)
    np.testing.assert_allclose(ours[:, WIDTH], theirs[:, WIDTH], atol=0.2)
    np.testing.assert_allclose(ours[:, HEIGHT], theirs[:, HEIGHT], atol=0.1)
    # Ours is another skeleton.
    np.testing.assert_allclose(ours[:, THICKNESS], theirs[:, THICKNESS], atol=0.25)
    assert np.corrcoef(ours[:, LENGTH], theirs[:, LENGTH])[0, 1] > 0.97
    assert np.abs(ours[:, LENGTH] - theirs[:, LENGTH]).mean() < 3
