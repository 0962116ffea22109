"""Images that are larger than models take become the means of areas; kept runs read theirs as they did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.prepare import scaled
from aestudio.datasets.reading import Reading
from tests.datasets.own_forms import FORMS, colours, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIDES = st.integers(1, 40)


def means(images: NDArray[Any], height: int, width: int) -> NDArray[np.float64]:
    """Each pixel of (N, H, W) as `height` x `width` equal ones, and the means of H x W of these."""
    count, own_height, own_width = images.shape
    fine = images.repeat(height, axis=1).repeat(width, axis=2).astype(float)
    return fine.reshape(count, height, own_height, width, own_width).mean(axis=(2, 4))


@given(height=SIDES, width=SIDES, high=SIDES, wide=SIDES)
def test_every_smaller_size_has_the_means_of_areas(height: int, width: int, high: int, wide: int) -> None:
    high, wide = min(height, high), min(width, wide)
    images = np.random.default_rng(height * 41 + width).integers(0, 256, (2, height, width), np.uint8)
    expected = means(images, high, wide)
    assert np.abs(scaled(images, (high, wide), area=True) - expected).max() <= 0.5 + 1e-3


def test_larger_images_are_made_as_before() -> None:
    images = numbers(3, 12, 16)
    np.testing.assert_array_equal(scaled(images, (24, 40), area=True), scaled(images, (24, 40)))


def _npz(path: Path, images: NDArray[Any]) -> str:
    np.savez(path / "own.npz", x_train=images, x_test=images[:2])
    return str(path / "own.npz")


def _png(path: Path, images: NDArray[Any]) -> str:
    for number, image in enumerate(images):
        for part in ("train", "test")[: 1 + (number < 2)]:
            (path / "own" / part).mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(path / "own" / part / f"{number}.png")
    return str(path / "own")


@pytest.mark.parametrize("form", [_npz, _png])
@pytest.mark.parametrize(
    ("size", "kept"), [((128, 80), (64, 40)), ((100, 75), (64, 48)), ((70, 180), (25, 64))]
)
def test_sets_of_large_images(
    tmp_path: Path, form: Any, size: tuple[int, int], kept: tuple[int, int]
) -> None:
    images = numbers(5, *size)
    dataset = load_dataset(form(tmp_path, images))
    assert dataset.train.images.shape == (5, 1, *kept)
    assert np.abs(dataset.train.images[:, 0] - means(images, *kept)).max() <= 0.5 + 1e-3
    np.testing.assert_array_equal(dataset.test.images, dataset.train.images[:2])


@pytest.mark.parametrize("form", [_npz, _png])
def test_large_images_in_colour(tmp_path: Path, form: Any) -> None:
    images = colours(4, 96, 128)
    dataset = load_dataset(form(tmp_path, images))
    for channel in range(3):
        expected = means(images[..., channel], 48, 64)
        assert np.abs(dataset.train.images[:, channel] - expected).max() <= 0.5 + 1e-3


def test_the_aspect_is_kept_among_many_sizes(tmp_path: Path) -> None:
    """Of several sizes each fits into the common shape by one factor, and black fills the rest."""
    for number, size in enumerate(((56, 84), (84, 56), (70, 70))):
        image = np.zeros(size, np.uint8)
        image[7:-7, 7:-7] = 255
        (tmp_path / "train").mkdir(exist_ok=True)
        (tmp_path / "test").mkdir(exist_ok=True)
        Image.fromarray(image).save(tmp_path / "train" / f"{number}.png")
        Image.fromarray(image).save(tmp_path / "test" / f"{number}.png")
    dataset = load_dataset(str(tmp_path))
    boxes = [
        (int(image.any(axis=1).sum()), int(image.any(axis=0).sum())) for image in dataset.train.images[:, 0]
    ]
    for (height, width), size in zip(boxes, ((56, 84), (84, 56), (70, 70)), strict=True):
        factor = 28 / max(size)
        assert abs(height - (size[0] - 14) * factor) <= 2
        assert abs(width - (size[1] - 14) * factor) <= 2
    assert "Scaled from 3 sizes to fit 28 × 28: 6 of 6 images." in dataset.notes


# By form: digests of training and test images of the version before, which had the third rules.
BEFORE = {
    "112x56": ("ff371a1a4ce5eaea8a8fd9e5b2d7f6cb", "08b2f7e22f630d6289275961ba85c355"),
    "large files": ("47b4c68110495c33ca8251e96c51ac4c", "e430d87d6e7e8325a8290a001562e39b"),
    "files of many sizes, some in colour": (
        "3fc798f6784d72a3c1993805c5373e87",
        "6a7e671bafb9208ebbcf8c7c3eefc20e",
    ),
}


@pytest.mark.parametrize("form", BEFORE)
def test_runs_of_the_third_rules_keep_their_images(tmp_path: Path, form: str) -> None:
    dataset = load_dataset(str(FORMS[form](tmp_path)), reading=Reading(rules=3))
    assert (dataset.train.fingerprint.images, dataset.test.fingerprint.images) == BEFORE[form]
