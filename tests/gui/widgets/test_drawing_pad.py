"""The drawing pad: strokes, eraser, undo, rate of the signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.gui.theme.tokens import channels
from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.drawing_sheet import LONGER_SIDE, DrawingSheet
from aestudio.gui.widgets.pen_palette import PEN_COLOURS
from aestudio.gui.widgets.pixmap import array_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot


@pytest.fixture
def pad(qtbot: QtBot) -> DrawingPad:
    widget = DrawingPad()
    qtbot.addWidget(widget)
    widget.resize(280, 280)
    return widget


@pytest.fixture
def drawings(pad: DrawingPad) -> list[NDArray[np.uint8]]:
    received: list[NDArray[np.uint8]] = []
    pad.drawing_changed.connect(received.append)
    return received


def stroke(qtbot: QtBot, pad: DrawingPad, start: QPoint, end: QPoint, button: Qt.MouseButton) -> None:
    qtbot.mousePress(pad, button, pos=start)
    for part in range(1, 11):
        qtbot.mouseMove(pad, start + (end - start) * part / 10)
    qtbot.mouseRelease(pad, button, pos=end)


LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
TOP, BOTTOM = QPoint(140, 60), QPoint(140, 220)


def test_a_stroke_is_as_thick_as_mnists(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    qtbot.waitUntil(lambda: bool(drawings[-1][210, 140] == 255))
    drawing = drawings[-1]
    assert drawing.shape == (280, 280)
    assert drawing.dtype == np.uint8
    across = drawing[140].astype(float)
    assert across[140] == 255
    assert 20 <= across.sum() / 255 <= 28  # two to three of MNIST's pixels, edges counted by their grey
    assert ((across > 0) & (across < 255)).sum() >= 8  # soft
    assert drawing[:40].max() == 0


def test_changes_are_emitted_at_most_thirty_times_a_second_and_after_the_last_one(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    qtbot.mousePress(pad, LEFT, pos=QPoint(20, 20))
    for number in range(200):
        qtbot.mouseMove(pad, QPoint(20 + number, 20 + number))
    count = len(drawings)
    qtbot.mouseRelease(pad, LEFT)
    assert count < 60
    qtbot.waitUntil(lambda: bool(drawings[-1][215, 215] > 200))


def test_undo_clear_and_eraser(qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]) -> None:
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    stroke(qtbot, pad, QPoint(60, 140), QPoint(220, 140), LEFT)
    qtbot.waitUntil(lambda: bool(drawings[-1][140, 70] == 255))
    pad.undo()
    qtbot.waitUntil(lambda: bool(drawings[-1][140, 70] == 0 and drawings[-1][140, 140] == 255))
    stroke(qtbot, pad, QPoint(60, 140), QPoint(220, 140), RIGHT)
    qtbot.waitUntil(lambda: bool(drawings[-1][140, 140] == 0 and drawings[-1][70, 140] == 255))
    assert not pad.empty
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.empty
    qtbot.waitUntil(lambda: not drawings[-1].any())
    qtbot.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not pad.empty


def test_set_erasing_makes_the_left_button_erase(qtbot: QtBot, pad: DrawingPad) -> None:
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    pad.set_erasing(True)
    stroke(qtbot, pad, QPoint(140, 30), QPoint(140, 250), LEFT)
    assert pad.empty


def test_a_right_click_erases_nothing_and_asks_for_the_menu(qtbot: QtBot, pad: DrawingPad) -> None:
    """Dragging with the right button erases, and opens no menu."""
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    drawn, asked = pad._sheet.pixels(), []
    pad.customContextMenuRequested.connect(asked.append)
    pad.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)  # as the window, which takes the event
    qtbot.mouseClick(pad, RIGHT, pos=QPoint(140, 140))
    assert np.array_equal(pad._sheet.pixels(), drawn)
    assert asked == [QPoint(140, 140)]
    stroke(qtbot, pad, TOP, BOTTOM, RIGHT)
    assert pad.empty
    assert len(asked) == 1


def test_the_drawing_can_be_copied_undone_and_cleared_by_its_menu(qtbot: QtBot, pad: DrawingPad) -> None:
    nothing = pad.offer_at(None)
    assert nothing.picture is None
    assert nothing.no_picture
    assert all(entry.obstacle for entry in nothing.entries)
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    offer = pad.offer_at(None)
    assert offer.picture is not None
    assert np.array_equal(offer.picture & 0xFF, pad._sheet.pixels())
    undo, clear = offer.entries
    clear.act()
    assert pad.empty
    undo.act()
    assert not pad.empty


def test_the_hint_is_shown_until_the_first_stroke(qtbot: QtBot, pad: DrawingPad) -> None:
    def bright() -> int:
        return int((array_of(pad.grab().toImage())[100:180, 40:240] > 60).sum())

    assert bright() > 100
    stroke(qtbot, pad, QPoint(20, 20), QPoint(20, 30), LEFT)
    assert bright() == 0


def test_ink_on_paper_changes_only_the_display(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    pad.set_ink_on_paper(True)
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    shown = array_of(pad.grab().toImage())
    assert shown[140, 140].max() == 0
    assert shown[140, 20].min() == 255
    qtbot.waitUntil(lambda: bool(drawings[-1][140, 140] == 255))


def test_the_size_of_the_pad_does_not_change_the_drawing(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    pad.resize(200, 140)
    corner = pad.pad_rect().topLeft().toPoint()
    stroke(qtbot, pad, corner + QPoint(70, 30), corner + QPoint(70, 110), LEFT)
    qtbot.waitUntil(lambda: bool(drawings[-1][215, 140] == 255))
    assert drawings[-1].shape == (280, 280)


def test_the_pad_handles_undo_while_it_has_the_focus(qtbot: QtBot) -> None:
    from PySide6.QtGui import QAction, QKeySequence
    from PySide6.QtWidgets import QMainWindow

    window, triggered = QMainWindow(), []
    qtbot.addWidget(window)
    pad = DrawingPad()
    window.setCentralWidget(pad)
    undo = QAction(window)
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    undo.triggered.connect(lambda: triggered.append("undo of the window"))
    window.addAction(undo)
    window.resize(300, 300)
    window.show()
    window.activateWindow()
    pad.setFocus()
    qtbot.waitUntil(pad.hasFocus)
    stroke(qtbot, pad, TOP, BOTTOM, LEFT)
    drawn: list[NDArray[np.uint8]] = []
    pad.drawing_changed.connect(drawn.append)
    qtbot.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(drawn) and not drawn[-1].any())
    assert not triggered


# ---- other shapes, and colour ---------------------------------------------------------------------

COLOUR, NARROW = ImageShape(3, 32, 32), ImageShape(1, 28, 20)


def last(qtbot: QtBot, drawings: list[NDArray[np.uint8]], pad: DrawingPad) -> NDArray[np.uint8]:
    """The drawing once every change was sent."""
    qtbot.waitUntil(lambda: not pad._limit.isActive())
    return drawings[-1]


@pytest.fixture
def colour(qtbot: QtBot, pad: DrawingPad) -> DrawingPad:
    pad.set_shape(COLOUR)
    pad.resize(256, 256 + pad.sizeHint().height() - pad.sizeHint().width())
    with qtbot.waitActive(pad):
        pad.show()
        pad.activateWindow()
    return pad


@pytest.mark.parametrize("shape", [MNIST.image, NARROW, COLOUR, ImageShape(3, 8, 64), ImageShape(1, 33, 17)])
def test_the_sheet_has_whole_pixels_for_each_pixel_of_an_image(shape: ImageShape) -> None:
    size = DrawingSheet(shape).size
    per_pixel = size.width() // shape.width
    assert (size.width(), size.height()) == (per_pixel * shape.width, per_pixel * shape.height)
    assert 0.8 * LONGER_SIDE < max(size.width(), size.height()) <= LONGER_SIDE


def test_a_narrow_pad_keeps_the_proportions_of_its_images(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    pad.set_shape(NARROW)
    area = pad.pad_rect()
    assert (area.width(), area.height()) == (200, 280)
    assert pad.heightForWidth(100) == 140
    assert pad.pens is None
    stroke(qtbot, pad, area.topLeft().toPoint() + QPoint(100, 20), QPoint(140, 260), LEFT)
    drawing = last(qtbot, drawings, pad)
    assert drawing.shape == (280, 200)
    assert drawing[140, 100] == 255
    # as thick as on a square sheet, measured by the shorter side
    assert 20 * 200 / 280 <= drawing[140].astype(float).sum() / 255 <= 28 * 200 / 280


def test_a_pen_of_another_colour_is_chosen_by_key_and_by_mouse(
    qtbot: QtBot, colour: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    assert colour.pens is not None
    qtbot.keyClick(colour, Qt.Key.Key_5)
    assert colour.pens.number == 4
    stroke(qtbot, colour, QPoint(128, 40), QPoint(128, 200), LEFT)
    drawing = last(qtbot, drawings, colour)
    assert drawing.shape == (3, 256, 256)
    assert tuple(drawing[:, 120, 128]) == channels(PEN_COLOURS[4])
    buttons = colour.pens._group.buttons()
    qtbot.mouseClick(buttons[1], LEFT)
    stroke(qtbot, colour, QPoint(40, 100), QPoint(220, 100), LEFT)
    drawing = last(qtbot, drawings, colour)
    assert tuple(drawing[:, 100, 128]) == channels(PEN_COLOURS[1]), "the new stroke covers the old one"
    assert tuple(drawing[:, 160, 128]) == channels(PEN_COLOURS[4])
    buttons[1].setFocus()
    qtbot.keyClick(buttons[1], Qt.Key.Key_Right)
    assert colour.pens.number == 2
    qtbot.keyClick(buttons[2], Qt.Key.Key_8)
    assert colour.pens.number == 7, "the keys of the pad are those of its pens, too"
    assert buttons[7].hasFocus()
    qtbot.keyClick(buttons[7], Qt.Key.Key_Left)
    assert colour.pens.number == 6


def test_keys_that_are_no_pen_change_nothing(qtbot: QtBot, colour: DrawingPad) -> None:
    assert colour.pens is not None
    for key, modifier in (
        (Qt.Key.Key_9, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_0, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier),
    ):
        qtbot.keyClick(colour, key, modifier)
        assert colour.pens.number == 0


def test_a_stroke_in_colour_has_soft_edges_that_crossing_itself_does_not_harden(
    qtbot: QtBot, colour: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    qtbot.keyClick(colour, Qt.Key.Key_2)
    once, twice = [(128, 40), (128, 200)], [(128, 40), (128, 200), (128, 40)]
    colour.draw(once)
    first = last(qtbot, drawings, colour)
    across = first[0, 120].astype(float)
    assert ((across > 0) & (across < across.max())).sum() >= 8
    colour.clear()
    colour.draw(twice)
    second = last(qtbot, drawings, colour)
    assert np.abs(first.astype(int) - second).max() <= 10


def test_eraser_and_undo_in_colour(
    qtbot: QtBot, colour: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    qtbot.keyClick(colour, Qt.Key.Key_3)
    colour.draw([(128, 40), (128, 200)])
    before = last(qtbot, drawings, colour)
    stroke(qtbot, colour, QPoint(40, 120), QPoint(220, 120), RIGHT)
    assert not last(qtbot, drawings, colour)[:, 120, 128].any()
    colour.undo()
    assert np.array_equal(last(qtbot, drawings, colour), before)
    colour.undo()
    assert colour.empty


def test_colours_are_not_inverted_as_ink_on_paper(qtbot: QtBot, colour: DrawingPad) -> None:
    colour.set_ink_on_paper(True)
    qtbot.keyClick(colour, Qt.Key.Key_2)
    colour.draw([(128, 40), (128, 200)])
    shown = array_of(colour.grab().toImage())
    assert tuple(shown[120, 128]) == channels(PEN_COLOURS[1])
    assert tuple(shown[120, 30]) == (0, 0, 0)


def test_another_shape_removes_the_drawing_and_says_so(
    qtbot: QtBot, colour: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    colour.draw([(128, 40), (128, 200)])
    last(qtbot, drawings, colour)
    with qtbot.waitSignal(colour.undo_possible, check_params_cb=lambda possible: not possible):
        colour.set_shape(MNIST.image)
    drawing = last(qtbot, drawings, colour)
    assert drawing.shape == (280, 280)
    assert not drawing.any()
    assert colour.pens is None
    count = len(drawings)
    colour.set_shape(NARROW)
    last(qtbot, drawings, colour)
    assert len(drawings) == count, "nothing was drawn, so nothing changed"


def test_the_palette_is_below_the_sheet_at_every_size(colour: DrawingPad) -> None:
    assert colour.pens is not None
    for width, height in ((140, 170), (176, 176), (400, 200), (120, 400)):
        colour.resize(width, height)
        area = colour.pad_rect()
        assert area.width() == area.height()
        assert colour.pens.geometry().top() >= area.bottom()
        assert colour.rect().contains(colour.pens.geometry())
        for button in colour.pens._group.buttons():
            assert colour.pens.rect().contains(button.geometry())
            assert button.width() >= 14


def test_a_drawing_is_sent_again_when_its_pad_is_shown_again(
    qtbot: QtBot, pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    """Two pads of the window share one drawing: what is shown beside a pad must be about its own."""
    pad.show()
    assert drawings == [], "an empty pad takes nothing from the other"
    pad.draw([(100, 100), (180, 100)])
    qtbot.waitUntil(lambda: len(drawings) == 1)
    pad.hide()
    pad.show()
    qtbot.waitUntil(lambda: len(drawings) == 2)
    assert np.array_equal(drawings[0], drawings[1])


def test_a_picture_is_shown_without_a_signal_and_undone(
    pad: DrawingPad, drawings: list[NDArray[np.uint8]]
) -> None:
    """It is what the model gets already; once it is drawn on, or undone, the sheet is a drawing."""
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 3:9, 4:7] = 180
    pad.show_picture(image)
    assert pad.shows_picture
    assert not pad.empty
    assert drawings == []
    pad.draw([(200, 200), (210, 210)])
    assert not pad.shows_picture
    assert drawings[-1][40, 50] == 180  # ten pixels of the sheet for one of the image
    assert drawings[-1][205, 205] == 255
    pad.undo()
    pad.undo()
    assert pad.empty
