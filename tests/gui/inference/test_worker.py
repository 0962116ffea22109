"""The inference thread: newest request per channel, urgent ones first, pauses while a training runs."""

from __future__ import annotations

import importlib
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from aestudio.errors import StudioError
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
class Ask:
    """Answers with its word; waits for `go_on` first where it has one; notes in `log` when it begins."""

    channel: ClassVar[str] = "slow"
    urgent: ClassVar[bool] = False
    word: str
    log: list[str] = field(default_factory=list)
    began: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event | None = None
    asks_progress: bool = False
    fails: Exception | None = None
    subject: Subject = ABOUT_NOTHING

    def compute(self, cache: InferenceCache, progress: Progress) -> str:
        self.log.append(self.word)
        self.began.set()
        while self.go_on is not None and not self.go_on.wait(0.001):
            if self.asks_progress:
                progress(0, None, "")
        if self.fails is not None:
            raise self.fails
        return self.word


class Urgent(Ask):
    channel: ClassVar[str] = "urgent"
    urgent: ClassVar[bool] = True


class Other(Ask):
    channel: ClassVar[str] = "other"


class Bench:
    """An inference worker with what it answered so far, by channel."""

    def __init__(self, qtbot: QtBot) -> None:
        self.mailbox = Mailbox()
        self.inference_worker = InferenceWorker(self.mailbox)
        self.results: dict[str, list[Any]] = defaultdict(list)
        self.qtbot = qtbot

    def words(self, channel: str) -> list[str]:
        for message in self.mailbox.take():
            self.results[message.channel].append(message.result)
        return [result.value for result in self.results[channel]]


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    importlib.import_module("torch")  # seconds, which are not the inference worker's
    made = Bench(qtbot)
    yield made
    made.inference_worker.close()
    qtbot.waitUntil(lambda: not made.inference_worker.alive())


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds the inference worker at a question; opened at the end in any case."""
    event = threading.Event()
    yield event
    event.set()


def test_a_request_is_computed(bench: Bench) -> None:
    bench.inference_worker.request(Ask("one"))
    bench.qtbot.waitUntil(lambda: bench.words("slow") == ["one"])
    assert bench.results["slow"][0].request.word == "one"


def test_of_a_channel_only_the_newest_that_waits_is_computed(bench: Bench, gate: threading.Event) -> None:
    first = Other("busy", go_on=gate)
    bench.inference_worker.request(first)
    bench.qtbot.waitUntil(first.began.is_set)
    for word in ("one", "two", "three"):
        bench.inference_worker.request(Ask(word))
    gate.set()
    bench.qtbot.waitUntil(lambda: len(bench.words("slow")) == 1)
    assert bench.words("slow") == ["three"]


def test_urgent_ones_go_first(bench: Bench, gate: threading.Event) -> None:
    log: list[str] = []
    first = Other("busy", log, go_on=gate)
    bench.inference_worker.request(first)
    bench.qtbot.waitUntil(first.began.is_set)
    bench.inference_worker.request(Ask("slow", log))
    bench.inference_worker.request(Urgent("urgent", log))
    gate.set()
    bench.qtbot.waitUntil(lambda: len(log) == 3)
    assert log == ["busy", "urgent", "slow"]


def test_a_slow_result_is_abandoned_for_a_newer_request_of_its_channel(
    bench: Bench, gate: threading.Event
) -> None:
    first = Ask("old", go_on=gate, asks_progress=True)
    bench.inference_worker.request(first)
    bench.qtbot.waitUntil(first.began.is_set)
    bench.inference_worker.request(Ask("new"))
    bench.qtbot.waitUntil(lambda: bench.words("slow") == ["new"])


def test_a_request_of_another_channel_does_not_cancel_it(bench: Bench, gate: threading.Event) -> None:
    first = Ask("old", go_on=gate, asks_progress=True)
    bench.inference_worker.request(first)
    bench.qtbot.waitUntil(first.began.is_set)
    bench.inference_worker.request(Other("new"))
    gate.set()
    bench.qtbot.waitUntil(lambda: bench.words("other") == ["new"])
    assert bench.words("slow") == ["old"]


def test_a_request_that_is_not_requested_any_more_is_not_computed(
    bench: Bench, gate: threading.Event
) -> None:
    first = Other("busy", go_on=gate)
    bench.inference_worker.request(first)
    bench.qtbot.waitUntil(first.began.is_set)
    bench.inference_worker.request(Ask("never", subject=Subject((), 7)))
    bench.inference_worker.keep(lambda subject: subject.step is None)
    bench.inference_worker.request(Urgent("last"))
    gate.set()
    bench.qtbot.waitUntil(lambda: bench.words("urgent") == ["last"])
    assert bench.words("slow") == []


def test_problems_are_results_and_the_thread_goes_on(
    bench: Bench, logged_errors: list[logging.LogRecord], caplog: pytest.LogCaptureFixture
) -> None:
    bench.inference_worker.request(Ask("x", fails=StudioError("no decoder")))
    bench.qtbot.waitUntil(lambda: len(bench.words("slow")) == 1)
    assert bench.results["slow"][0].problem.what == "no decoder"
    assert not logged_errors
    bench.inference_worker.request(Ask("y", fails=KeyError("y")))
    bench.qtbot.waitUntil(lambda: len(bench.words("slow")) == 2)
    assert "computing “slow” (KeyError: 'y')" in bench.results["slow"][1].problem.what
    assert len(logged_errors) == 1
    bench.inference_worker.request(Ask("z"))
    bench.qtbot.waitUntil(lambda: bench.words("slow")[-1] == "z")


def test_while_a_training_runs_it_rests_but_not_from_urgent_ones(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.gui.inference.worker.REST_SHARE", 1e9)
    monkeypatch.setattr("aestudio.gui.inference.worker.LONGEST_REST", 1e6)
    bench.inference_worker.training = True
    bench.inference_worker.request(Ask("first"))
    bench.qtbot.waitUntil(lambda: bench.words("slow") == ["first"])
    bench.inference_worker.request(Ask("second"))
    bench.inference_worker.request(Urgent("at once"))
    bench.qtbot.waitUntil(lambda: bench.words("urgent") == ["at once"])
    assert bench.words("slow") == ["first"], "it rests"
    bench.inference_worker.training = False  # when the training ends, nothing waits any longer
    bench.qtbot.waitUntil(lambda: bench.words("slow") == ["first", "second"])


def test_closing_ends_even_a_slow_result(bench: Bench, gate: threading.Event) -> None:
    endless = Ask("old", go_on=gate, asks_progress=True)
    bench.inference_worker.request(endless)
    bench.qtbot.waitUntil(endless.began.is_set)
    bench.inference_worker.request(Other("waits"))
    bench.inference_worker.close()
    bench.qtbot.waitUntil(lambda: not bench.inference_worker.alive())
    assert bench.words("slow") == bench.words("other") == []


def test_an_urgent_request_is_computed_whenever_a_slow_one_reports_its_progress(
    bench: Bench, gate: threading.Event
) -> None:
    slow = Ask("slow", go_on=gate, asks_progress=True)
    bench.inference_worker.request(slow)
    bench.qtbot.waitUntil(slow.began.is_set)
    bench.inference_worker.request(Urgent("at once"))
    bench.qtbot.waitUntil(lambda: bench.words("urgent") == ["at once"])
    assert bench.words("slow") == [], "it is not done yet"
    gate.set()
    bench.qtbot.waitUntil(lambda: bench.words("slow") == ["slow"])


@dataclass(frozen=True, eq=False)
class Finer(Ask):
    """Answers with its word's first letter, then with the word."""

    def compute(self, cache: InferenceCache, progress: Progress) -> Generator[str, None, str]:  # type: ignore[override]
        yield self.word[0]
        return super().compute(cache, progress)


def test_a_coarse_value_is_told_before_the_last_one(bench: Bench, gate: threading.Event) -> None:
    bench.inference_worker.request(Finer("word", go_on=gate))
    bench.qtbot.waitUntil(lambda: bench.words("slow") == ["w"])
    assert bench.results["slow"][0].more
    gate.set()
    bench.qtbot.waitUntil(lambda: bench.words("slow") == ["w", "word"])
    assert not bench.results["slow"][1].more


def test_a_finer_value_is_abandoned_for_a_newer_request(bench: Bench, gate: threading.Event) -> None:
    held = Finer("old", go_on=gate, asks_progress=True)
    bench.inference_worker.request(held)
    bench.qtbot.waitUntil(held.began.is_set)
    bench.inference_worker.request(Ask("new"))
    bench.qtbot.waitUntil(lambda: bench.words("slow")[-1] == "new")
    assert "old" not in bench.words("slow")
