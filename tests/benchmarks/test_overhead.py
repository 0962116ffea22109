"""The meter that tells a training's steps from everything around them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from benchmarks.training import overhead
from benchmarks.training.overhead import Meter


class Processor:
    """The CPU time of a thread that works only where a test says so."""

    def __init__(self) -> None:
        self.spent = 0.0

    def busy(self, seconds: float) -> float:
        self.spent += seconds
        return seconds


class Worker:
    def __init__(self, processor: Processor) -> None:
        self.processor = processor

    def work(self) -> float:
        return self.processor.busy(0.03)

    def idle(self) -> None:
        pass

    def fail(self) -> None:
        self.processor.busy(0.01)
        raise ValueError


def test_only_the_cpu_time_inside_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    processor = Processor()
    monkeypatch.setattr(overhead, "time", SimpleNamespace(thread_time=lambda: processor.spent))
    meter, worker = Meter(), Worker(processor)
    for name in ("work", "idle", "fail"):
        meter.watch(Worker, name)
    processor.busy(0.02)
    assert worker.work() == 0.03
    worker.idle()
    with pytest.raises(ValueError):  # noqa: PT011 - it says nothing
        worker.fail()
    assert meter.seconds == pytest.approx(0.04)
