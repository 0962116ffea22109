"""Sets of images that a Python program makes of its own arrays."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.datasets.dataset import ImageSet
from aestudio.training.batches import ResidentImages
from tests.shaped import COLOUR, random_images


def test_arrays_that_run_backwards_are_taken() -> None:
    """Of blue, green and red, or in reverse order: views of numpy that torch does not take."""
    images, labels = random_images(COLOUR, 5), np.arange(5)
    factors = np.arange(10, dtype=np.float32).reshape(5, 2)
    backwards = ImageSet(
        images[::-1, ::-1, :, ::-1], labels[::-1], tuple("abcde"), factors[::-1], ("one", "other")
    )
    resident = ResidentImages.of(backwards, torch.device("cpu"))
    assert resident.labels is not None
    assert resident.factors is not None
    assert np.array_equal(resident.images.numpy(), images[::-1, ::-1, :, ::-1])
    assert resident.labels.tolist() == [4, 3, 2, 1, 0]
    assert np.array_equal(resident.factors.numpy(), factors[::-1])


def test_images_that_lie_in_order_are_not_copied() -> None:
    images = random_images(COLOUR, 5)
    assert np.shares_memory(ImageSet(images).images, images)


@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_factors_are_single_precision(dtype: type) -> None:
    """Others would be trained with, and then not be read again from the run's folder."""
    with pytest.raises(ValueError, match="not float32"):
        ImageSet(random_images(COLOUR, 3), factors=np.zeros((3, 1), dtype), factor_names=("one",))
