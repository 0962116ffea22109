"""The timer of methods, which separates steps from their overhead."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from benchmarks.training import overhead
from benchmarks.training.overhead import MethodTimer


class Processor:
    """A simulated CPU clock of a thread, advanced by the test."""

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


def test_only_the_cpu_time_inside_is_summed(monkeypatch: pytest.MonkeyPatch) -> None:
    processor = Processor()
    monkeypatch.setattr(overhead, "time", SimpleNamespace(thread_time=lambda: processor.spent))
    timer, worker = MethodTimer(), Worker(processor)
    for name in ("work", "idle", "fail"):
        timer.time_method(Worker, name)
    processor.busy(0.02)
    assert worker.work() == 0.03
    worker.idle()
    with pytest.raises(ValueError):  # noqa: PT011 - it says nothing
        worker.fail()
    assert timer.seconds == pytest.approx(0.04)


def test_the_timed_methods_exist() -> None:
    for owner, name in overhead.STEP_METHODS + overhead.METRIC_METHODS:
        assert callable(getattr(owner, name))
