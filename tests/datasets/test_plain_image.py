"""The first image looks as its class does, and the shipped models reconstruct it well: measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.plain_image import AMONG, plainest
from aestudio.datasets.synthetic import generate
from aestudio.runs.pretrained import IMAGES, SHIPPED

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset, ImageSet

MEASURED = 400


def image(*pixels: int) -> list[list[list[int]]]:
    return [[list(pixels)]]


def test_it_is_the_image_nearest_to_the_others_of_its_class() -> None:
    images = np.array(
        [image(0, 255), image(250, 0), image(240, 10), image(10, 200), image(248, 3), image(90, 90)], np.uint8
    )
    labels = np.array([1, 0, 0, 1, 0, 2])
    # Of class 0, (248, 3) is at 9 + 4 from the mean of the others, (245, 5); (250, 0) is at 36 + 42.25.
    assert plainest(images, labels) == 4
    assert plainest(images[[1, 2, 4, 0, 3, 5]], labels[[1, 2, 4, 0, 3, 5]]) == 2


def test_without_labels_all_are_one_class_and_later_images_do_not_count() -> None:
    images = np.zeros((AMONG + 2, 1, 1, 2), np.uint8)
    images[:, 0, 0, 0] = 100
    images[:, 0, 0, 1] = np.arange(AMONG + 2)
    found = plainest(images, None)
    assert abs(found - (AMONG - 1) / 2) <= 1, "nearest to the mean of the first 60"
    assert found == plainest(images[:AMONG], None)


@pytest.mark.parametrize("count", [0, 1])
def test_where_nothing_can_be_compared_it_is_the_first(count: int) -> None:
    assert plainest(np.zeros((count, 1, 4, 4), np.uint8), np.zeros(count, np.int64)) == 0


def test_a_preview_has_all_images_that_decide() -> None:
    """So the digit is the same before and after MNIST is loaded."""
    assert IMAGES >= AMONG


def rank_of(model: str, images: ImageSet, index: int) -> float:
    """Which share of the images has a smaller error, relative to the image's sum of squares."""
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.runs.index import find_run

    shown = images.images[:MEASURED]
    decoded = FrozenModel(find_run(model).snapshot()).reconstruct(shown)
    pixels = shown.reshape(len(shown), -1).astype(np.float64)
    errors = ((pixels - decoded.reshape(pixels.shape)) ** 2).sum(1) / (pixels**2).sum(1)
    return float((errors < errors[index]).mean())


def check_errors(images: ImageSet) -> None:
    shares = [rank_of(name, images, images.plainest) for name in SHIPPED[:2]]  # the others have no encoder
    assert shares[0] < 0.15, "of the model that a new user sees first"
    assert shares[1] < 0.5


def test_the_shipped_models_reconstruct_the_first_built_in_digit_well() -> None:
    # As the source "builtin": the digits do not depend on how many there are.
    check_errors(generate(train=10, test=MEASURED).test)


def test_the_shipped_models_reconstruct_the_first_digit_of_mnist_well(mnist: Dataset) -> None:
    check_errors(mnist.test)
