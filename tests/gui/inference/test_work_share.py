"""All channels together take their share of a core, in rounds: against a simulated thread."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from aestudio.gui.inference.work_share import (
    ENOUGH_SECONDS,
    FORGOTTEN_SECONDS,
    LONGEST_SECONDS,
    NEWEST,
    SHORTEST_SECONDS,
    SMALL_SHARE,
    SNAPSHOT_SECONDS,
    WHOLE_SHARE,
    WorkShare,
)

COSTS = {"map": 0.020, "sliders": 0.006, "support": 0.020, "grid": 0.005, "axis names": 0.050}
TICK = 0.01


class Thread:
    """A thread that computes what is due; a snapshot comes twice a second, and all the rest follows the map.

    computed: when each channel began, and the snapshot that it was about
    """

    def __init__(self, costs: dict[str, float], share: float, *, first: str = "map") -> None:
        self.costs, self.share, self.first = costs, share, first
        self.schedule = WorkShare()
        self.computed: dict[str, list[tuple[float, float]]] = {channel: [] for channel in costs}

    def run(self, seconds: float) -> None:
        waiting: dict[str, float] = {}
        now, next_snapshot = 0.0, 0.0
        while now < seconds:
            if now >= next_snapshot:
                waiting[self.first] = next_snapshot
                self.schedule.requested(self.first, now)
                next_snapshot += SNAPSHOT_SECONDS
            waits = {channel: self.schedule.wait(channel, now, self.share) for channel in waiting}
            channel = min(waits, key=lambda one: waits[one], default=None)
            if channel is None or waits[channel] > 0:
                now += TICK
                continue
            about = waiting.pop(channel)
            self.computed[channel].append((now, about))
            self.schedule.begins(channel, now)
            now += self.costs[channel]
            self.schedule.computed(channel, self.costs[channel], now)
            if channel == self.first:
                for other in self.costs.keys() - {channel}:
                    waiting[other] = about
                    self.schedule.requested(other, now)

    def intervals(self, channel: str) -> list[float]:
        times = [began for began, _ in self.computed[channel]][NEWEST:]
        return [after - before for before, after in pairwise(times)]

    def used(self, seconds: float) -> float:
        return sum(len(self.computed[channel]) * cost for channel, cost in self.costs.items()) / seconds


def scaled(factor: float) -> dict[str, float]:
    return {channel: factor * cost for channel, cost in COSTS.items()}


def test_every_part_is_refreshed_once_a_second_of_a_snapshot_that_has_just_come() -> None:
    thread = Thread(COSTS, 0.13)
    thread.run(60.0)
    for channel in COSTS:
        assert max(thread.intervals(channel)) < ENOUGH_SECONDS + 0.15, channel
        assert max(began - about for began, about in thread.computed[channel]) < 0.2, channel
    assert thread.used(60.0) == pytest.approx(sum(COSTS.values()) / ENOUGH_SECONDS, rel=0.1)


def test_what_is_cheap_is_refreshed_with_every_snapshot_and_takes_less_than_its_share() -> None:
    thread = Thread(scaled(0.1), 0.13)
    thread.run(60.0)
    assert max(thread.intervals("axis names")) < SNAPSHOT_SECONDS + 0.1
    assert thread.used(60.0) <= SMALL_SHARE


@pytest.mark.parametrize("share", [0.04, 0.13])
def test_rounds_stay_whole_until_they_take_a_fifth_of_a_core(share: float) -> None:
    thread = Thread(scaled(0.19 * LONGEST_SECONDS / sum(COSTS.values())), share)
    thread.run(300.0)
    assert thread.used(300.0) <= WHOLE_SHARE
    counts = [len(times) for times in thread.computed.values()]
    assert max(counts) - min(counts) <= 2, "as often as each other"
    assert max(thread.intervals("map")) <= LONGEST_SECONDS + SNAPSHOT_SECONDS


def test_a_part_that_takes_very_long_does_not_keep_the_others_from_being_computed() -> None:
    costs = {"map": 0.05, "grid": 0.02, "samples": 2.0}
    thread = Thread(costs, 0.13)
    thread.run(300.0)
    assert max(thread.intervals("map")) < LONGEST_SECONDS + SNAPSHOT_SECONDS + costs["samples"]
    assert sum(thread.intervals("map")) / len(thread.intervals("map")) < 2 * LONGEST_SECONDS
    assert thread.used(300.0) == pytest.approx(0.13, rel=0.25)
    assert len(thread.computed["samples"]) > 8


def test_what_was_computed_longest_ago_comes_first() -> None:
    schedule = WorkShare()
    for now, channel in enumerate(("map", "grid", "support")):
        schedule.requested(channel, now)
        schedule.computed(channel, 0.01, float(now))
    schedule.begins("map", 10.0)
    schedule.begins("map", 20.0)
    waits = {channel: schedule.wait(channel, 20.0) for channel in ("grid", "support")}
    assert waits["grid"] < waits["support"] <= 0


def test_the_intervals_of_expensive_parts_are_as_the_square_roots_of_their_work() -> None:
    """The least sum of intervals for what the cheap ones leave of the share, by Lagrange."""
    schedule = WorkShare()
    for channel, work in (("map", 0.03), ("samples", 0.9), ("metrics", 3.6)):
        schedule.requested(channel, 0.0)
        for _ in range(NEWEST):
            schedule.computed(channel, work, 0.0)
    intervals = {one: schedule.interval(one, 0.0, 0.1) for one in ("map", "samples", "metrics")}
    assert intervals["map"] == LONGEST_SECONDS
    assert intervals["metrics"] == pytest.approx(2 * intervals["samples"])
    used = 0.03 / intervals["map"] + 0.9 / intervals["samples"] + 3.6 / intervals["metrics"]
    assert used == pytest.approx(0.1)


def test_a_new_channel_does_not_wait() -> None:
    schedule = WorkShare()
    schedule.requested("map", 0.0)
    assert schedule.wait("map", 0.0) == -math.inf


def test_a_round_begins_with_a_new_snapshot_if_one_is_about_to_come() -> None:
    schedule = WorkShare()
    for now in (0.0, 10.0):
        schedule.requested("map", now)
        schedule.begins("map", now)
        schedule.computed("map", 0.1, now)
    schedule.requested("map", 10.5)
    assert schedule.wait("map", 10.5, 0.1) == pytest.approx(0.25), "the share says 11.0, and it is fresh"
    assert schedule.wait("map", 10.8, 0.1) == pytest.approx(0.45), "the next one comes at 11.0"
    schedule.requested("map", 11.0)
    assert schedule.wait("map", 11.0, 0.1) == pytest.approx(-0.25)


def test_channels_of_a_view_that_is_left_cost_the_others_nothing() -> None:
    schedule = WorkShare()
    for channel in ("map", "reconstruction row"):
        schedule.requested(channel, 0.0)
        for _ in range(NEWEST):
            schedule.computed(channel, 0.03, 0.0)
    both = schedule.interval("map", 0.0, 0.04)
    schedule.requested("map", FORGOTTEN_SECONDS + 1)
    assert schedule.interval("map", FORGOTTEN_SECONDS + 1, 0.04) == pytest.approx(both / 2)


def test_the_work_is_that_of_the_last_requests_and_a_single_slow_one_does_not_count() -> None:
    """The first names of sliders take seconds, because the classes are learned for them."""
    schedule = WorkShare()
    schedule.requested("map", 0.0)
    schedule.computed("map", 3.0, 0.0)
    assert schedule.interval("map", 0.0) == SHORTEST_SECONDS
    for _ in range(NEWEST):
        schedule.computed("map", 0.01, 0.0)
    schedule.computed("map", 3.0, 0.0)
    assert schedule.interval("map", 0.0) == SHORTEST_SECONDS
