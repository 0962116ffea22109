"""The card is beside the point, where it fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
from aestudio.gui.views.latent.map.hover_card import HoverCard, position_beside

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CARD = QRect(0, 0, 150, 130)


@given(x=st.integers(0, 639), y=st.integers(0, 479), distance=st.integers(5, 60))
def test_it_lies_inside_and_never_covers_the_point(x: int, y: int, distance: int) -> None:
    area = QRect(0, 0, 640, 480)
    rect = position_beside(QPoint(x, y), distance, CARD, area)
    assert area.contains(rect)
    assert rect.size() == CARD.size()
    assert not rect.adjusted(-distance + 1, -distance + 1, distance - 1, distance - 1).contains(QPoint(x, y))


@given(x=st.integers(0, 199), y=st.integers(0, 149))
def test_it_goes_to_the_farther_edge_if_no_side_is_large_enough(x: int, y: int) -> None:
    rect = position_beside(QPoint(x, y), 30, CARD, QRect(0, 0, 200, 150))
    assert rect.left() in (0, 50) or rect.right() < x or rect.left() > x


def test_it_keeps_its_size_when_the_result_arrives(qtbot: QtBot) -> None:
    plot = QWidget()
    qtbot.addWidget(plot)
    plot.resize(600, 500)
    plot.show()
    card = HoverCard(plot)
    image = np.full((1, 28, 28), 99, np.uint8)
    card.show_image("7 · Image 3", image, None, "", ink_on_paper=False)
    card.show_beside(QPoint(300, 200), 18)
    before = card.size()
    assert card.reconstruction.pixmap().isNull()
    card.show_image("7 · Image 3", image, image, "squared error 12.3", ink_on_paper=False)
    card.show_beside(QPoint(300, 200), 18)
    assert card.size() == before
    assert card.reconstruction.pixmap().toImage() == card.image.pixmap().toImage()


def test_it_has_the_colours_of_each_theme(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    plot = QWidget()
    qtbot.addWidget(plot)
    card = HoverCard(plot)
    card.resize(120, 90)
    for theme in (LIGHT, DARK):
        apply_theme(app, theme)
        painted = card.grab().toImage()
        assert painted.pixelColor(60, 3).name() == theme.raised.lower()
        assert painted.pixelColor(60, 0).name() == theme.control.lower(), "its outline"


def test_the_card_of_a_wide_image_is_no_wider_than_that_of_a_square_one(qtbot: QtBot) -> None:
    plot = QWidget()
    qtbot.addWidget(plot)
    plot.resize(600, 500)
    card = HoverCard(plot)
    widths = []
    for shape in ((1, 28, 28), (3, 8, 64)):
        image = np.zeros(shape, np.uint8)
        card.show_image("Image 3", image, image, "squared error 12.3", ink_on_paper=False)
        card.adjustSize()
        widths.append(card.width())
    assert widths[1] <= widths[0] + 20
