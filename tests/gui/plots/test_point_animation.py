"""Animated points: from their old to their new positions in about 150 ms."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from aestudio.gui.plots.point_animation import FLOWING_MILLISECONDS, MILLISECONDS, PointAnimation, moved_along

START, END = np.zeros((3, 2), np.float32), np.full((3, 2), 10, np.float32)


@pytest.fixture
def point_animation(qtbot):
    show = []
    made = PointAnimation(show.append)
    made.jump(START)
    return made, show


def test_points_move_in_small_steps(point_animation, qtbot):
    made, show = point_animation
    made.begin(END)
    assert made.active
    qtbot.waitUntil(lambda: not made.active)
    xs = [float(xy[0, 0]) for xy in show]
    assert xs == sorted(xs)
    assert xs[-1] == 10
    assert 120 <= MILLISECONDS <= 180


def test_finish_ends_the_animation_at_once(point_animation):
    made, show = point_animation
    made.begin(END)
    made.finish()
    assert not made.active
    np.testing.assert_array_equal(show[-1], END)
    made.finish()
    assert len(show) == 1


def test_a_new_goal_starts_from_the_current_positions(point_animation, qtbot):
    made, show = point_animation
    made.begin(END)
    qtbot.waitUntil(lambda: len(show) > 0)
    there = made.shown
    made.begin(START)
    assert made.shown is there
    made.finish()
    np.testing.assert_array_equal(made.shown, START)


def test_a_motion_that_others_follow_is_even_and_lasts_until_the_next(point_animation, qtbot):
    made, show = point_animation
    made.begin(END, start=START + 5, flowing=True)
    assert made.shown[0, 0] == 5
    qtbot.waitUntil(lambda: not made.active)
    assert float(show[-1][0, 0]) == 10
    assert FLOWING_MILLISECONDS > 200, "positions come five times a second"


def test_points_stay_where_they_are_on_the_screen_when_the_axes_grow():
    before, after = QRectF(-1, -1, 2, 2), QRectF(-10, 0, 40, 40)
    moved = moved_along(np.array([[-1, -1], [0, 0], [1, 1]], np.float32), before, after)
    np.testing.assert_allclose(moved, [[-10, 0], [10, 20], [30, 40]])
    same = np.ones((2, 2), np.float32)
    assert moved_along(same, before, before) is same
    assert moved_along(same, QRectF(), after) is same
