"""The comparison of blocks of steps with and without checkpoints."""

from __future__ import annotations

import math
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.training import trainer
from benchmarks.reliability.checkpoint_cost import (
    Block,
    Training,
    interval_of_median,
    measure,
    shares,
    speed_ratios,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


def pairs_of(costs: list[float]) -> list[tuple[Block, Block]]:
    """100 steps of 10 ms; two checkpoints cost `cost` seconds each."""
    return [(Block(100, 1 + 2 * cost, 1 + 4 * cost, 2), Block(50, 0.5, 0.5, 0)) for cost in costs]


def test_a_known_cost_is_measured() -> None:
    pairs = pairs_of([0.007] * 5)
    assert speed_ratios(pairs, "cpu") == pytest.approx([1 / 1.014] * 5)
    assert shares(pairs, "cpu") == pytest.approx([0.007 / 3.5] * 5)
    assert shares(pairs, "clock") == pytest.approx([0.014 / 3.5] * 5)


def test_the_interval_contains_the_median_and_ignores_outliers() -> None:
    noise = np.random.default_rng(1).normal(0.99, 0.02, 100)
    noise[:5] = 0.2  # another program
    median, low, high = interval_of_median(noise)
    assert low <= median <= high
    assert high - low < 0.02
    assert low < 0.99 < high


@pytest.mark.thorough
def test_only_blocks_with_checkpoints_have_them(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("IN_EPOCH_SECONDS", "CHECKPOINT_SECONDS"):
        monkeypatch.setattr(trainer, name, 0.0)
    monkeypatch.setattr("aestudio.training.report_clock.PROGRESS_SECONDS", 0.0)
    monkeypatch.setattr(trainer, "LARGEST_SHARE", math.inf)
    monkeypatch.setattr("benchmarks.reliability.checkpoint_cost.WARM_UP", 0.0)
    training = Training("deep-ae", few_digits, tmp_path / "run")
    with closing(training.events):
        measured = measure(training, 2, 0.2, 0.01)
    for with_checkpoints, without in measured:
        assert with_checkpoints.checkpoints > 0
        assert without.checkpoints == 0
        assert with_checkpoints.steps % 4 == without.steps % 4 == 0
        assert min(with_checkpoints.cpu, without.cpu) > 0
    assert len(measured) == 2
