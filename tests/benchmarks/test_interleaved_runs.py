"""Candidates run in turn, medians, and candidates that fail."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import pytest

from benchmarks.interleaved_runs import Candidate, run_interleaved
from benchmarks.settings import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# Counts its rounds: the first gives 1 * SPEED images a second, the second 2 * SPEED, ...
FAKE = """
import os
from benchmarks.candidate import Ready, serve

def prepare(task):
    print("a library's output")
    rounds = 0
    def train(seconds):
        nonlocal rounds
        rounds += 1
        if rounds == int(os.environ.get("FAILS_IN", 0)):
            raise ArithmeticError("out of steam")
        if "LOG" in os.environ:
            with open(os.environ["LOG"], "a") as log:
                print(os.environ["SPEED"], file=log)
        return round(rounds * int(os.environ["SPEED"]) * seconds), seconds
    if "NEVER_STARTS" in os.environ:
        raise ImportError("no such library")
    return Ready(train, int(os.environ.get("SIZE", 7)))

serve(prepare)
"""
LIBRARY = """
from benchmarks.candidate import serve_library

def train(task, make_gate):
    gate = make_gate(7)
    while True:
        gate.passed(task.batch)

serve_library(train)
"""
TASK = ("--model", "m", "--batch", "4", "--data", ".")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fake.py").write_text(FAKE)
    (tmp_path / "library.py").write_text(LIBRARY)
    return tmp_path


def candidate(name: str, speed: int, module: str = "fake", **environment: str) -> Candidate:
    environment |= {"PYTHONPATH": str(ROOT), "SPEED": str(speed)}
    return Candidate(name, module, arguments=TASK, environment=environment)


def test_medians_and_the_order_of_candidates(folder: Path) -> None:
    log = str(folder / "log.txt")
    slow, fast = run_interleaved(
        [candidate("slow", 10, LOG=log), candidate("fast", 40, LOG=log)], folder, 3, 1.0
    )
    assert (slow.name, slow.rates, slow.median, slow.parameters) == ("slow", (10, 20, 30), 20, 7)
    assert fast.median / slow.median == 4
    assert not slow.failure
    assert len(slow.cores) == 3
    order = (folder / "log.txt").read_text().split()
    assert order == ["10", "40", "40", "10", "10", "40"]  # every second round in the opposite order


def test_a_failure_is_reported_and_the_other_candidate_continues(folder: Path) -> None:
    failed, other = run_interleaved(
        [candidate("unstable", 10, FAILS_IN="2"), candidate("stable", 40)], folder, 3, 1.0
    )
    assert other.rates == (40, 80, 120)
    assert failed.rates == (10,)
    assert "unstable ended with exit code 1" in failed.failure
    assert "out of steam" in failed.failure


def test_a_candidate_that_does_not_start_is_reported(folder: Path) -> None:
    absent, other = run_interleaved(
        [candidate("absent", 10, NEVER_STARTS="1"), candidate("there", 5)], folder, 1, 1.0
    )
    assert "no such library" in absent.failure
    assert other.rates == (5,)


def test_models_of_different_sizes_are_not_compared(folder: Path) -> None:
    with pytest.raises(ValueError, match=r"small.*7.*large.*8"):
        run_interleaved([candidate("small", 1), candidate("large", 1, SIZE="8")], folder, 1, 1.0)


def test_a_library_is_blocked_between_rounds(folder: Path) -> None:
    (outcome,) = run_interleaved([candidate("library", 0, "library")], folder, 3, 0.02)
    assert outcome.parameters == 7
    assert len(outcome.rates) == 3
    assert statistics.median(outcome.rates) > 0
    assert all(0 <= cores < 2 for cores in outcome.cores)
