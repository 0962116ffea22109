"""Round numbers for an axis."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.plots.nice_ticks import nice_ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0.0, 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (30.4, 58.0, [35, 40, 45, 50, 55]), (3.0, 3.0, [3.0])],
)
def test_they_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert nice_ticks(low, high, 6) == pytest.approx(ticks)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 9))
def test_they_lie_within_and_are_few(low: float, extent: float, most: int) -> None:
    high = low + extent
    ticks = nice_ticks(low, high, most)
    assert 1 <= len(ticks) <= most
    tolerance = 1e-6 * extent + 1e-9 * abs(low)
    assert all(low - tolerance <= tick <= high + tolerance for tick in ticks)
    if len(ticks) > 1:
        step = ticks[1] - ticks[0]
        mantissa = step / 10 ** math.floor(math.log10(step) + 1e-6)
        assert min(abs(mantissa - one) for one in (1, 2, 5, 10)) < 1e-2
