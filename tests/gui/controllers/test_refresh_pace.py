"""The pause between two refreshes is in proportion to what they cost the window's thread."""

from __future__ import annotations

import pytest

from aestudio.gui.controllers.refresh_pace import (
    LONGEST_MILLISECONDS,
    SHARE,
    SHORTEST_MILLISECONDS,
    RefreshPace,
)


class ThreadTime:
    """Seconds of CPU of a thread that works only where the test says so."""

    def __init__(self) -> None:
        self.seconds = 5.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def thread_time(monkeypatch: pytest.MonkeyPatch) -> ThreadTime:
    clock = ThreadTime()
    monkeypatch.setattr("aestudio.gui.controllers.refresh_pace.time.thread_time", clock)
    return clock


def pause(pace: RefreshPace) -> int:
    """Milliseconds after which the next refresh is due."""
    return next(elapsed for elapsed in range(10_000) if pace.due(elapsed))


def test_a_cheap_refresh_is_repeated_ten_times_a_second(thread_time: ThreadTime) -> None:
    pace = RefreshPace()
    pace.begin()
    thread_time.seconds += 0.001
    assert pause(pace) == SHORTEST_MILLISECONDS == 100


def test_an_expensive_refresh_takes_its_share_of_a_core(thread_time: ThreadTime) -> None:
    pace = RefreshPace()
    pace.begin()
    thread_time.seconds += 0.006
    assert pause(pace) == pytest.approx(6 / SHARE, abs=1)
    pace.begin()
    thread_time.seconds += 0.001
    assert pause(pace) == SHORTEST_MILLISECONDS, "only the last refresh counts"


def test_however_expensive_the_view_stays_alive(thread_time: ThreadTime) -> None:
    pace = RefreshPace()
    pace.begin()
    thread_time.seconds += 3.0
    assert pause(pace) == LONGEST_MILLISECONDS <= 500
