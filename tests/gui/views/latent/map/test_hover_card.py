"""The card is beside the point, where it fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
from aestudio.gui.views.latent.map.hover_card import HoverCard, beside

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CARD = QRect(0, 0, 150, 130)


@given(x=st.integers(0, 639), y=st.integers(0, 479), reach=st.integers(5, 60))
def test_it_is_inside_and_never_over_the_point(x: int, y: int, reach: int) -> None:
    room = QRect(0, 0, 640, 480)
    place = beside(QPoint(x, y), reach, CARD, room)
    assert room.contains(place)
    assert place.size() == CARD.size()
    assert not place.adjusted(-reach + 1, -reach + 1, reach - 1, reach - 1).contains(QPoint(x, y))


@given(x=st.integers(0, 199), y=st.integers(0, 149))
def test_where_no_side_is_large_enough_it_goes_to_the_farther_edge(x: int, y: int) -> None:
    place = beside(QPoint(x, y), 30, CARD, QRect(0, 0, 200, 150))
    assert place.left() in (0, 50) or place.right() < x or place.left() > x


def test_it_keeps_its_size_when_the_answer_comes(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    around.resize(600, 500)
    around.show()
    card = HoverCard(around)
    digit = np.full((28, 28), 99, np.uint8)
    card.show_digit("7 · Image 3", digit, None, "", ink_on_paper=False)
    card.show_beside(QPoint(300, 200), 18)
    before = card.size()
    assert card.back.pixmap().isNull()
    card.show_digit("7 · Image 3", digit, digit, "squared error 12.3", ink_on_paper=False)
    card.show_beside(QPoint(300, 200), 18)
    assert card.size() == before
    assert card.back.pixmap().toImage() == card.digit.pixmap().toImage()


def test_another_theme_is_another_look_and_dressing_ends(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    around = QWidget()
    qtbot.addWidget(around)
    card = HoverCard(around)
    apply_theme(app, LIGHT)
    assert LIGHT.raised in card.styleSheet()
    apply_theme(app, DARK)
    assert DARK.raised in card.styleSheet()
