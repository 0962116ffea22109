"""Weights of grey and of coloured pictures, a page at a time."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from aestudio.analysis.first_layer import FirstLayer
from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.gui.theme.colours import error_image
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.features.weight_pages import WeightPages

COLOUR, NARROW, LARGE = ImageShape(3, 32, 32), ImageShape(1, 28, 20), ImageShape(1, 64, 64)


@pytest.fixture
def pages(qtbot: object) -> WeightPages:
    shown = WeightPages()
    qtbot.addWidget(shown)  # type: ignore[attr-defined]
    shown.resize(760, 420)
    shown.show()
    return shown


def _units(shape: ImageShape, count: int = 60) -> FirstLayer:
    weights = np.random.default_rng(1).uniform(-1, 1, (count, *shape.array)).astype(np.float32)
    return FirstLayer("units", weights, np.ones(count, np.float32))


def _painted(pages: WeightPages, cell: int, y: int, x: int) -> tuple[int, int, int]:
    """The colour that is on the screen for one weight."""
    area = pages.grid.cell_rect(cell)
    scale = area.height() / pages.grid.image_size[0]
    across, down = area.left() + (x + 0.5) * scale, area.top() + (y + 0.5) * scale
    colour = pages.grid.grab().toImage().pixelColor(int(across), int(down))
    return colour.red(), colour.green(), colour.blue()


@pytest.mark.parametrize("shape", [MNIST.image, NARROW], ids=str)
def test_grey_weights_have_the_colours_of_signed_values(pages: WeightPages, shape: ImageShape) -> None:
    layer = _units(shape)
    pages.show_layer(layer, shape)
    assert layer.images is not None
    expected = error_image(layer.images[2, 0], current_theme())
    assert _painted(pages, 2, 7, 11) == tuple(expected[:, 7, 11].tolist())
    assert pages._scale.isVisible()
    assert f"60 units, {shape} weights each" in pages.description.text()
    assert "grey" not in pages.description.text()


def test_colour_weights_are_colours_around_middle_grey_and_the_caption_says_so(pages: WeightPages) -> None:
    layer = _units(COLOUR)
    pages.show_layer(layer, COLOUR)
    assert layer.images is not None
    weights = layer.images[3, :, 20, 9]
    assert _painted(pages, 3, 20, 9) == tuple(round(255 * (0.5 + weight / 2)) for weight in weights.tolist())
    assert not pages._scale.isVisible(), "its two colours are not those of the pictures"
    assert "60 units, 32 × 32 weights in each of 3 channels" in pages.description.text()
    assert "middle grey is zero" in pages.description.text()
    pages.show_layer(_units(NARROW), NARROW)
    assert pages._scale.isVisible()


@pytest.mark.parametrize("shape", [MNIST.image, NARROW, COLOUR, LARGE, ImageShape(1, 8, 8)], ids=str)
def test_every_unit_is_on_one_page_and_in_full(pages: WeightPages, shape: ImageShape) -> None:
    pages.show_layer(_units(LARGE), LARGE)
    pages.show_layer(_units(shape), shape)
    captions: list[str] = []
    for _ in range(60):
        captions += pages.grid._captions
        last = pages.grid.cell_rect(pages.grid.count - 1)
        assert pages.grid._layout.count == pages.grid.count, "no cell is cut off"
        assert last.bottom() <= pages.grid.height()
        assert last.right() <= pages.grid.width()
        if not pages.next_page.isEnabled():
            break
        pages.next_page.click()
    assert captions == [str(unit) for unit in range(60)]


def test_without_a_layer_nothing_is_shown(pages: WeightPages) -> None:
    pages.show_layer(_units(COLOUR), COLOUR)
    pages.show_layer(None, COLOUR)
    assert pages.grid.count == 0
    assert pages.description.text() == ""


@pytest.mark.parametrize(("cell", "names"), [("gru", "r (reset)"), ("lstm", "f (forget)")])
def test_the_gates_are_named(pages: WeightPages, cell: Literal["gru", "lstm"], names: str) -> None:
    count = {"gru": 3, "lstm": 4}[cell]
    weights = np.ones((count, 1, 28, 28), np.float32)
    pages.show_layer(FirstLayer("gates", weights, np.ones(count, np.float32), cell=cell), MNIST.image)
    assert pages.grid.count == count
    assert cell.upper() in pages.description.text()
    assert names in pages.description.text()
