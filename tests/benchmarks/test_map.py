"""The rows of the map's frames, and one short run of what is measured."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.measures.map import DOING, rows_of


def run(milliseconds: float) -> dict[str, list[float]]:
    frames = [milliseconds * part for part in np.linspace(0, 2, 101)]
    return {f"{doing}{which}": frames for doing, _ in DOING for which in ("", ", processor")}


def test_medians_of_the_rounds_percentiles() -> None:
    rows = rows_of([run(5), run(9), run(30)])
    assert len(rows) == 3 * len(DOING)
    median, late, alone = rows[:3]
    assert (alone.value, alone.target) == (pytest.approx(9), None)
    assert (median.value, median.unit, median.figure) == (pytest.approx(9), "ms", "frame, median")
    assert late.value == pytest.approx(17.1)
    assert median.rounds == pytest.approx((5, 9, 30))
    assert (median.met, late.met) == (True, False)
    assert "101 frames" in median.note


@pytest.mark.slow
def test_every_movement_is_a_painted_frame() -> None:
    from benchmarks.measures.painting import _asked

    found = _asked("benchmarks.window.map_frames", "--frames", "12")
    assert {doing: len(found[doing]) for doing, _ in DOING} == {"pan": 12, "zoom": 12, "digits": 12}
    assert all(milliseconds > 0 for doing, _ in DOING for milliseconds in found[doing])
    assert found["digits shown"][0] > 100
