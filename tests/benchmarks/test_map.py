"""The rows of the map's frames, and a short run of the measurement."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.measures.map import GESTURES, rows_of


def run(milliseconds: float) -> dict[str, list[float]]:
    frames = [milliseconds * part for part in np.linspace(0, 2, 101)]
    return {f"{gesture}{which}": frames for gesture, _ in GESTURES for which in ("", ", processor")}


def test_medians_of_the_percentiles_of_the_rounds() -> None:
    rows = rows_of([run(5), run(9), run(30)])
    assert len(rows) == 3 * len(GESTURES)
    median, late, alone = rows[:3]
    assert (alone.value, alone.target) == (pytest.approx(9), None)
    assert (median.value, median.unit, median.figure) == (pytest.approx(9), "ms", "frame, median")
    assert late.value == pytest.approx(17.1)
    assert median.rounds == pytest.approx((5, 9, 30))
    assert (median.met, late.met) == (True, False)
    assert "101 frames" in median.note


@pytest.mark.slow
def test_every_movement_is_a_painted_frame() -> None:
    from benchmarks.measures.painting import run_module

    result = run_module("benchmarks.window.map_frames", "--frames", "12")
    assert {len(result[gesture]) for gesture, _ in GESTURES} == {12}
    assert all(milliseconds > 0 for gesture, _ in GESTURES for milliseconds in result[gesture])
    assert result["digits shown"][0] > 100
