"""All channels together take their share of a core, and none is starved: against a simulated thread."""

from __future__ import annotations

import math

import pytest

from aestudio.gui.inference.requests.axis_names_request import NameAxes
from aestudio.gui.inference.work_share import FORGOTTEN_SECONDS, IMPORTANCE, NEWEST, WorkShare

COSTS = {"slider": 0.001, "grid": 0.016, "map": 0.049, "axis names": 0.25}


def simulate(share: float, seconds: float, costs: dict[str, float]) -> dict[str, int]:
    """How often each channel is computed by one thread, while each is requested again all the time."""
    schedule, counts, now = WorkShare(), dict.fromkeys(costs, 0), 0.0
    while now < seconds:
        for channel in costs:
            schedule.requested(channel, now)
        waits = {channel: schedule.wait(channel, now, share) for channel in costs}
        channel = min(waits, key=lambda one: waits[one])
        if waits[channel] > 0:
            now += max(waits[channel], 1e-6)  # nothing happens before
            continue
        now += costs[channel]
        schedule.computed(channel, costs[channel], now)
        counts[channel] += 1
    return counts


@pytest.mark.parametrize("share", [0.03, 0.1])
def test_together_they_take_their_share(share: float) -> None:
    seconds = 600.0
    counts = simulate(share, seconds, COSTS)
    used = sum(counts[channel] * cost for channel, cost in COSTS.items()) / seconds
    assert used == pytest.approx(share, rel=0.15)


def test_the_intervals_are_as_the_square_roots_of_the_work() -> None:
    """The least sum of the intervals for a given share, by Lagrange: against any other division of it."""
    counts = simulate(0.03, 600.0, COSTS)
    intervals = {channel: 600.0 / count for channel, count in counts.items()}
    assert intervals["map"] / intervals["slider"] == pytest.approx(7, rel=0.1)
    assert intervals["grid"] / intervals["slider"] == pytest.approx(4, rel=0.1)
    in_turns = sum(COSTS.values()) / 0.03
    assert sum(intervals.values()) < 0.7 * in_turns * len(COSTS)


def test_what_is_less_important_is_computed_less_often() -> None:
    assert set(IMPORTANCE) == {NameAxes.channel}
    counts = simulate(0.03, 900.0, dict.fromkeys(("map", NameAxes.channel), 0.05))
    assert counts["map"] / counts[NameAxes.channel] == pytest.approx(math.sqrt(2), rel=0.1)


def test_a_new_channel_does_not_wait() -> None:
    schedule = WorkShare()
    schedule.requested("map", 0.0)
    assert schedule.wait("map", 0.0) == -math.inf
    schedule.computed("map", 0.05, 1.0)
    assert schedule.wait("map", 1.0, 0.05) == pytest.approx(1.0)
    assert schedule.wait("map", 3.0, 0.05) == pytest.approx(-1.0), "overdue"


def test_channels_of_a_view_that_is_left_cost_the_others_nothing() -> None:
    schedule = WorkShare()
    for channel in ("map", "reconstruction row"):
        schedule.requested(channel, 0.0)
        schedule.computed(channel, 0.04, 0.0)
    both = schedule.interval("map", 0.0, 0.04)
    schedule.requested("map", FORGOTTEN_SECONDS + 1)
    assert schedule.interval("map", FORGOTTEN_SECONDS + 1, 0.04) == pytest.approx(both / 2)


def test_the_work_is_that_of_the_last_requests() -> None:
    schedule = WorkShare()
    schedule.requested("map", 0.0)
    schedule.computed("map", 1.0, 0.0)
    before = schedule.interval("map", 0.0)
    for _ in range(NEWEST):
        schedule.computed("map", 0.01, 0.0)
    assert schedule.interval("map", 0.0) == pytest.approx(before / 100, rel=1e-6)


def test_a_single_slow_request_does_not_make_the_channel_wait() -> None:
    """The first names of sliders take seconds, because the classes are learned for them."""
    schedule = WorkShare()
    schedule.requested("map", 0.0)
    for work in (0.05, 3.0, 0.05):
        schedule.computed("map", work, 0.0)
    assert schedule.interval("map", 0.0, 0.05) == pytest.approx(1.0)
