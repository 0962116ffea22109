"""The diagram of an architecture: layout, colours, numbers, accessible description."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.theme.tokens import DARK, LIGHT, channels
from aestudio.gui.widgets.architecture_diagram import (
    ArchitectureDiagram,
    blocks,
    layer_text,
    placed_numbers,
    render_diagram,
)
from aestudio.gui.widgets.pixmap import array_of
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.layer import DrawnLayer, drawn, place
from aestudio.layers.recurrent import Recurrent
from aestudio.layers.reshape import ImageToRows
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes
from tests.proofs.proofs import recipe_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from aestudio.layers.layer import Layer

IMAGE = DrawnLayer("image", (1, 28, 28))


def one(layer: Layer, *inputs: int) -> DrawnLayer:
    """How a layer is drawn."""
    return drawn(place((layer,), inputs))[0]


VAE = (
    IMAGE,
    one(Dense(256), 784),
    DrawnLayer("code", (8,), 4112),
    one(Dense(256), 8),
    one(Dense(784), 256),
)


def test_heights_follow_the_logarithm_of_the_size() -> None:
    found = blocks(VAE, QRectF(0, 0, 300, 100))
    heights = {block.layer.size: block.area.height() for block in found}
    assert heights[784] > heights[256] > heights[8]
    ratio = (heights[784] - heights[256]) / (np.log(785) - np.log(257))
    assert np.isclose(ratio, (heights[256] - heights[8]) / (np.log(257) - np.log(9)))
    assert all(a.area.right() < b.area.left() for a, b in itertools.pairwise(found))
    assert blocks((), QRectF(0, 0, 10, 10)) == ()


def test_the_code_is_drawn_in_the_accent(qapp: QApplication) -> None:
    for theme in (DARK, LIGHT):
        image = render_diagram(VAE, QSize(240, 90), theme).toImage()
        assert image.pixelColor(120, 36).name() == theme.accent.lower()
        assert image.pixelColor(1, 1).alpha() == 0
        accents = (array_of(image) == channels(theme.accent)).all(axis=2)
        assert 0.40 < np.argwhere(accents)[:, 1].mean() / 240 < 0.60


def test_numbers_show_the_shape() -> None:
    convolution = Convolution(16, 4, stride=2, padding=1)
    rows = drawn(place((ImageToRows(), Recurrent(128)), (1, 28, 28)))
    layers = (IMAGE, one(Dense(400), 784), one(convolution, 1, 28, 28), *rows)
    assert [layer_text(layer) for layer in layers] == ["28²", "400", "16·14²", "28·128"]
    assert layer_text(one(convolution, 3, 33, 17)) == "16·16×8"


@pytest.mark.parametrize(
    ("shape", "text"),
    [((1, 28, 28), "28²"), ((1, 28, 20), "28×20"), ((3, 32, 32), "3·32²"), ((3, 33, 17), "3·33×17")],
)
def test_an_image_shows_its_height_and_width_and_its_colours(shape: tuple[int, ...], text: str) -> None:
    assert layer_text(DrawnLayer("image", shape)) == text
    assert layer_text(DrawnLayer("convolution", (16, 14, 10))) == "16·14×10"


def test_heights_are_relative_to_the_image() -> None:
    for size in (64, 3 * 64 * 64):
        image = DrawnLayer("image", (1, 8, size // 8))
        found = blocks((image, one(Dense(4 * size), size), DrawnLayer("code", (8,))), QRectF(0, 0, 300, 100))
        assert found[1].area.height() == 100, "four times the numbers of the image have the whole height"
        assert found[2].area.height() < found[0].area.height() < 100


def test_every_shipped_recipe_can_be_drawn(qapp: QApplication) -> None:
    for recipe in shipped_recipes():
        for size in (QSize(120, 40), QSize(300, 120)):
            image = render_diagram(Architecture(recipe, MNIST).layers, size, DARK, ratio=2.0).toImage()
            assert image.width() == size.width() * 2
            assert array_of(image).std() > 5, recipe.name


def test_numbers_mirror_one_another(qapp: QApplication) -> None:
    """Where not all fit, none is written on one side only, and the image's own are always there."""
    from PySide6.QtGui import QFontMetrics

    metrics = QFontMetrics(qapp.font())
    for width in (150, 200, 260, 300):
        area = QRectF(0, 0, width, 90)
        shown = blocks(Architecture(find_recipe("conv-vae-2d"), MNIST).layers, area)
        placed = placed_numbers(shown, area, metrics)
        written = [shown.index(block) for block, _ in placed]
        assert {0, len(shown) - 1} <= set(written)
        assert {len(shown) - 1 - number for number in written} == set(written)
        places = sorted((place for _, place in placed), key=lambda place: place.left())
        assert all(one.right() < other.left() for one, other in itertools.pairwise(places))


def test_the_widget_repaints_and_has_an_accessible_description(qtbot: QtBot) -> None:
    diagram = ArchitectureDiagram()
    qtbot.addWidget(diagram)
    diagram.resize(260, 100)
    before = array_of(diagram.grab().toImage())
    architecture = Architecture(find_recipe("vae"), MNIST)
    diagram.set_architecture(architecture)
    assert not np.array_equal(before, array_of(diagram.grab().toImage()))
    assert f"code {architecture.latent.size}" in diagram.accessibleDescription()
    assert f"{architecture.parameter_count:,} parameters" in diagram.toolTip()
    assert "Not drawn" not in diagram.toolTip()
    diagram.set_architecture(None)
    assert (diagram.accessibleDescription(), diagram.toolTip()) == ("", "")
    np.testing.assert_array_equal(before, array_of(diagram.grab().toImage()))


@pytest.mark.parametrize(
    ("name", "undrawn"),
    [
        ("gan", ("critic",)),
        ("two-level", ()),
        ("vector-quantised", ()),
        ("wake-sleep", ()),
    ],
)
def test_networks_that_are_not_drawn_are_named_and_their_parameters_count(
    qtbot: QtBot, name: str, undrawn: tuple[str, ...]
) -> None:
    architecture = Architecture(recipe_of(name), MNIST)
    diagram = ArchitectureDiagram(architecture)
    qtbot.addWidget(diagram)
    assert f"{architecture.parameter_count:,} parameters" in diagram.toolTip()
    names = (*undrawn, *architecture.networks)
    drawn_parameters = sum(layer.parameters for layer in architecture.layers)
    assert (architecture.parameter_count > drawn_parameters) is bool(names)
    for text in (diagram.accessibleDescription(), diagram.toolTip()):
        assert (f"Not drawn: {', '.join(names)}" in text) is bool(names)
        assert text.startswith("From image" if architecture.encodes else "From code")
