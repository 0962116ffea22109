"""Icons: complete, one-coloured, in the colours of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon

from aestudio.errors import BadChoice
from aestudio.gui.theme.icons import icon, icon_names, icon_pixmap
from aestudio.gui.theme.tokens import DARK, LIGHT, channels
from aestudio.resources import resources_folder

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

REQUIRED = {
    "play", "pause", "step", "stop", "reset", "dice", "folder", "download", "reset-slider", "expand",
    "fold-left", "fold-right", "warning", "info", "pencil", "eraser", "grid", "map", "sun", "moon",
    "save", "export", "camera",
}  # a table  # fmt: skip


def opaque(image: QImage) -> list[QColor]:
    points = [(x, y) for x in range(image.width()) for y in range(image.height())]
    colours = [image.pixelColor(x, y) for x, y in points]
    return [colour for colour in colours if colour.alpha() == 255]


def test_the_required_icons_exist() -> None:
    assert set(icon_names()) >= REQUIRED


def test_icons_are_one_coloured_drawings_of_24_by_24() -> None:
    for name in icon_names():
        root = ElementTree.parse(resources_folder() / "icons" / f"{name}.svg").getroot()
        assert root.get("viewBox") == "0 0 24 24", name
        colours = {part.get(key) for part in root.iter() for key in ("fill", "stroke")} - {None, "none"}
        assert colours == {"currentColor"}, name


def test_every_icon_draws_something_inside_its_box(qapp: QApplication) -> None:
    for name in icon_names():
        image = icon_pixmap(name, "#ff0000", 48).toImage()
        assert len(opaque(image)) > 20, name
        edge = [image.pixelColor(x, y).alpha() for x in range(48) for y in (0, 47)]
        assert max(edge) == 0, name


def test_an_icon_has_the_colours_of_the_theme(qapp: QApplication) -> None:
    for theme in (DARK, LIGHT):
        icon_of_theme = icon("play", theme, 32)
        for mode, expected in ((QIcon.Mode.Normal, theme.text), (QIcon.Mode.Disabled, theme.disabled)):
            colours = opaque(icon_of_theme.pixmap(QSize(32, 32), mode).toImage())
            assert colours
            for colour in colours:  # antialiasing can change a channel by one
                assert np.abs(np.subtract(channels(colour.name()), channels(expected))).max() <= 1


def test_an_unknown_icon_is_refused_with_the_known_names(qapp: QApplication) -> None:
    with pytest.raises(BadChoice, match=r"unicorn.*camera"):
        icon("unicorn", DARK, 16)


def test_the_pixels_follow_the_screens_ratio(qapp: QApplication) -> None:
    pixmap = icon_pixmap("map", "#123456", 24, 2.0)
    assert pixmap.width() == 48
    assert pixmap.deviceIndependentSize().width() == 24


def test_an_icon_is_sharp_at_one_and_two_pixels_for_each_logical_one(qapp: QApplication) -> None:
    drawn = icon("map", DARK, 18)
    for ratio in (1.0, 2.0):
        shown = drawn.pixmap(QSize(18, 18), ratio).toImage()
        assert shown == icon_pixmap("map", DARK.text, 18, ratio).toImage(), ratio


def test_colours_share_one_drawing_and_keep_its_opacity(qapp: QApplication) -> None:
    red, blue = (icon_pixmap("map", colour, 24).toImage() for colour in ("#ff0000", "#0000ff"))
    alphas = [[image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)] for image in (red, blue)]
    assert alphas[0] == alphas[1]
    assert len(set(alphas[0])) > 2  # the edges are drawn with a smooth brush
    assert {colour.name() for colour in opaque(red)} == {"#ff0000"}
