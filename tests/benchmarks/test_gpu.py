"""The GPU benchmark, as far as it can be checked without a GPU."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from benchmarks.measures import gpu
from benchmarks.settings import Settings
from benchmarks.training.gpu_gaps import gap_share, kernels

if TYPE_CHECKING:
    from pathlib import Path


def test_time_between_kernels() -> None:
    assert gap_share([(0.0, 10.0)]) == 0.0
    assert gap_share([(0.0, 4.0), (6.0, 10.0)]) == pytest.approx(0.2)
    assert gap_share([(6.0, 10.0), (0.0, 4.0), (1.0, 3.0)]) == pytest.approx(
        0.2
    )  # another stream's kernel within
    with pytest.raises(ValueError, match="no kernel"):
        gap_share([])


def test_time_between_kernels_by_counting() -> None:
    random.seed(8)
    for _ in range(50):
        begins = [random.randrange(200) for _ in range(12)]
        intervals = [(begin, begin + random.randrange(1, 20)) for begin in begins]
        covered = {tick for begin, end in intervals for tick in range(begin, end)}
        span = max(end for _, end in intervals) - min(begins)
        assert gap_share([(float(a), float(b)) for a, b in intervals]) == pytest.approx(
            1 - len(covered) / span
        )


def test_kernels_of_a_trace(tmp_path: Path) -> None:
    trace = tmp_path / "a.json"
    events = [
        {"cat": "kernel", "ts": 5.0, "dur": 2.0},
        {"cat": "gpu_memcpy", "ts": 9.0, "dur": 1.0},
        {"cat": "cpu_op", "ts": 0.0, "dur": 99.0},
        {"cat": "kernel", "ph": "f"},
    ]
    trace.write_text(json.dumps({"traceEvents": events}), encoding="utf-8")
    assert kernels(trace) == [(5.0, 7.0), (9.0, 10.0)]


def test_without_a_gpu_nothing_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gpu, "has_gpu", lambda: False)
    rows = gpu.measure(Settings(tmp_path))
    assert {row.target for row in rows} == {1_000_000.0, 10.0, None}
    assert all(row.met is None and "not measured" in row.cells()[3] for row in rows)
