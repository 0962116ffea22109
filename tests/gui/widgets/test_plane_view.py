"""The window on a plane of images: reported positions and painted pixels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics

from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.cell_size import cell_size
from aestudio.gui.widgets.pixmap import array_of
from aestudio.gui.widgets.plane_view import Frame, PlaneView
from tests.gui.widgets.conftest import SHAPES, as_painted, random_images

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


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mosaic_of_any_shape_is_painted_in_whole_pixels(
    view: PlaneView, shape: tuple[int, int, int]
) -> None:
    channels, height, width = shape
    images = random_images(9, shape)
    mosaic = images.reshape(3, 3, *shape).transpose(2, 0, 3, 1, 4).reshape(channels, 3 * height, 3 * width)
    view.resize(700, 640)
    view.set_window(WHOLE, 3)
    view.set_image(mosaic, WHOLE, (height, width))
    area = view.window_rect().toRect()
    scale = area.width() // (3 * width)
    assert scale >= 2
    assert area.size().toTuple() == (3 * width * scale, 3 * height * scale)
    painted = array_of(view.grab(area).toImage())
    expected = as_painted(mosaic).repeat(scale, axis=0).repeat(scale, axis=1)
    assert np.array_equal(painted, expected)


def test_positions_in_a_narrow_window_are_fractions_of_both_sides(view: PlaneView, qtbot: QtBot) -> None:
    view.set_image(np.zeros((1, 4 * 28, 4 * 20), np.uint8), WHOLE, (28, 20))
    area = view.window_rect()
    assert area.width() / area.height() == pytest.approx(20 / 28)
    point = QPointF(area.left() + 0.2 * area.width(), area.bottom() - 0.6 * area.height()).toPoint()
    with qtbot.waitSignal(view.chosen) as received:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
    assert received.args == pytest.approx([0.2, 0.6], abs=0.02)
    moves: list[tuple[float, float]] = []
    view.panned.connect(lambda right, up: moves.append((right, up)))
    there = point + (QPointF(area.width() / 4, area.height() / 4)).toPoint()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=point)
    qtbot.mouseMove(view, there)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=there)
    assert np.sum(moves, axis=0) == pytest.approx([-0.25, 0.25], abs=0.02)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_enlarged_image_of_any_shape_is_in_the_middle_of_the_window(
    view: PlaneView, shape: tuple[int, int, int]
) -> None:
    channels, height, width = shape
    view.resize(900, 700)
    mosaic = np.zeros((channels, 4 * height, 4 * width), np.uint8)
    view.set_image(mosaic, WHOLE, (height, width))
    image = random_images(1, shape)[0]
    view.set_enlarged(image, "z1 = 0.50")
    area = view.window_rect()
    scale = min(int(0.74 * area.width() / width), int(0.74 * area.height() / height))
    painted, expected = array_of(view.grab(area.toRect()).toImage()), as_painted(image)
    expected = expected.repeat(scale, axis=0).repeat(scale, axis=1)
    left = int((area.width() - width * scale) / 2)
    columns = painted[:, left : left + width * scale]
    starts = [
        row for row in range(len(columns) - len(expected) + 1) if np.array_equal(columns[row], expected[0])
    ]
    assert any(np.array_equal(columns[row : row + len(expected)], expected) for row in starts)


def test_a_mosaic_that_is_not_made_of_whole_images_is_refused(view: PlaneView) -> None:
    for mosaic, size in (
        (np.zeros((1, 56, 50), np.uint8), (28, 28)),
        (np.zeros((1, 56, 56), np.uint8), None),
        (np.zeros((56, 56), np.uint8), (28, 28)),
    ):
        with pytest.raises(ValueError, match=re.escape(str(mosaic.shape))):
            view.set_image(mosaic, WHOLE, size)
    with pytest.raises(ValueError, match=re.escape("(28, 28)")):
        view.set_enlarged(np.zeros((28, 28), np.uint8))
    assert not view.enlarged


SIDES = st.integers(8, 64)


@given(st.tuples(st.integers(50, 2000), st.integers(50, 2000)), st.integers(1, 40), SIDES, SIDES)
def test_cells_fit_and_keep_the_proportions(
    space: tuple[int, int], count: int, height: int, width: int
) -> None:
    across, down = cell_size(space, count, (height, width))
    assert across * count <= max(space[0], count)
    assert down * count <= max(space[1], count)
    if across % width == 0 and down % height == 0:
        assert across // width == down // height
    else:  # as large as fits, the proportions to a pixel
        assert across == max(1, space[0] // count) or down == max(1, space[1] // count)
        assert abs(across - down * width / height) <= max(1, width / height)


@pytest.mark.parametrize("number", ["0.1", "−0.0005"])
def test_the_title_of_the_vertical_axis_is_beside_its_numbers(view: PlaneView, number: str) -> None:
    """Painted alone, title and numbers have no column of pixels in common."""
    view.resize(500, 400)  # the window takes the whole height
    left = int(view.window_rect().left()) - 6  # the ticks themselves are further right
    painted = {}
    for name, axes in {
        "nothing": (((), ()), ("", "")),
        "numbers": (((), ((0.5, number),)), ("", "")),
        "title": (((), ((0.1, number),)), ("", "PC 2")),
    }.items():
        view.set_axes(*axes)
        middle = view.window_rect().center().y()
        rows = slice(int(middle) - 20, int(middle) + 20)
        painted[name] = array_of(view.grab().toImage())[rows, :left].astype(int)
    columns = {
        name: set(np.flatnonzero((painted[name] != painted["nothing"]).any(axis=(0, 2))).tolist())
        for name in ("numbers", "title")
    }
    assert all(columns.values())
    assert max(columns["title"]) < min(columns["numbers"])


def test_a_vertical_title_longer_than_a_low_window_is_not_cut(view: PlaneView) -> None:
    view.resize(260, 165)
    title = "0.4 PC 1 − 0.9 PC 2 · 29 %"
    theme = current_theme()
    length = QFontMetrics(font(theme, theme.caption_size)).horizontalAdvance(title)
    left = int(view.window_rect().left()) - 1
    painted = []
    for text in ("", title):
        view.set_axes(((), ()), ("", text))
        painted.append(array_of(view.grab().toImage())[:, :left].astype(int))
    rows = np.flatnonzero((painted[0] != painted[1]).any(axis=(1, 2)))
    assert len(painted[0]) > length > view.window_rect().height()
    assert rows[-1] - rows[0] > 0.9 * length
