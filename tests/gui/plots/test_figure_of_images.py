"""Images of several runs in a file for a paper: each at its place, with its own pixels."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QImage

from aestudio.errors import BadChoice
from aestudio.gui.plots.figure_of_images import RowOfImages, SheetOfImages, images_data

pytestmark = pytest.mark.usefixtures("qapp")

LEVELS = np.array([0, 80, 160, 240], np.uint8)
IMAGES = np.broadcast_to(LEVELS[:, None, None, None], (4, 1, 28, 28))
SHEET = SheetOfImages(
    ("Reconstruction", "Samples"),
    (RowOfImages("Original", (IMAGES, None)), RowOfImages("VAE, beta 4", (IMAGES[::-1], IMAGES))),
)


def test_every_image_is_in_the_picture_at_its_place() -> None:
    image = QImage()
    assert image.loadFromData(images_data("png", SHEET))
    shown = np.array(
        [[image.pixelColor(x, y).red() for x in range(image.width())] for y in range(image.height())]
    )
    scale = image.width() / 454
    row = shown[int(scale * (14 + 15))]  # through the first row
    levels = [level for level, before in zip(row[1:], row, strict=False) if level != before]
    found = [level for level in levels if level in LEVELS]
    assert list(dict.fromkeys(found)) == [0, 80, 160, 240]
    assert (row[int(scale * 300) :] == 255).all(), "no samples of the originals"
    down = shown[:, int(scale * 121)]  # through the first image of each row
    assert np.count_nonzero(down[: int(scale * (14 + 40))] == 0) == pytest.approx(
        np.count_nonzero(row == 0), abs=2
    ), "square pixels"


def test_an_svg_has_its_texts_as_outlines_and_one_picture_an_image() -> None:
    root = ET.fromstring(images_data("svg", SHEET).decode())
    kinds = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert "text" not in kinds
    assert kinds.count("image") == 3 * len(IMAGES)
    assert images_data("pdf", SHEET).startswith(b"%PDF-")
    with pytest.raises(BadChoice):
        images_data("gif", SHEET)
