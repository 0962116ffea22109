"""No visible part starves while a training runs: minutes of the inference thread, by a clock of the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aestudio.gui.inference.request_schedule import RequestSchedule
from aestudio.gui.inference.work_share import LARGE_SHARE, LONGEST_SECONDS, SNAPSHOT_SECONDS
from aestudio.gui.state.subject import Subject

TICK = 0.01
# Of one round of Latent, in seconds of CPU, as docs/speed.md has them for `conv-vae`, the slowest of three.
COSTS = {"map": 0.080, "sliders": 0.003, "support": 0.050, "gauge": 0.003, "grid": 0.03, "axis names": 0.059}
FIRST_NAMES = 3.0  # seconds that the first names take: strokes of hundreds of images are measured
EVERY, EVERY_BUSY = 2.0, 5.0  # seconds: so often each visible part is refreshed at least
BEFORE_SNAPSHOT = SNAPSHOT_SECONDS  # what is shown was half a second old when its snapshot came
MOVES = 0.05  # seconds between two moves of a dragged code


@dataclass(frozen=True)
class Asked:
    channel: str
    subject: Subject
    urgent: bool = False
    detail: int = 0


def about(step: int) -> Subject:
    return Subject((), step)


def asked_for(channel: str, subject: Subject, **others: Any) -> Any:
    """In place of a request, of which the schedule sees no more than this."""
    return Asked(channel, subject, **others)


@dataclass
class Life:
    """A training that sends a snapshot twice a second, a window that follows it, and the inference thread.

    costs:  seconds of CPU of each channel; all follow the first one, as grid and names follow the map
    slow:   how many times longer everything takes by the clock, beside a busy program
    window: seconds until the window asks for what follows
    drags:  the user moves the code all the time
    """

    costs: dict[str, float]
    slow: float = 1.0
    window: float = 0.1
    drags: bool = False
    share: float = LARGE_SHARE
    schedule: RequestSchedule = field(default_factory=RequestSchedule)
    answers: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    work: float = 0.0

    def live(self, seconds: float) -> None:
        """Run for that long; each snapshot's step is its number."""
        schedule = self.schedule
        schedule.training, schedule.share = True, self.share
        self.answers = {channel: [] for channel in self.costs}
        first = next(iter(self.costs))
        now, snapshots, moves, asked = 0.0, 0, 0, 0
        asks: list[tuple[float, int]] = []  # when the window asks for what follows the first, of which step
        while now < seconds:
            while snapshots * SNAPSHOT_SECONDS <= now:
                schedule.put(asked_for(first, about(snapshots)), snapshots * SNAPSHOT_SECONDS)
                snapshots += 1
            while asks and asks[0][0] <= now:
                when, asked = asks.pop(0)
                for channel in [one for one in self.costs if one != first]:
                    schedule.put(asked_for(channel, about(asked)), when)
            while self.drags and moves * MOVES <= now:
                schedule.in_use(moves * MOVES)
                if asked:
                    schedule.put(asked_for("gauge", about(asked), urgent=True, detail=moves), moves * MOVES)
                moves += 1
            request = schedule.take(now)
            if request is None:
                due = schedule.least_wait(now)
                coming = [snapshots * SNAPSHOT_SECONDS, *(when for when, _ in asks)]
                coming += [moves * MOVES] if self.drags else []
                coming += [] if due is None else [now + due]
                now = max(now + TICK, min(coming))
                continue
            channel, step = request.channel, request.subject.step or 0
            work = self.costs[channel]
            if channel == "axis names" and not self.answers[channel]:
                work = FIRST_NAMES
            now += work * self.slow
            self.work += work
            schedule.done(request, work, now)
            self.answers[channel].append((now, step))
            if channel == first:
                asks.append((now + self.window, step))

    def longest(self, channel: str, since: float) -> float:
        """The longest time from one refresh to the next after `since`."""
        times, last_step = [since], -1
        for now, step in self.answers[channel]:
            if step > last_step and now > since:
                times.append(now)
            last_step = max(step, last_step)
        return max(after - before for before, after in pairwise(times))

    def oldest(self, channel: str, since: float) -> float:
        """The greatest age of what is shown: until the next answer, since the weights of its step."""
        answers = self.answers[channel]
        return max(
            after - step * SNAPSHOT_SECONDS for (now, step), (after, _) in pairwise(answers) if now > since
        )


SETTLED = 15.0  # seconds: until then the first names are measured, once in a program


@pytest.mark.parametrize(("slow", "window"), [(1.0, 0.1), (1.0, 0.4), (1.3, 0.2)])
def test_every_part_of_latent_is_refreshed_every_two_seconds_on_idle_cores(
    slow: float, window: float
) -> None:
    life = Life(COSTS, slow=slow, window=window)
    life.live(60.0)
    for channel in COSTS:
        assert life.longest(channel, SETTLED) <= EVERY, channel
        assert life.oldest(channel, SETTLED) <= EVERY + BEFORE_SNAPSHOT, channel
    assert life.work / 60 <= 0.2 + FIRST_NAMES / 60


@pytest.mark.parametrize("drags", [False, True])
@pytest.mark.parametrize("slow", [2.0, 4.0, 8.0])
def test_every_part_is_refreshed_every_five_seconds_beside_a_busy_program(slow: float, drags: bool) -> None:
    life = Life(COSTS, slow=slow, window=0.5, drags=drags)
    life.live(120.0)
    for channel in COSTS:
        assert life.longest(channel, FIRST_NAMES * slow + SETTLED) <= EVERY_BUSY, channel


def test_the_first_names_do_not_make_the_next_ones_wait() -> None:
    """They take seconds, once: 5.6 s passed until others came, because that was taken for their work."""
    life = Life(COSTS)
    life.live(30.0)
    (first, _), (second, _) = life.answers["axis names"][:2]
    assert second - first <= EVERY


def test_the_names_come_last_in_each_round_and_none_begins_before_them() -> None:
    life = Life(dict.fromkeys(COSTS, 0.2), slow=3.0)  # the thread is never idle
    life.live(100.0)
    counts = {channel: len(found) for channel, found in life.answers.items()}
    assert max(counts.values()) - min(counts.values()) <= 2, counts


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.floats(0.001, 0.05), min_size=5, max_size=5),
    st.floats(1.0, 6.0),
    st.floats(0.03, 0.6),
    st.booleans(),
)
def test_no_part_is_older_than_two_rounds_whatever_the_parts_cost(
    costs: list[float], slow: float, window: float, drags: bool
) -> None:
    """Each within a round of its own: the bound holds by construction, for any costs and any machine."""
    life = Life(dict(zip(COSTS, [0.02, *costs], strict=True)), slow=slow, window=window, drags=drags)
    life.live(60.0)
    once = sum(life.costs.values()) * slow  # everything one after the other
    moved = 1.0 + once if drags else 0.0  # what the user asks for comes first, for a second
    bound = LONGEST_SECONDS + SNAPSHOT_SECONDS + window + once + moved
    for channel in life.costs:
        assert life.longest(channel, FIRST_NAMES * slow + SETTLED) <= bound, channel


def test_a_part_that_takes_seconds_leaves_the_others_their_rounds() -> None:
    life = Life(COSTS | {"samples": 2.0})
    life.live(120.0)
    for channel in COSTS:
        assert life.longest(channel, SETTLED) <= EVERY + 2.0, channel
    assert len(life.answers["samples"]) >= 4
    assert life.work / 120 <= 0.26
