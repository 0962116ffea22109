"""Paths through control points: straight, smooth, cornered."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.datasets.synthetic.pen_paths import Stroke


def _path(text: str, tension: float, count: int = 120) -> np.ndarray:
    stroke = Stroke.parse(text)
    line, bend = stroke.sampling(count)
    return (line + tension * bend) @ stroke.points


def test_parse_reads_percentages_and_corners() -> None:
    stroke = Stroke.parse("10,0 40,30! 80,100")
    np.testing.assert_allclose(stroke.points, [[0.1, 0], [0.4, 0.3], [0.8, 1]], rtol=1e-6)
    assert stroke.corners.tolist() == [False, True, False]
    assert stroke.length == pytest.approx(np.hypot(0.3, 0.3) + np.hypot(0.4, 0.7), rel=1e-6)


@pytest.mark.parametrize("tension", [0.0, 0.3, 0.5, 0.8])
def test_a_path_starts_and_ends_where_the_stroke_does(tension: float) -> None:
    path = _path("5,24 26,2 58,10 58,38 4,96! 36,95 72,97", tension)
    np.testing.assert_allclose(path[[0, -1]], [[0.05, 0.24], [0.72, 0.97]], atol=1e-5)


def test_points_on_a_line_are_joined_by_that_line() -> None:
    path = _path("0,0 20,20 50,50 90,90", 0.5)
    np.testing.assert_allclose(path[:, 0], path[:, 1], atol=1e-6)
    assert (np.diff(path[:, 0]) > 0).all()


def test_an_octagon_becomes_a_circle_at_catmull_rom_tension() -> None:
    angles = np.linspace(0, 2 * np.pi, 9)
    text = " ".join(f"{50 + 50 * np.cos(a):.4f},{50 + 50 * np.sin(a):.4f}" for a in angles)
    middle = slice(20, -20)  # the ends know only one neighbour
    radius = [np.linalg.norm(_path(text, tension) - 0.5, axis=1)[middle] for tension in (0.0, 0.5)]
    flat, round_ = (values.max() - values.min() for values in radius)
    assert round_ < 0.25 * flat
    assert radius[1].mean() == pytest.approx(0.5, abs=0.01)


def test_a_corner_keeps_its_sides_straight() -> None:
    smooth, corner = _path("0,0 50,0 50,50", 0.5), _path("0,0 50,0! 50,50", 0.5)
    assert smooth[:, 1].min() < -0.01  # swings out before it turns
    assert corner[:, 1].min() > -1e-6
    assert corner[:, 0].max() < 0.5 + 1e-6
