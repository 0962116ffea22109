"""A strip of images: whole device pixels, few equal rows, and a size that only depends on theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.widgets.image_strip import ImageStrip
from aestudio.gui.widgets.pixmap import enlarged, packed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def images_of(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize(
    ("shape", "columns", "scale"),
    [
        ((8, 1, 28, 28), 8, 1),
        ((8, 3, 32, 32), 8, 1),
        ((8, 3, 33, 17), 8, 1),
        ((8, 1, 28, 15), 8, 2),
        ((8, 3, 64, 64), 4, 1),
        ((3, 1, 28, 28), 3, 3),
        ((5, 3, 20, 64), 3, 1),
    ],
    ids=str,
)
def test_every_image_is_whole_and_in_order(
    qtbot: QtBot, shape: tuple[int, ...], columns: int, scale: int
) -> None:
    strip = ImageStrip(270, 8)
    qtbot.addWidget(strip)
    images = images_of(*shape)
    strip.set_images(images)
    count, _, height, width = shape
    rows = -(-count // columns)
    assert strip.rows == rows
    assert strip.size().toTuple() == (
        columns * (width * scale + 2) - 2,
        rows * (height * scale + 2) - 2,
    )
    assert strip.width() <= 270
    for number in range(count):
        row, column = divmod(number, columns)
        top, left = row * (height * scale + 2), column * (width * scale + 2)
        tile = strip.shown[top : top + height * scale, left : left + width * scale]
        assert np.array_equal(tile, enlarged(packed(images[number]), scale))


def test_other_images_of_the_same_size_and_none_keep_the_size(qtbot: QtBot) -> None:
    strip = ImageStrip(270, 8)
    qtbot.addWidget(strip)
    before = strip.size()
    strip.set_images(images_of(8, 1, 28, 28))
    assert strip.size() == before
    assert strip.shown.any()
    strip.set_images(np.zeros((0, 1, 1, 1), np.uint8))
    assert strip.size() == before
    assert not strip.shown.any()
    strip.set_images(images_of(8, 1, 28, 28))
    assert strip.shown.any()


def test_an_array_without_channels_is_refused(qtbot: QtBot) -> None:
    strip = ImageStrip(270, 8)
    qtbot.addWidget(strip)
    with pytest.raises(ValueError, match="channels"):
        strip.set_images(images_of(8, 28, 28))
