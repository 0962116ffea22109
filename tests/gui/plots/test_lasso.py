"""Points within an outline, compared with the even-odd rule computed edge by edge."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.plots.lasso import inside_outline


def crossings_are_odd(xy, outline):
    """A ray to the right crosses the outline an odd number of times."""
    found = np.zeros(len(xy), bool)
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        between = (xy[:, 1] >= y0) != (xy[:, 1] >= y1)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x0 + (xy[:, 1] - y0) * (x1 - x0) / (y1 - y0)
        found ^= between & (xy[:, 0] < at)
    return found


def distance_to(xy, outline):
    nearest = np.full(len(xy), np.inf)
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        along = end - start
        part = np.clip(((xy - start) @ along) / max(along @ along, 1e-12), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(xy - start - part[:, None] * along, axis=1))
    return nearest


@given(seed=st.integers(0, 10_000), corners=st.integers(3, 30), size=st.floats(1e-3, 1e3))
def test_agrees_with_the_even_odd_rule_away_from_the_line(seed, corners, size):
    random = np.random.default_rng(seed)
    outline = random.normal(0, size, (corners, 2)) + size
    xy = (random.normal(0, 1.5 * size, (400, 2)) + size).astype(np.float32)
    clear = distance_to(xy, outline) > 2 * np.ptp(outline, axis=0).max() / 2047
    np.testing.assert_array_equal(
        inside_outline(xy, outline)[clear], crossings_are_odd(xy.astype(float), outline)[clear]
    )


@pytest.mark.parametrize("outline", [np.zeros((0, 2)), np.ones((2, 2)), np.ones((5, 2))])
def test_a_degenerate_outline_contains_nothing(outline):
    assert not inside_outline(np.ones((4, 2), np.float32), outline).any()


def test_non_finite_points_are_never_inside():
    xy = np.array([[np.nan, 0.5], [0.5, 0.5], [0.5, np.inf]], np.float32)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    assert inside_outline(xy, square).tolist() == [False, True, False]
