"""The meter that tells a training's steps from everything around them."""

from __future__ import annotations

import time

import pytest

from benchmarks.training.overhead import Meter


def busy(seconds: float) -> float:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass
    return seconds


class Worker:
    def work(self) -> float:
        return busy(0.03)

    def idle(self) -> None:
        time.sleep(0.03)

    def fail(self) -> None:
        busy(0.01)
        raise ValueError


def test_only_the_cpu_time_inside_is_counted() -> None:
    meter, worker = Meter(), Worker()
    for name in ("work", "idle", "fail"):
        meter.watch(Worker, name)
    busy(0.02)
    assert worker.work() == 0.03
    worker.idle()
    with pytest.raises(ValueError):  # noqa: PT011 - it says nothing
        worker.fail()
    assert meter.seconds == pytest.approx(0.04, abs=0.012)
