"""The number of threads is measured, and kept with the run."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import torch

from aestudio.errors import BadChoice
from aestudio.training import threads
from aestudio.training.events import CheckpointTaken
from aestudio.training.loop import TrainingLoop
from tests.training.conftest import events_of, small_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aestudio.datasets.dataset import Dataset


@pytest.fixture(autouse=True)
def _measured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(threads.ENVIRONMENT, raising=False)
    monkeypatch.setattr(threads, "_cores", lambda: 4)
    yield
    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the trial reads: it passes only where `work` says so, however busy the machine is."""
    now = [0.0]
    monkeypatch.setattr(threads, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    return now


def work(clock: list[float], seconds: Callable[[int], float]) -> Callable[[], None]:
    """A step that takes so long on so many threads."""

    def step() -> None:
        clock[0] += seconds(torch.get_num_threads())

    return step


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (lambda count: 0.04 / count, 4),
        (lambda count: 0.04 if count != 2 else 0.02, 2),
        (lambda count: 0.04 * count, 1),
        (lambda count: 0.08 - 0.002 * count, 1),  # hardly faster: not worth the other core
        (lambda count: 0.002 / count, 1),  # too short to try
    ],
)
def test_the_fastest_number_that_is_worth_it(
    seconds: Callable[[int], float], expected: int, clock: list[float]
) -> None:
    assert threads.choose_threads(work(clock, seconds)) == expected
    assert torch.get_num_threads() == 1


def test_one_slow_step_of_a_busy_machine_decides_nothing(clock: list[float]) -> None:
    taken = iter([0.04, 0.04, 0.04, 0.04, 0.5, 0.04] + [0.02, 0.3, 0.02, 0.02, 0.02, 0.02] + [0.03] * 6)
    assert threads.choose_threads(work(clock, lambda count: next(taken))) == 2


def test_cores_for_others_stay_free(clock: list[float]) -> None:
    assert threads.choose_threads(work(clock, lambda count: 0.04 / count), spare=1) == 2
    assert (
        threads.choose_threads(work(clock, lambda count: 1.0), spare=3) == 1
    )  # nothing to try, nothing done


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    monkeypatch.setenv(threads.ENVIRONMENT, "3")
    assert threads.choose_threads(work(clock, lambda count: 1.0)) == 3
    for wrong in ("many", "0", "-1", "10000000000000"):
        monkeypatch.setenv(threads.ENVIRONMENT, wrong)
        with pytest.raises(BadChoice, match="AESTUDIO_THREADS"):
            threads.choose_threads(work(clock, lambda count: 1.0))


@pytest.mark.parametrize(("spare", "expected"), [(0, 3), (1, 3), (2, 2), (3, 1)])
def test_a_run_that_goes_on_keeps_its_number_where_it_can(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch, spare: int, expected: int
) -> None:
    monkeypatch.setenv(threads.ENVIRONMENT, "3")
    checkpoint = [e.checkpoint for e in events_of(few_digits) if isinstance(e, CheckpointTaken)][-1]
    monkeypatch.delenv(threads.ENVIRONMENT)
    loop = TrainingLoop(replace(small_spec(epochs=3), spare_cores=spare), few_digits, checkpoint)
    assert loop.threads == expected
    assert torch.get_num_threads() == expected


def test_a_run_from_before_the_number_was_kept_had_one(few_digits: Dataset) -> None:
    checkpoint = [e.checkpoint for e in events_of(few_digits) if isinstance(e, CheckpointTaken)][-1]
    counters = {name: value for name, value in checkpoint.counters.items() if name != "threads"}
    loop = TrainingLoop(small_spec(epochs=3), few_digits, replace(checkpoint, counters=counters))
    assert loop.threads == 1


def test_the_trial_changes_nothing_of_the_run(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "WORTH_TRYING_SECONDS", 0.0)
    monkeypatch.setattr(threads, "GAIN", 1e9)
    tried = TrainingLoop(small_spec(), few_digits)
    monkeypatch.setenv(threads.ENVIRONMENT, "1")
    untried = TrainingLoop(small_spec(), few_digits)
    for loop in (tried, untried):
        loop.advance()
    assert tried.terms.take_points() == untried.terms.take_points()
