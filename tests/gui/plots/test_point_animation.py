"""Points on their way: they begin where they were, end where they go, in about 150 ms."""

import numpy as np
import pytest

from aestudio.gui.plots.point_animation import MILLISECONDS, PointAnimation

START, END = np.zeros((3, 2), np.float32), np.full((3, 2), 10, np.float32)


@pytest.fixture
def point_animation(qtbot):
    put = []
    made = PointAnimation(put.append)
    made.jump(START)
    return made, put


def test_it_goes_there_little_by_little(point_animation, qtbot):
    made, put = point_animation
    made.begin(END)
    assert made.active
    qtbot.waitUntil(lambda: not made.active)
    ways = [float(xy[0, 0]) for xy in put]
    assert ways == sorted(ways)
    assert ways[-1] == 10
    assert 120 <= MILLISECONDS <= 180


def test_a_hand_ends_it_at_once(point_animation):
    made, put = point_animation
    made.begin(END)
    made.finish()
    assert not made.active
    np.testing.assert_array_equal(put[-1], END)
    made.finish()
    assert len(put) == 1


def test_another_goal_begins_where_the_points_stand(point_animation, qtbot):
    made, put = point_animation
    made.begin(END)
    qtbot.waitUntil(lambda: len(put) > 0)
    there = made.shown
    made.begin(START)
    assert made.shown is there
    made.finish()
    np.testing.assert_array_equal(made.shown, START)
