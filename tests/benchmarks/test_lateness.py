"""The recorder measures how long an event loop is blocked, and names the code that blocks it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer

from benchmarks.measures.lateness import rows
from benchmarks.window.lateness import PERIOD, Lateness, record_lateness
from benchmarks.window.thread_sampler import ThreadSampler

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

BLOCKED = 0.120
# Compared with real time, which needs idle cores.
MEASURED = pytest.mark.slow


def run_for(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def compute(seconds: float) -> None:
    """Compute on this thread for `seconds` of its CPU time."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


@MEASURED
def test_a_blocked_loop_is_as_late_as_it_was_blocked(qtbot: QtBot) -> None:
    with record_lateness() as result:
        QTimer.singleShot(100, lambda: time.sleep(BLOCKED))
        run_for(500)
    late = result[0]
    # The tick that was due next after the stall began may have been due up to a period later.
    assert 1000 * (BLOCKED - PERIOD) - 5 < late.longest < 1000 * BLOCKED + 100
    stall = max(late.stalls, key=lambda stall: stall.late)
    assert stall.late == pytest.approx(late.longest)
    assert stall.window < 50, "it slept"
    assert stall.locked > 30
    assert 80 < stall.began < 250


@MEASURED
def test_every_missed_tick_counts(qtbot: QtBot) -> None:
    with record_lateness() as result:
        QTimer.singleShot(50, lambda: time.sleep(BLOCKED))
        run_for(300)
    milliseconds = np.sort(result[0].milliseconds)[::-1]
    assert len(milliseconds) >= 300 / (1000 * PERIOD) - 1
    series = milliseconds[:5]  # 120, 103, 87, 70, 53 ms
    assert np.allclose(-np.diff(series), 1000 * PERIOD, atol=0.5)


@MEASURED
def test_a_loop_with_nothing_to_do_is_not_late(qtbot: QtBot) -> None:
    with record_lateness() as result:
        run_for(500)
    late = result[0]
    assert 27 <= len(late.milliseconds) < 60
    assert late.median < 10


@MEASURED
def test_computing_differs_from_sleeping_and_has_its_stack(qtbot: QtBot) -> None:
    with record_lateness(ThreadSampler()) as result:
        QTimer.singleShot(100, lambda: compute(BLOCKED))
        run_for(400)
    stall = max(result[0].stalls, key=lambda stall: stall.late)
    assert stall.window > 90
    assert any("window" in line and "compute" in line for line in stall.stacks), stall.stacks
    assert not any(thread.name == "sampler" for thread in threading.enumerate())


def test_a_recording_that_ends_during_a_stall_counts_it(qtbot: QtBot) -> None:
    with record_lateness() as result:
        run_for(50)
        time.sleep(BLOCKED)
    assert result[0].longest > 1000 * (BLOCKED - PERIOD) - 5


def test_an_empty_recording_is_not_late() -> None:
    empty = Lateness(np.empty(0), ())
    assert (empty.median, empty.p99, empty.longest) == (0.0, 0.0, 0.0)


def test_rows_compare_medians_with_targets() -> None:
    def result(p99: float, longest: float) -> dict[str, object]:
        return {"ticks": 180, "median": 1.2, "p99": p99, "longest": longest, "cause": f"{longest} ms late"}

    p99, longest = rows("it trains", [result(20, 90), result(40, 200), result(30, 95)])
    assert (p99.value, p99.target, p99.met) == (30, 33.0, True)
    assert (longest.value, longest.target, longest.met) == (95, 100.0, True)
    assert "200 ms late" in longest.note
    assert "540 ticks" in p99.note
