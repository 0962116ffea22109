"""One plane for several models' codes."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.analysis.common_plane import common_plane, rotated_onto


def codes(seed: int, scale: float = 1.0, size: int = 6) -> np.ndarray:
    spread = np.linspace(3.0, 0.1, size)
    return (scale * spread * np.random.default_rng(seed).standard_normal((300, size))).astype(np.float32)


def test_two_dimensions_are_the_plane() -> None:
    sets = [codes(0, size=2), codes(1, 5.0, size=2)]
    plane = common_plane(sets)
    assert np.array_equal(plane.axes, np.eye(2))
    assert np.allclose(plane.to_plane(sets[0]), sets[0])


def test_the_plane_shows_the_widest_directions() -> None:
    plane = common_plane([codes(0), codes(1)])
    assert np.allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-9)
    assert np.abs(plane.axes[0, 0]) > 0.99
    assert np.abs(plane.axes[1, 1]) > 0.99
    assert plane.titles == ("PCA axis 1", "PCA axis 2")


def test_a_large_code_does_not_hide_a_small_one() -> None:
    """By variance alone the plane would be the large one's; here the small one turns it as much."""
    rng = np.random.default_rng(2)
    large = 100 * rng.standard_normal((400, 4)) * [1.0, 0.9, 0.01, 0.01]
    small = rng.standard_normal((400, 4)) * [0.01, 0.01, 3.0, 0.01]
    plane = common_plane([large.astype(np.float32), small.astype(np.float32)])
    assert np.linalg.norm(plane.axes[:, 2]) > 0.99


def test_new_axes_are_aligned_with_the_previous_ones() -> None:
    first = common_plane([codes(0), codes(1)])
    turned = first.axes[::-1] * [[1.0], [-1.0]]
    again = rotated_onto(turned, first.axes)
    assert np.allclose(again, first.axes)
    after = common_plane([codes(0) * 1.1, codes(1)], first)
    assert np.linalg.norm(after.axes - first.axes) < 0.2


@pytest.mark.parametrize("scale", [0.0, 1e-8])
def test_constant_codes_have_a_plane(scale: float) -> None:
    plane = common_plane([codes(0, scale), codes(1)])
    assert np.isfinite(plane.axes).all()
    assert (plane.limits[:, 1] > plane.limits[:, 0]).all()
