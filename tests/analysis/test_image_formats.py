"""Images as PNG, JPEG and WebP files."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest

from aestudio.analysis.image_formats import encode_images
from aestudio.errors import BadChoice, Cancelled

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def test_png_is_exact_and_smaller_than_the_pixels(few_digits: Dataset) -> None:
    images = few_digits.test.images
    found = encode_images(images, "png")
    assert (found.decoded == images).all()
    assert (found.squared_error == 0).all()
    assert found.bits.shape == (60,)
    assert (found.bits % 8 == 0).all()
    least = min(len(zlib.compress(image.tobytes(), 9)) for image in images) * 8
    assert least / 2 < found.bits.mean() < 6272


@pytest.mark.parametrize("name", ["jpeg", "webp"])
def test_a_better_quality_costs_more_and_errs_less(name: str, few_digits: Dataset) -> None:
    images = few_digits.test.images[:20]
    poor, good = (encode_images(images, name, quality) for quality in (5, 90))  # pyright: ignore[reportArgumentType]
    assert poor.bits.mean() < good.bits.mean()
    assert poor.squared_error.mean() > good.squared_error.mean() > 0


def test_unknown_formats_and_cancelling(few_digits: Dataset, counter: type) -> None:
    with pytest.raises(BadChoice, match="png, jpeg, webp"):
        encode_images(few_digits.test.images, "gif")  # pyright: ignore[reportArgumentType]
    with pytest.raises(Cancelled):
        encode_images(few_digits.test.images, "png", progress=counter(cancel_after=0))
