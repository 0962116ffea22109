"""Icons: there, one-coloured, inked."""

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

WANTED = {
    "play", "pause", "step", "stop", "reset", "dice", "folder", "download", "reset-slider", "expand",
    "fold-left", "fold-right", "warning", "info", "pencil", "eraser", "grid", "map", "sun", "moon",
    "save", "export", "camera",
}  # a table  # fmt: skip


def opaque(image: QImage) -> list[QColor]:
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    colours = [image.pixelColor(x, y) for x, y in places]
    return [colour for colour in colours if colour.alpha() == 255]


def test_the_wanted_icons_are_there() -> None:
    assert set(icon_names()) >= WANTED


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


def test_an_icon_has_the_themes_ink(qapp: QApplication) -> None:
    for theme in (DARK, LIGHT):
        made = icon("play", theme)
        for mode, ink in ((QIcon.Mode.Normal, theme.text), (QIcon.Mode.Disabled, theme.disabled)):
            found = opaque(made.pixmap(QSize(32, 32), mode).toImage())
            assert found
            for colour in found:  # smoothed edges round a channel by one
                assert np.abs(np.subtract(channels(colour.name()), channels(ink))).max() <= 1


def test_an_unknown_icon_is_named_with_the_known_ones(qapp: QApplication) -> None:
    with pytest.raises(BadChoice, match=r"unicorn.*camera"):
        icon("unicorn", DARK)


def test_the_pixels_follow_the_screens_ratio(qapp: QApplication) -> None:
    pixmap = icon_pixmap("map", "#123456", 24, 2.0)
    assert pixmap.width() == 48
    assert pixmap.deviceIndependentSize().width() == 24
