"""The inference thread: newest request per channel, urgent ones first, pauses while a training runs."""

from __future__ import annotations

import importlib
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from aestudio.errors import StudioError
from aestudio.gui.inference.work_share import WorkShare
from aestudio.gui.inference.worker import InferenceWorker
from aestudio.gui.state.subject import Subject
from aestudio.gui.workers.mailbox import Mailbox

if TYPE_CHECKING:
    import logging
    from collections.abc import Generator, Iterator

    from pytestqt.qtbot import QtBot

    from aestudio.gui.inference.cache import InferenceCache
    from aestudio.progress import Progress


ABOUT_NOTHING = Subject(())


@dataclass(frozen=True, eq=False)
class SimpleRequest:
    """A request whose result is `text`; it may wait for `go_on`, and appends to `log` when it begins."""

    channel: ClassVar[str] = "slow"
    urgent: ClassVar[bool] = False
    text: str
    log: list[str] = field(default_factory=list)
    began: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event | None = None
    asks_progress: bool = False
    fails: Exception | None = None
    subject: Subject = ABOUT_NOTHING

    def compute(self, cache: InferenceCache, progress: Progress) -> str:
        self.log.append(self.text)
        self.began.set()
        while self.go_on is not None and not self.go_on.wait(0.001):
            if self.asks_progress:
                progress(0, None, "")
        if self.fails is not None:
            raise self.fails
        return self.text


class Urgent(SimpleRequest):
    channel: ClassVar[str] = "urgent"
    urgent: ClassVar[bool] = True


class Other(SimpleRequest):
    channel: ClassVar[str] = "other"


class WorkerWithResults:
    """An inference worker with its results so far, by channel."""

    def __init__(self, qtbot: QtBot) -> None:
        self.mailbox = Mailbox()
        self.inference_worker = InferenceWorker(self.mailbox)
        self.results: dict[str, list[Any]] = defaultdict(list)
        self.qtbot = qtbot

    def values(self, channel: str) -> list[str]:
        for message in self.mailbox.take():
            self.results[message.channel].append(message.result)
        return [result.value for result in self.results[channel]]


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[WorkerWithResults]:
    importlib.import_module("torch")  # seconds, which are not the inference worker's
    worker = WorkerWithResults(qtbot)
    yield worker
    worker.inference_worker.close()
    qtbot.waitUntil(lambda: not worker.inference_worker.alive())


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Blocks the inference worker at a request until it is set, at the latest at the end of the test."""
    event = threading.Event()
    yield event
    event.set()


def let_rounds_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows a training waits for ever: each request takes a second, and the share is nothing."""
    monkeypatch.setattr("aestudio.gui.inference.request_schedule.SHARE", 1e-9)
    monkeypatch.setattr("aestudio.gui.inference.work_share.ENOUGH_SECONDS", 0.0)
    monkeypatch.setattr("aestudio.gui.inference.work_share.LONGEST_SECONDS", 1e9)
    monkeypatch.setattr(WorkShare, "_work", lambda *_: 1.0)


def test_a_request_is_computed(worker: WorkerWithResults) -> None:
    worker.inference_worker.request(SimpleRequest("one"))
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["one"])
    assert worker.results["slow"][0].request.text == "one"


def test_only_the_newest_pending_request_of_a_channel_is_computed(
    worker: WorkerWithResults, gate: threading.Event
) -> None:
    first = Other("busy", go_on=gate)
    worker.inference_worker.request(first)
    worker.qtbot.waitUntil(first.began.is_set)
    for text in ("one", "two", "three"):
        worker.inference_worker.request(SimpleRequest(text))
    gate.set()
    worker.qtbot.waitUntil(lambda: len(worker.values("slow")) == 1)
    assert worker.values("slow") == ["three"]


def test_urgent_requests_come_first(worker: WorkerWithResults, gate: threading.Event) -> None:
    log: list[str] = []
    first = Other("busy", log, go_on=gate)
    worker.inference_worker.request(first)
    worker.qtbot.waitUntil(first.began.is_set)
    worker.inference_worker.request(SimpleRequest("slow", log))
    worker.inference_worker.request(Urgent("urgent", log))
    gate.set()
    worker.qtbot.waitUntil(lambda: len(log) == 3)
    assert log == ["busy", "urgent", "slow"]


def test_a_slow_result_is_abandoned_for_a_newer_request_of_its_channel(
    worker: WorkerWithResults, gate: threading.Event
) -> None:
    first = SimpleRequest("old", go_on=gate, asks_progress=True)
    worker.inference_worker.request(first)
    worker.qtbot.waitUntil(first.began.is_set)
    worker.inference_worker.request(SimpleRequest("new"))
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["new"])


def test_a_request_of_another_channel_does_not_cancel_it(
    worker: WorkerWithResults, gate: threading.Event
) -> None:
    first = SimpleRequest("old", go_on=gate, asks_progress=True)
    worker.inference_worker.request(first)
    worker.qtbot.waitUntil(first.began.is_set)
    worker.inference_worker.request(Other("new"))
    gate.set()
    worker.qtbot.waitUntil(lambda: worker.values("other") == ["new"])
    assert worker.values("slow") == ["old"]


def test_a_withdrawn_request_is_not_computed(worker: WorkerWithResults, gate: threading.Event) -> None:
    first = Other("busy", go_on=gate)
    worker.inference_worker.request(first)
    worker.qtbot.waitUntil(first.began.is_set)
    worker.inference_worker.request(SimpleRequest("never", subject=Subject((), 7)))
    worker.inference_worker.keep(lambda subject: subject.step is None)
    worker.inference_worker.request(Urgent("last"))
    gate.set()
    worker.qtbot.waitUntil(lambda: worker.values("urgent") == ["last"])
    assert worker.values("slow") == []


def test_problems_are_results_and_the_thread_continues(
    worker: WorkerWithResults, logged_errors: list[logging.LogRecord], caplog: pytest.LogCaptureFixture
) -> None:
    worker.inference_worker.request(SimpleRequest("x", fails=StudioError("no decoder")))
    worker.qtbot.waitUntil(lambda: len(worker.values("slow")) == 1)
    assert worker.results["slow"][0].problem.what == "no decoder"
    assert not logged_errors
    worker.inference_worker.request(SimpleRequest("y", fails=KeyError("y")))
    worker.qtbot.waitUntil(lambda: len(worker.values("slow")) == 2)
    assert "computing “slow” (KeyError: 'y')" in worker.results["slow"][1].problem.what
    assert len(logged_errors) == 1
    worker.inference_worker.request(SimpleRequest("z"))
    worker.qtbot.waitUntil(lambda: worker.values("slow")[-1] == "z")


def test_while_a_training_runs_repeated_requests_wait_except_for_what_the_user_asks_for(
    worker: WorkerWithResults, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_rounds_wait(monkeypatch)
    worker.inference_worker.training = True
    worker.inference_worker.request(SimpleRequest("first"))
    worker.inference_worker.request(Urgent("first"))
    worker.qtbot.waitUntil(lambda: worker.values("slow") == worker.values("urgent") == ["first"])
    worker.inference_worker.request(SimpleRequest("second"))
    worker.inference_worker.request(Urgent("at once"))
    worker.qtbot.waitUntil(lambda: worker.values("urgent") == ["first", "at once"])
    assert worker.values("slow") == ["first"], "it waits"
    worker.inference_worker.training = False  # when the training ends, nothing waits any longer
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["first", "second"])


def test_an_urgent_request_that_only_follows_the_training_waits_like_others(
    worker: WorkerWithResults, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_rounds_wait(monkeypatch)
    worker.inference_worker.training = True
    worker.inference_worker.request(Urgent("step 1", subject=Subject((), 1)))
    worker.qtbot.waitUntil(lambda: worker.values("urgent") == ["step 1"])
    worker.inference_worker.request(Urgent("step 2", subject=Subject((), 2)))
    worker.inference_worker.request(Other("new channel"))
    worker.qtbot.waitUntil(lambda: worker.values("other") == ["new channel"])
    assert worker.values("urgent") == ["step 1"]
    worker.inference_worker.request(Urgent("of step 1 again", subject=Subject((), 1)))
    worker.qtbot.waitUntil(lambda: worker.values("urgent") == ["step 1", "of step 1 again"])


def test_another_run_is_shown_without_waiting(
    worker: WorkerWithResults, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_rounds_wait(monkeypatch)
    worker.inference_worker.training = True
    worker.inference_worker.request(SimpleRequest("old run"))
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["old run"])
    worker.inference_worker.request(SimpleRequest("new images", subject=Subject((), of_images=True)))
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["old run", "new images"])


def test_after_an_input_results_come_sooner(
    worker: WorkerWithResults, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_rounds_wait(monkeypatch)
    monkeypatch.setattr("aestudio.gui.inference.request_schedule.SHARE_IN_USE", 1e9)
    monkeypatch.setattr("aestudio.gui.inference.request_schedule.IN_USE_SECONDS", 1e9)
    worker.inference_worker.training = True
    worker.inference_worker.request(SimpleRequest("first"))
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["first"])
    worker.inference_worker.request(SimpleRequest("second"))
    worker.inference_worker.in_use()
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["first", "second"])


def test_closing_ends_even_a_slow_result(worker: WorkerWithResults, gate: threading.Event) -> None:
    endless = SimpleRequest("old", go_on=gate, asks_progress=True)
    worker.inference_worker.request(endless)
    worker.qtbot.waitUntil(endless.began.is_set)
    worker.inference_worker.request(Other("waits"))
    worker.inference_worker.close()
    worker.qtbot.waitUntil(lambda: not worker.inference_worker.alive())
    assert worker.values("slow") == worker.values("other") == []


def test_an_urgent_request_is_computed_whenever_a_slow_one_reports_its_progress(
    worker: WorkerWithResults, gate: threading.Event
) -> None:
    slow = SimpleRequest("slow", go_on=gate, asks_progress=True)
    worker.inference_worker.request(slow)
    worker.qtbot.waitUntil(slow.began.is_set)
    worker.inference_worker.request(Urgent("at once"))
    worker.qtbot.waitUntil(lambda: worker.values("urgent") == ["at once"])
    assert worker.values("slow") == [], "it is not done yet"
    gate.set()
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["slow"])


@dataclass(frozen=True, eq=False)
class Finer(SimpleRequest):
    """A request whose results are the first character of its text, then the text."""

    def compute(self, cache: InferenceCache, progress: Progress) -> Generator[str, None, str]:  # type: ignore[override]
        yield self.text[0]
        return super().compute(cache, progress)


def test_a_coarse_value_is_shown_before_the_final_one(
    worker: WorkerWithResults, gate: threading.Event
) -> None:
    worker.inference_worker.request(Finer("word", go_on=gate))
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["w"])
    assert worker.results["slow"][0].more
    gate.set()
    worker.qtbot.waitUntil(lambda: worker.values("slow") == ["w", "word"])
    assert not worker.results["slow"][1].more


def test_a_finer_value_is_abandoned_for_a_newer_request(
    worker: WorkerWithResults, gate: threading.Event
) -> None:
    held = Finer("old", go_on=gate, asks_progress=True)
    worker.inference_worker.request(held)
    worker.qtbot.waitUntil(held.began.is_set)
    worker.inference_worker.request(SimpleRequest("new"))
    worker.qtbot.waitUntil(lambda: worker.values("slow")[-1] == "new")
    assert "old" not in worker.values("slow")


def test_what_is_of_an_earlier_step_than_the_first_of_a_round_waits_to_be_renewed(
    worker: WorkerWithResults, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows the map is asked for when the window has the map: until then its codes are of another."""
    monkeypatch.setattr("aestudio.gui.inference.request_schedule.RENEWAL_SECONDS", 1e9)
    monkeypatch.setattr("aestudio.gui.inference.work_share.SNAPSHOT_SECONDS", 0.0)
    monkeypatch.setattr("aestudio.gui.inference.work_share.SHORTEST_SECONDS", 0.0)
    inference_worker = worker.inference_worker
    inference_worker.training = True
    for step in (1, 2, 3):  # the first ones are new, the second ones in this round, the third begin another
        inference_worker.request(SimpleRequest(f"map {step}", subject=Subject((), step)))
        worker.qtbot.waitUntil(lambda step=step: len(worker.values("slow")) == step)
        if step < 3:
            inference_worker.request(Other(f"follows {step}", subject=Subject((), step)))
            worker.qtbot.waitUntil(lambda step=step: len(worker.values("other")) == step)
    inference_worker.request(Other("of step 2 still", subject=Subject((), 2.5)))  # type: ignore[arg-type]
    inference_worker.request(Urgent("asked", subject=Subject((), 3)))
    worker.qtbot.waitUntil(lambda: worker.values("urgent") == ["asked"])
    assert worker.values("other") == ["follows 1", "follows 2"]
    inference_worker.request(Other("follows 3", subject=Subject((), 3)))
    worker.qtbot.waitUntil(lambda: worker.values("other") == ["follows 1", "follows 2", "follows 3"])
