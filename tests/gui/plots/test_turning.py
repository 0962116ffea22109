"""Points in space as they are seen: turned as dragged, without perspective; the one in front is picked."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from aestudio.gui.plots.depth_order import BANDS, DepthOrder
from aestudio.gui.plots.point_colours import mixed
from aestudio.gui.plots.turning import STEEPEST, UPRIGHT, Space, Turn, picked, seen, space_of
from aestudio.gui.theme.style import current_theme

POINTS = np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32) + np.float32([5, -2, 1])
angles = st.floats(-4, 4)


@given(angles, angles)
def test_points_are_turned_about_the_middle_as_by_two_rotations(angle, tilt):
    turn, space = Turn(angle, tilt), space_of(POINTS)
    found = seen(POINTS, turn, space)
    # To the right about the upward axis, then downward about the horizontal one.
    both = Rotation.from_euler("x", tilt) * Rotation.from_euler("y", angle)
    wanted = both.apply(POINTS - space.centre)
    np.testing.assert_allclose(found[:, :2], wanted[:, :2] + space.centre[:2], atol=1e-4)
    np.testing.assert_allclose(found[:, 2] * space.radius, wanted[:, 2], atol=1e-4)
    np.testing.assert_allclose(turn.matrix @ turn.matrix.T, np.eye(3), atol=1e-5)


def test_from_the_front_it_is_the_plane_and_near_points_follow_the_mouse():
    space = space_of(POINTS)
    np.testing.assert_allclose(seen(POINTS, UPRIGHT, space)[:, :2], POINTS[:, :2], atol=1e-5)
    near = np.array([[0, 0, 1]], np.float32) + space.centre
    right = seen(near, UPRIGHT.by(0.3, 0), space)
    assert right[0, 0] > space.centre[0]
    down = seen(near, UPRIGHT.by(0, 0.3), space)
    assert down[0, 1] < space.centre[1]
    assert UPRIGHT.by(0, 100).tilt == STEEPEST
    assert UPRIGHT.by(2 * math.pi + 0.1, 0).angle == pytest.approx(0.1)


def test_the_space_holds_the_points_from_every_side():
    space = space_of(POINTS)
    (left, low), (right, high) = space.corners.tolist()
    for angle in np.linspace(0, 6, 13):
        found = seen(POINTS, Turn(float(angle), 0.7), space)
        inside = (found[:, 0] >= left) & (found[:, 0] <= right) & (found[:, 1] >= low) & (found[:, 1] <= high)
        assert inside.mean() > 0.99
        assert np.abs(found[:, 2]).max() < 1.3
    far = np.concatenate([POINTS, np.array([[np.nan, 0, 0]], np.float32)])
    assert np.isfinite(space_of(far).centre).all()
    assert space_of(np.empty((0, 3), np.float32)).radius == 1
    assert space_of(np.ones((9, 3), np.float32)).radius > 0


def test_the_point_in_front_is_picked_of_those_whose_dots_are_there():
    points = np.array([[0, 0, -0.9], [1, 0, 0.9], [30, 0, 1.0], [8, 0, 0.0]], np.float32)
    all_of_them = np.ones(4, np.bool_)

    def pick(x, allowed=all_of_them):
        return picked(points, (x, 0.0), (1.0, 1.0), 10.0, 2.0, allowed)

    assert pick(0.0) == 1, "nearer to the viewer, and its dot is there"
    assert pick(0.0, np.array([True, False, True, True])) == 0
    assert pick(13.0) == 3, "the nearest within reach"
    assert pick(-50.0) is None
    assert picked(points, (0.0, 0.0), (0.0, 0.0), 10.0, 2.0, all_of_them) is None, "a plot of no size"
    assert picked(points[:0], (0.0, 0.0), (1.0, 1.0), 10.0, 2.0, all_of_them[:0]) is None


def test_near_points_are_drawn_last_larger_and_in_their_whole_colour():
    depth = np.random.default_rng(1).uniform(-1, 1, 3_000).astype(np.float32)
    depth[:2] = -1, 1
    colours = np.full(3_000, 0xFF3060C0, np.uint32)
    order, inks, parts = DepthOrder().sorted(depth, colours, 4)
    assert sorted(order.tolist()) == list(range(3_000))
    drawn = depth[order]
    assert (np.diff(drawn) > -0.01).all(), "from far to near"
    assert inks[-1] == colours[0]
    assert inks[0] == mixed(colours[:1], current_theme().panel, 0.72)[0]
    assert len(set(inks.tolist())) == BANDS
    assert [size for _, size in parts] == [3, 4, 5]
    assert [part.start for part, _ in parts] == [0, parts[0][0].stop, parts[1][0].stop]
    assert parts[-1][0].stop == 3_000
    table, other = DepthOrder(), np.full(3_000, 0xFF00FF00, np.uint32)
    table.sorted(depth, colours, 4)
    assert table.sorted(depth, other, 4)[1][-1] == 0xFF00FF00, "other colours are not the kept ones"


def test_a_space_of_one_point_has_it_in_the_middle():
    assert seen(np.ones((1, 3), np.float32), Turn(1, 1), Space(np.ones(3, np.float32), 1.0)).tolist() == [
        [1, 1, 0]
    ]
