"""Sentences about the size of an image."""

from __future__ import annotations

from aestudio.datasets.image_shape import ImageShape
from aestudio.gui.views.shared.image_sizes import bits_text, numbers_text, size_text


def test_grey_images_have_pixels() -> None:
    assert numbers_text((5, 1, 28, 28)) == "784 pixels"
    assert bits_text((1, 28, 28)) == "784 of 8 bits"
    assert size_text(ImageShape(1, 28, 20)) == "20 x 28"


def test_colour_images_have_a_number_for_each_channel() -> None:
    assert numbers_text((3, 32, 40)) == "3,840 numbers (40 x 32 pixels of 3 channels)"
    assert bits_text((3, 32, 40)) == "1,280 of 3 x 8 bits"
    assert size_text(ImageShape(3, 32, 40)) == "40 x 32 in colour"
