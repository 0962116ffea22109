"""Metric lines: exact, appended, and tolerant of what a crash leaves."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.runs.metrics_file import FILE, MetricsFile, read_points, rewrite, to_line
from aestudio.training.events import CodeUse, LiveChange, MetricPoint

if TYPE_CHECKING:
    from pathlib import Path

POINTS = (
    MetricPoint("training", 3, 1 / 3, {"loss": 0.1 + 0.2, "kl": 1e-310}),
    LiveChange(3, "beta", 4.0),
    MetricPoint("validation", 9, 1.0, {"loss": math.inf, "kl": -math.inf}),
    MetricPoint("validation", 18, 2.0, {"loss": 7.0}, CodeUse((0.25, 1e-9), (3.5, 0.1), 0.02, 0.067, 512)),
)


def test_lines_read_back_in_order(tmp_path: Path) -> None:
    file = MetricsFile(tmp_path)
    for point in POINTS:
        file.add(point)
        assert read_points(tmp_path)[-1] == point
    file.close()
    again = MetricsFile(tmp_path)
    again.add(POINTS[0])
    again.close()
    assert read_points(tmp_path) == (*POINTS, POINTS[0])


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_lines_are_strict_json_and_exact(number: float) -> None:
    line = to_line(MetricPoint("training", 1, 0.5, {"loss": number}))
    assert line.endswith(b"\n")
    table = json.loads(line, parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"))
    read = float(table["terms"]["loss"])
    assert read == number or (math.isnan(read) and math.isnan(number))


@pytest.mark.parametrize(
    "torn", [b'{"split": "trai', b'{"split": "training", "step": 4, "epoch"', b"\x00\x00", b"[1]", b"7"]
)
def test_an_incomplete_last_line_is_skipped(tmp_path: Path, torn: bytes) -> None:
    rewrite(tmp_path, POINTS)
    with (tmp_path / FILE).open("ab") as file:
        file.write(torn)
    assert read_points(tmp_path) == POINTS


@pytest.mark.parametrize(
    "damaged", ["7", '{"variance": [1]}', '{"variance": ["nan"], "kl": [], "images": 1}']
)
def test_a_damaged_use_of_the_code_does_not_cost_the_losses(tmp_path: Path, damaged: str) -> None:
    line = f'{{"split": "validation", "step": 9, "epoch": 1, "terms": {{"loss": 7}}, "code_use": {damaged}}}'
    (tmp_path / FILE).write_text(f"{line}\n", encoding="utf-8")
    assert read_points(tmp_path) == (MetricPoint("validation", 9, 1.0, {"loss": 7.0}),)


def test_no_file_no_points(tmp_path: Path) -> None:
    assert read_points(tmp_path) == ()
