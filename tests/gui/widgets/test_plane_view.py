"""The window on a plane of images: reported positions and painted pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from aestudio.gui.widgets.plane_view import Frame, PlaneView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WHOLE = Frame(0, 0, 1, 1)


@pytest.fixture
def view(qtbot: QtBot) -> PlaneView:
    """Four by four images, each in its own grey value."""
    widget = PlaneView()
    qtbot.addWidget(widget)
    widget.resize(420, 400)
    widget.set_window(WHOLE, 4)
    greys = (10 * np.arange(16, dtype=np.uint8) + 40).reshape(4, 4)
    widget.set_image(greys.repeat(28, axis=0).repeat(28, axis=1)[None], WHOLE, (28, 28))
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def grey_at(view: PlaneView, right: float, up: float) -> int:
    square = view.window_rect()
    point = QPointF(square.left() + right * square.width(), square.bottom() - up * square.height()).toPoint()
    return view.grab().toImage().pixelColor(point).red()


def test_rows_are_painted_downward_and_positions_count_upward(view: PlaneView, qtbot: QtBot) -> None:
    assert grey_at(view, 0.1, 0.9) == 40
    assert grey_at(view, 0.9, 0.1) == 190
    square = view.window_rect()
    point = QPointF(square.left() + 0.9 * square.width(), square.bottom() - 0.1 * square.height()).toPoint()
    with qtbot.waitSignal(view.chosen) as received:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
    assert received.args == pytest.approx([0.9, 0.1], abs=0.02)


def test_a_moved_window_moves_the_mosaic_before_a_new_one_arrives(view: PlaneView) -> None:
    view.set_window(Frame(0.25, 0, 1, 1), 4)
    assert grey_at(view, 0.1, 0.9) == 50
    view.set_window(Frame(0.25, 0.25, 0.5, 0.5), 4)
    assert grey_at(view, 0.1, 0.9) == 90, "half as wide: the four images in the middle"
    assert grey_at(view, 0.9, 0.1) == 140


def test_cells_have_whole_pixels(view: PlaneView) -> None:
    side = view.window_rect().width()
    assert side == int(side)
    assert int(side) % 4 == 0
    assert int(side / 4) % 28 == 0, "a multiple of the image side, too, if it fits"


def test_an_enlarged_image_covers_the_others_and_closes_by_click_and_key(
    view: PlaneView, qtbot: QtBot
) -> None:
    before = grey_at(view, 0.5, 0.5)
    view.set_enlarged(np.full((1, 28, 28), 255, np.uint8), "z1 = 0.50")
    assert grey_at(view, 0.52, 0.55) == 255
    assert before != 255
    assert view.accessibleDescription() == "z1 = 0.50"
    for close in (
        lambda: qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.window_rect().center().toPoint()),
        lambda: qtbot.keyClick(view, Qt.Key.Key_Escape),
        lambda: qtbot.keyClick(view, Qt.Key.Key_Return),
    ):
        with qtbot.waitSignal(view.close_requested):
            close()
    with qtbot.waitSignal(view.stepped) as received:
        qtbot.keyClick(view, Qt.Key.Key_Up)
    assert received.args == [0, 1]


@pytest.mark.parametrize(
    ("key", "signal", "arguments"),
    [
        (Qt.Key.Key_Right, "panned", [0.25, 0.0]),
        (Qt.Key.Key_Down, "panned", [0.0, -0.25]),
        (Qt.Key.Key_Plus, "zoomed", [0.8, 0.5, 0.5]),
        (Qt.Key.Key_Minus, "zoomed", [1.25, 0.5, 0.5]),
        (Qt.Key.Key_Home, "reset_requested", []),
        (Qt.Key.Key_Return, "enlarge_requested", []),
        (Qt.Key.Key_Space, "enlarge_requested", []),
    ],
)
def test_keys(view: PlaneView, qtbot: QtBot, key: Qt.Key, signal: str, arguments: list[float]) -> None:
    with qtbot.waitSignal(getattr(view, signal)) as received:
        qtbot.keyClick(view, key)
    assert received.args == arguments


def test_without_an_image_the_mouse_has_no_effect(qtbot: QtBot) -> None:
    empty = PlaneView()
    qtbot.addWidget(empty)
    empty.set_hint("soon")
    empty.show()
    with qtbot.assertNotEmitted(empty.chosen):
        qtbot.mouseClick(empty, Qt.MouseButton.LeftButton)
