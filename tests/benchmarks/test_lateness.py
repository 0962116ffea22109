"""The recorder: an event loop that is held is reported as late as it was, with who held it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer

from benchmarks.measures.lateness import rows
from benchmarks.window.culprits import Sampler
from benchmarks.window.lateness import PERIOD, Lateness, recorded

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HELD = 0.120
# What the recorder says is compared with real time: true only where nothing else keeps the cores.
MEASURED = pytest.mark.slow


def turn(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def compute(seconds: float) -> None:
    """Keep a core, and the interpreter, busy on this thread by its own clock."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


@MEASURED
def test_a_loop_that_is_held_is_as_late_as_it_was_held(qtbot: QtBot) -> None:
    with recorded() as result:
        QTimer.singleShot(100, lambda: time.sleep(HELD))
        turn(500)
    late = result[0]
    # The tick that was due next after the hold began may have been due up to a period later.
    assert 1000 * (HELD - PERIOD) - 5 < late.longest < 1000 * HELD + 100
    held = max(late.holds, key=lambda hold: hold.late)
    assert held.late == pytest.approx(late.longest)
    assert held.window < 50, "it slept"
    assert held.locked > 30
    assert 80 < held.began < 250


@MEASURED
def test_every_tick_that_was_missed_counts(qtbot: QtBot) -> None:
    with recorded() as result:
        QTimer.singleShot(50, lambda: time.sleep(HELD))
        turn(300)
    milliseconds = np.sort(result[0].milliseconds)[::-1]
    assert len(milliseconds) >= 300 / (1000 * PERIOD) - 1
    series = milliseconds[:5]  # 120, 103, 87, 70, 53 ms
    assert np.allclose(-np.diff(series), 1000 * PERIOD, atol=0.5)


@MEASURED
def test_a_loop_with_nothing_to_do_is_not_late(qtbot: QtBot) -> None:
    with recorded() as result:
        turn(500)
    late = result[0]
    assert 27 <= len(late.milliseconds) < 60
    assert late.median < 10


@MEASURED
def test_computing_is_told_from_sleeping_and_the_line_is_named(qtbot: QtBot) -> None:
    with recorded(Sampler()) as result:
        QTimer.singleShot(100, lambda: compute(HELD))
        turn(400)
    held = max(result[0].holds, key=lambda hold: hold.late)
    assert held.window > 90
    assert any("window" in line and "compute" in line for line in held.seen), held.seen
    assert not any(thread.name == "sampler" for thread in threading.enumerate())


def test_a_recording_that_ends_during_a_hold_counts_it(qtbot: QtBot) -> None:
    with recorded() as result:
        turn(50)
        time.sleep(HELD)
    assert result[0].longest > 1000 * (HELD - PERIOD) - 5


def test_nothing_recorded_is_nothing_late() -> None:
    nothing = Lateness(np.empty(0), ())
    assert (nothing.median, nothing.p99, nothing.longest) == (0.0, 0.0, 0.0)


def test_rows_are_medians_against_what_the_issue_asks_for() -> None:
    def told(p99: float, longest: float) -> dict[str, object]:
        return {"ticks": 180, "median": 1.2, "p99": p99, "longest": longest, "cause": f"{longest} ms late"}

    p99, longest = rows("it trains", [told(20, 90), told(40, 200), told(30, 95)])
    assert (p99.value, p99.target, p99.met) == (30, 33.0, True)
    assert (longest.value, longest.target, longest.met) == (95, 100.0, True)
    assert "200 ms late" in longest.note
    assert "540 ticks" in p99.note
