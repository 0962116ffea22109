"""The rows of the window's cost: medians over the runs for each view, in percent of a core."""

from __future__ import annotations

import pytest

from benchmarks.measures.painting import VIEWS, _shares


def run(window: float, inference_worker: float) -> list[dict[str, object]]:
    return [{"view": view, "shares": {"window": window, "inference": inference_worker}} for view in VIEWS]


def test_medians_of_every_view_and_thread() -> None:
    rows = _shares("vae, batch 128", [run(0.03, 0.01), run(0.09, 0.02), run(0.05, 0.30)])
    assert len(rows) == 2 * len(VIEWS)
    window, inference_worker = rows[:2]
    assert (window.subject, window.figure) == ("vae, batch 128, Train in front", "GUI thread")
    assert (window.value, window.unit) == (pytest.approx(5.0), "%")
    assert window.rounds == pytest.approx((3.0, 9.0, 5.0))
    assert inference_worker.value == pytest.approx(2.0)


def test_an_idle_thread() -> None:
    assert _shares("vae", [[{"shares": {"window": 0.1}} for _ in VIEWS]])[1].value == 0
