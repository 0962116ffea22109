"""Sentences about the numbers of an image."""

from __future__ import annotations

from aestudio.gui.views.shared.image_sizes import bits_text, numbers_text


def test_grey_images_have_pixels() -> None:
    assert numbers_text((5, 1, 28, 28)) == "784 pixels"
    assert bits_text((1, 28, 28)) == "784 numbers of 8 bits"


def test_colour_images_have_a_number_for_each_channel() -> None:
    assert numbers_text((3, 32, 32)) == "3,072 numbers: 3 channels of 32 × 32 pixels"
    assert numbers_text((3, 32, 40)) == "3,840 numbers: 3 channels of 32 × 40 (height × width) pixels"
    assert bits_text((3, 32, 40)) == "1,280 pixels of 3 × 8 bits"
