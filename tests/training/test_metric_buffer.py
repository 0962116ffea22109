"""Points are means over fixed steps, whenever and however they are fetched."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aestudio.training.metric_buffer import MetricBuffer

STEPS = 40


def losses() -> np.ndarray:
    return np.random.default_rng(3).normal(100, 10, (STEPS, 2)).astype(np.float32)


def brute_force(values: np.ndarray, per_epoch: int, every: int) -> list[tuple[int, list[float]]]:
    points, start = [], 0
    for step in range(1, len(values) + 1):
        if step % every == 0 or step % per_epoch == 0:
            points.append((step, values[start:step].astype(float).mean(0).tolist()))
            start = step
    return points


@given(
    per_epoch=st.integers(1, 20),
    every=st.integers(1, 9),
    cuts=st.lists(st.integers(1, 7), min_size=1, max_size=20),
    fetch=st.lists(st.booleans(), min_size=1, max_size=8),
)
def test_points_are_means_however_they_come(
    per_epoch: int, every: int, cuts: list[int], fetch: list[bool]
) -> None:
    """Single steps and rows of several, fetched at any time."""
    values, log, found, step, turn = losses(), MetricBuffer(per_epoch, every), [], 0, 0
    while step < STEPS:
        size = min(cuts[turn % len(cuts)], STEPS - step)
        rows = torch.tensor(values[step : step + size])
        if size == 1:
            log.add(step + 1, {"loss": rows[0, 0], "kl": rows[0, 1]})
        else:
            log.add_steps(step, (("loss", "kl"),) * size, rows.flatten())
        step += size
        if fetch[turn % len(fetch)]:
            found += log.take_points()
        turn += 1
    found += log.take_points()
    expected = brute_force(values, per_epoch, every)
    assert [point.step for point in found] == [step for step, _ in expected]
    for point, (_, means) in zip(found, expected, strict=True):
        assert list(point.terms.values()) == pytest.approx(means, rel=1e-12)
        assert point.epoch == point.step / per_epoch


def test_half_a_point_survives_a_checkpoint() -> None:
    values = losses()
    straight, first, second = (MetricBuffer(100, 8) for _ in range(3))
    for step in range(16):
        straight.add(step + 1, {"loss": torch.tensor(values[step, 0])})
    for step in range(11):
        first.add(step + 1, {"loss": torch.tensor(values[step, 0])})
    second.restore(first.counters())
    assert first.counters()["steps_summed"] == 3
    points = first.take_points()
    for step in range(11, 16):
        second.add(step + 1, {"loss": torch.tensor(values[step, 0])})
    assert points + second.take_points() == straight.take_points()


PHASES = {"loss": 1, "critic": 3, "rare": 7, "never": 1000}


def terms_of(step: int) -> dict[str, float]:
    """The terms of a step counted from 0: each in its own frequency, never in the first step only "never"."""
    return {name: float(10 * step + every) for name, every in PHASES.items() if step % every == 0 and step}


@given(
    per_epoch=st.integers(1, 20),
    every=st.integers(1, 9),
    cut=st.integers(1, STEPS - 1),
    size=st.integers(1, 6),
)
def test_terms_of_some_steps_are_averaged_over_those(per_epoch: int, every: int, cut: int, size: int) -> None:
    """In rows of any length, with a checkpoint anywhere; a step may have no term at all."""
    first, second = MetricBuffer(per_epoch, every), MetricBuffer(per_epoch, every)
    found, log, step = [], first, 0
    while step < STEPS:
        count = min(size, (cut if step < cut else STEPS) - step)
        rows = [terms_of(number) for number in range(step, step + count)]
        values = torch.tensor([value for row in rows for value in row.values()])
        if count == 1:
            log.add(step + 1, {name: torch.tensor(value) for name, value in rows[0].items()})
        else:
            log.add_steps(step, tuple(tuple(row) for row in rows), values)
        step += count
        if step == cut:
            second.restore(first.counters())
            found, log = first.take_points(), second
    found += second.take_points()
    expected, start = [], 0
    for end in range(1, STEPS + 1):
        if end % every == 0 or end % per_epoch == 0:
            rows = [terms_of(number) for number in range(start, end)]
            means = {
                name: np.mean([row[name] for row in rows if name in row])
                for name in PHASES
                if any(name in row for row in rows)
            }
            if means:
                expected.append((end, means))
            start = end
    assert [point.step for point in found] == [end for end, _ in expected]
    for point, (_, means) in zip(found, expected, strict=True):
        assert dict(point.terms) == pytest.approx(means, rel=1e-12)


def test_counters_name_counts_only_where_they_differ() -> None:
    """Checkpoints of a single phase stay as they were."""
    log = MetricBuffer(100, 10)
    for step in range(4):
        log.add(step + 1, {"loss": torch.tensor(2.0)} | ({"critic": torch.tensor(5.0)} if step == 1 else {}))
    assert log.counters() == {"steps_summed": 4, "sum/loss": 8.0, "sum/critic": 5.0, "count/critic": 1}
