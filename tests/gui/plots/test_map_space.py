"""A map with a third axis turns, and what is picked, circled and named is what is seen."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from aestudio.gui.plots.class_map import ClassMap
from aestudio.gui.plots.map_layers import Trail
from aestudio.gui.plots.map_turner import TURN_SECONDS
from aestudio.gui.plots.turning import Turn, seen
from tests.gui.plots.test_class_map import drag

NAMES = ("zero", "one", "two")


def points(count: int = 300) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(0)
    labels = np.arange(count) % 3
    centres = np.array([[-4, 0, -4], [0, 4, 0], [4, 0, 4]])
    return (centres[labels] + 0.5 * draw.normal(size=(count, 3))).astype(np.float32), labels


@pytest.fixture
def shown(qtbot):
    made = ClassMap()
    qtbot.addWidget(made)
    made.resize(600, 600)
    made.show()
    qtbot.waitExposed(made)
    xyz, labels = points()
    made.set_points(xyz[:, :2], labels, NAMES, depth=xyz[:, 2])
    made.set_axis_titles("z1", "z2", "z3")
    made.space.turner.play(False)
    return made


def test_it_begins_to_turn_and_stands_still_while_something_is_done_with_it(shown, qtbot):
    turner, turned = shown.space.turner, []
    turner.turned.connect(lambda: turned.append(turner.turn.angle))
    turner.play(True)
    qtbot.waitUntil(lambda: len(turned) > 2)
    assert turned == sorted(turned)
    step = turned[-1] - turned[0]
    assert step < 2 * math.pi / TURN_SECONDS * 10, "slowly, whatever the machine does"
    shown.set_lasso(True)
    count = len(turned)
    qtbot.wait(100)
    assert len(turned) == count
    shown.set_lasso(False)
    shown._hovered = 5
    qtbot.wait(100)
    assert len(turned) == count
    shown._hovered = -1
    qtbot.waitUntil(lambda: len(turned) > count)
    playing = []
    turner.playing_changed.connect(playing.append)
    shown.plot.setFocus()
    QTest.keyClick(shown.plot, Qt.Key.Key_T)
    assert not turner.playing
    QTest.keyClick(shown.plot, Qt.Key.Key_T)
    assert playing == [False, True]
    shown.hide()
    count = len(turned)
    qtbot.wait(100)
    assert len(turned) == count, "nobody sees it"


def test_dragging_and_arrows_turn_and_a_click_selects_without_moving_the_cursor(shown):
    moved, selected = [], []
    shown.cursor_moved.connect(lambda *at: moved.append(at))
    shown.point_selected.connect(selected.append)
    shown.grab()
    before = shown.space.turner.turn
    drag(shown.plot, QPointF(200, 200), QPointF(300, 240), Qt.MouseButton.LeftButton)
    after = shown.space.turner.turn
    assert after.angle > before.angle
    assert after.tilt > before.tilt
    QTest.keyClick(shown.plot, Qt.Key.Key_Left)
    assert shown.space.turner.turn.angle == pytest.approx(after.angle - math.radians(6))
    QTest.keyClick(shown.plot, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert shown.space.turner.turn.tilt == pytest.approx(after.tilt - math.radians(1))
    shown.grab()
    index = 7
    at = shown.pixel_of_point(index)
    QTest.mouseClick(shown.plot.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert len(selected) == 1
    chosen = shown.pixel_of_point(selected[0])
    assert (chosen - at).manhattanLength() < 8
    assert moved == []


def test_with_the_lasso_on_the_arrows_draw_an_outline_of_what_is_seen(shown):
    drawn = []
    shown.lasso_drawn.connect(drawn.append)
    shown.plot.setFocus()
    shown.set_cursor(0.0, 0.0, 0.0)
    turn, cross = shown.space.turner.turn, shown.plot.cross
    QTest.keyClick(shown.plot, Qt.Key.Key_L)
    assert shown.plot.lasso.on
    half = 30  # steps of a fiftieth of the width
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        for _ in range(half):
            QTest.keyClick(shown.plot, key)
    QTest.keyClick(shown.plot, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        for _ in range(2 * half):
            QTest.keyClick(shown.plot, key)
    QTest.keyClick(shown.plot, Qt.Key.Key_Return)
    assert len(drawn) == 1
    assert set(drawn[0].tolist()) == set(range(300)), "a square around all of them"
    assert shown.space.turner.turn == turn, "it stands still"
    assert shown.plot.cross == cross, "the cursor stays with its code"
    assert not shown.plot.lasso.on, "one outline is drawn at a time"
    assert not shown.plot._pen_mark.isVisible()
    QTest.keyClick(shown.plot, Qt.Key.Key_Left)
    assert shown.space.turner.turn != turn, "without the lasso the arrows turn it"


def test_the_pen_begins_at_the_cursor_and_draws_around_single_points(shown):
    drawn = []
    shown.lasso_drawn.connect(drawn.append)
    xyz, _ = points()
    shown.set_cursor(*xyz[4].tolist())
    shown.plot.setFocus()
    QTest.keyClick(shown.plot, Qt.Key.Key_L)
    assert shown.plot._pen_mark.isVisible()
    QTest.keyClick(shown.plot, Qt.Key.Key_Return)
    shift = Qt.KeyboardModifier.ShiftModifier
    keys = (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Down)
    keys += (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up)
    for key in keys:
        QTest.keyClick(shown.plot, key, shift)
    QTest.keyClick(shown.plot, Qt.Key.Key_Return)
    assert len(drawn) == 1
    assert 4 in drawn[0]
    assert len(drawn[0]) < 30


def test_points_names_and_cursor_are_where_they_are_seen(shown):
    xyz, labels = points()
    shown.set_cursor(*xyz[11].tolist())
    shown.space.turner.turn_by(1.2, 0.1)
    wanted = seen(xyz, shown.space.turner.turn, shown.space.space)
    np.testing.assert_allclose(shown._xy, wanted)
    np.testing.assert_allclose(shown.plot.cloud._xy, wanted[:, :2])
    np.testing.assert_allclose(shown.plot.cross, wanted[11, :2], atol=1e-5)
    assert {mark.text for mark in shown.plot.marks._marks} == set(NAMES)
    for mark in shown.plot.marks._marks:
        np.testing.assert_allclose((mark.x, mark.y), wanted[mark.index, :2], atol=1e-5)
        assert labels[mark.index] == mark.label
    # The middle of a class in space, not of its picture: it stays with the same point.
    middle = np.median(xyz[labels == 1], axis=0)
    nearest = np.flatnonzero(labels == 1)[np.square(xyz[labels == 1] - middle).sum(axis=1).argmin()]
    assert next(mark.index for mark in shown.plot.marks._marks if mark.label == 1) == nearest
    shown.plot.hover(shown.pixel_of_point(20))
    hovered = shown._hovered
    assert hovered >= 0
    before = shown.plot.grab().toImage()
    shown.space.turner.turn_by(0.5, 0)
    assert shown._hovered == hovered
    assert shown.plot.grab().toImage() != before


def test_the_lasso_takes_what_is_inside_as_it_is_seen(shown):
    shown.space.turner.turn = Turn(math.pi / 2, 0.0)  # classes 0 and 2 change sides
    shown.space.turner.turned.emit()
    drawn = []
    shown.lasso_drawn.connect(drawn.append)
    xyz, labels = points()
    found = seen(xyz, Turn(math.pi / 2, 0.0), shown.space.space)
    assert found[labels == 2, 0].mean() > 2
    right = np.array([[2.0, -9], [9, -9], [9, 9], [2, 9]])
    shown._select_inside(right, Qt.KeyboardModifier.NoModifier)
    np.testing.assert_array_equal(drawn[0], np.flatnonzero(found[:, 0] > 2))
    assert set(labels[drawn[0]]) == {2}


def test_what_lies_on_a_plane_is_hidden_and_the_plane_comes_back(shown):
    xyz, labels = points()
    plot = shown.plot
    shown.set_trails((Trail(np.zeros((2, 2), np.float32), "A"),))
    shown.set_path(np.array([[0, 0], [1, 1]], np.float32))
    hidden = (plot.field, plot.decoded, plot.ellipse, plot.trails, plot._path)
    assert not any(item.isVisible() for item in hidden)
    assert shown.space.axes.isVisible()
    assert plot.bottom_axis.tickValues(0, 1, 300) == []
    shown.set_path(np.array([[0, 0], [2, 1]], np.float32))
    assert not plot._path.isVisible()
    shown.reset_frame()
    shown.set_points(xyz[:, :2], labels, NAMES)
    shown.set_axis_titles("z1", "z2")
    assert all(item.isVisible() for item in hidden)
    assert not shown.space.axes.isVisible()
    assert not shown.space.turner.playing
    assert plot.bottom_axis.tickValues(0, 1, 300)
    np.testing.assert_array_equal(shown._xy, xyz[:, :2])
    np.testing.assert_array_equal(plot.cloud._xy, xyz[:, :2])
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    assert plot.cross is not None, "clicks move the cursor again"


def test_all_of_the_space_is_in_view_from_every_side(shown):
    for angle in range(0, 7):
        shown.space.turner.turn = Turn(float(angle), 0.5)
        shown.space.turner.turned.emit()
        view = shown.plot.map_box.viewRect()
        assert (shown._xy[:, 0] > view.left()).all()
        assert (shown._xy[:, 0] < view.right()).all()
        assert (shown._xy[:, 1] > view.top()).all()
        assert (shown._xy[:, 1] < view.bottom()).all()
