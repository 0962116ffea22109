"""Compressed pictures that are not MNIST's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.gui.views.compress.compressed_panel import CompressedPanel
from aestudio.gui.widgets.pixmap import packed
from tests.gui.views.canned import OTHER_SETS, compressed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset

PIXELS = {"colour 32x32": "1,024 pixels of 3 × 8 bits", "grey 28x20": "560 numbers of 8 bits"}


@pytest.mark.parametrize(("name", "make"), OTHER_SETS.items(), ids=OTHER_SETS)
def test_pictures_and_sizes_are_those_of_the_image(
    qtbot: QtBot, name: str, make: Callable[[], Dataset]
) -> None:
    panel = CompressedPanel()
    qtbot.addWidget(panel)
    panel.resize(760, 300)
    panel.show()
    images = make().test
    value = compressed(images)
    panel.show_image(value, ink_on_paper=False)
    for view, image in (
        (panel.original, value.original),
        (panel.reconstruction, value.code.reconstructed[0]),
    ):
        scale = view._canvas.pixels.shape[0] // image.shape[1]
        assert (view._canvas.pixels[::scale, ::scale] == packed(image)).all()
    bars = {bar.name: bar for bar in panel.bars.bars}
    size = images.image_shape.size
    assert bars["Pixels"].value == f"{size:,} bytes"
    assert PIXELS[name] in repr(bars["Pixels"])
    assert f"36 bits per image, {8 * size / 36:,.0f} times fewer" == panel._saving.text()
    pixels = images.image_shape.pixels
    for bits in (36, 4 * size, 2 * size, 8 * size):
        assert f"{bits / pixels:.3g}" in panel._saving.toolTip()
