"""The rows of start and memory, from invented results."""

from __future__ import annotations

import pytest

from benchmarks.measures import memory, start


def round_of(painted: float, ready: float, early: bool = False) -> dict[str, dict[str, float]]:
    return {
        "benchmarks.window.bare_window": {"painted": 1.0},
        "benchmarks.window.bare_torch": {"imported": 3.0, "optimiser": 5.0},
        "benchmarks.window.start": {
            "painted": painted,
            "torch_early": early,
            "sliders": 4.5,
            "ready": ready,
            "gap": 0.25,
        },
    }


def test_start_as_ratios_of_medians() -> None:
    table = start.rows([round_of(1.2, 5.5), round_of(9.0, 6.0), round_of(1.3, 7.0)])
    assert [(row.value, row.unit, row.met) for row in table] == [
        (pytest.approx(1.3), "x", True),
        (pytest.approx(1.2), "x", True),
        (pytest.approx(1.5), "x", None),
        (pytest.approx(250.0), "ms", True),
    ]


def test_a_window_that_waited_for_torch_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="before the first frame"):
        start.rows([round_of(1.2, 5.5, early=True)])


def test_memory_is_the_maximum_and_growth_compares_tenths() -> None:
    samples = [[60 * minute, (800 + minute) * 2**20] for minute in range(30)]
    result = {"idle": 500 * 2**20, "visited": 790 * 2**20, "samples": samples, "torch": "2"}
    maximum, growth = memory.rows(result, 30)
    assert maximum.value == pytest.approx(829)
    assert maximum.met
    assert growth.value == pytest.approx(100 * (828 / 801 - 1))
    assert growth.met is False
    assert memory.rows(result, 3)[1].met is None


def test_unknown_memory_is_not_measured() -> None:
    (row,) = memory.rows({"unknown": "not measured on beos"}, 3)
    assert row.met is None
    assert "beos" in row.reason
