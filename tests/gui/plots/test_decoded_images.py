"""Decoded images lie at their places in the plane, in whole pixels, under the points."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.decoded_images import STRENGTHS, inked
from aestudio.gui.plots.map_layers import ImagesOnPlane
from aestudio.gui.theme.style import current_theme
from aestudio.gui.theme.tokens import DARK, LIGHT, channels


@pytest.fixture
def shown(qtbot):
    made = ClassMap()
    qtbot.addWidget(made)
    made.set_square(True)
    made.resize(500, 480)
    made.show()
    qtbot.waitExposed(made)
    corners = np.array([[-1, -1], [1, 1]], np.float32)
    made.set_points(corners, None, ())
    return made


def four_images() -> np.ndarray:
    """A 2 x 2 mosaic of 4x4 pixels each: only the upper right image is ink."""
    mosaic = np.zeros((1, 8, 8), np.uint8)
    mosaic[:, :4, 4:] = 255
    return mosaic


def colour_at(shown, x: float, y: float) -> str:
    image = shown.plot.grab().toImage()
    return image.pixelColor(shown.plot.pixel_of(x, y).toPoint()).name()


def mixed(strength: float) -> list[int]:
    theme = current_theme()
    pairs = zip(channels(theme.panel), channels(theme.text), strict=True)
    return [round(panel + (ink - panel) * strength) for panel, ink in pairs]


def test_each_image_is_at_its_place(shown):
    shown.set_decoded(ImagesOnPlane(four_images(), (-1, 1, -1, 1)))
    expected = mixed(STRENGTHS["dark"]["full"])
    drawn = channels(colour_at(shown, 0.37, 0.63))
    assert drawn == pytest.approx(expected, abs=2)
    panel = channels(current_theme().panel)
    for x, y in ((-0.37, 0.63), (0.37, -0.63), (-0.37, -0.63)):
        assert channels(colour_at(shown, x, y)) == pytest.approx(panel, abs=1)
    shown.set_decoded(None)
    assert channels(colour_at(shown, 0.37, 0.63)) == pytest.approx(panel, abs=1)


def test_images_move_and_grow_with_the_map(shown):
    shown.set_decoded(ImagesOnPlane(four_images(), (-1, 1, -1, 1)))
    panel = channels(current_theme().panel)
    for scale, shift in ((0.31, 0.13), (2.3, -0.4), (1.0, 0.05)):
        shown.plot.map_box.scaleBy((scale, scale))
        shown.plot.map_box.translateBy(x=shift, y=-shift)
        assert channels(colour_at(shown, 0.06, 0.05)) != pytest.approx(panel, abs=8)
        for x, y in ((-0.06, 0.05), (0.06, -0.05)):
            assert channels(colour_at(shown, x, y)) == pytest.approx(panel, abs=2)


def test_points_lie_over_the_images_which_come_forward_where_points_step_back(shown):
    shown.set_points(np.array([[-1, -1], [0.5, 0.5]], np.float32), np.array([0, 1]), ("zero", "one"))
    shown.plot.marks.set_marks(())
    shown.set_decoded(ImagesOnPlane(four_images(), (-1, 1, -1, 1)))
    under = [
        sum(channels(colour_at(shown, 0.3, 0.7)))
        for style in ("full", "faint", "hidden")
        if shown.set_point_style(style) is None
    ]
    assert under == sorted(under)
    assert under[0] < under[2]
    shown.set_point_style("full")
    point, beside = (channels(colour_at(shown, *at)) for at in ((0.5, 0.5), (0.3, 0.7)))
    assert point != pytest.approx(beside, abs=8)
    shown.set_point_style("hidden")
    point, beside = (channels(colour_at(shown, *at)) for at in ((0.5, 0.5), (0.3, 0.7)))
    assert point == pytest.approx(beside, abs=3)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_ink_is_premultiplied_and_ends_at_the_strength(theme):
    pixels = inked(np.array([[[0, 128, 255]]], np.uint8), theme, 0.5)[0]
    alphas = (pixels >> 24).tolist()
    assert alphas == [0, 64, 128]
    red = QColor(theme.text).red()
    assert ((pixels >> 16) & 255).tolist() == pytest.approx([0, red * 64 / 255, red * 128 / 255], abs=1)


def test_colour_images_keep_their_colours():
    mosaic = np.array([[[200]], [[100]], [[50]]], np.uint8)
    (pixel,) = inked(mosaic, DARK, 0.5)[0].tolist()
    assert [pixel >> shift & 255 for shift in (24, 16, 8, 0)] == [128, 100, 50, 25]


def test_images_need_a_box():
    with pytest.raises(ValueError, match="images are"):
        ImagesOnPlane(four_images(), (1, 1, 0, 1))
    with pytest.raises(ValueError, match="images are"):
        ImagesOnPlane(four_images()[0], (0, 1, 0, 1))
