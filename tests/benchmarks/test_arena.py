"""The referee: turns, medians, contestants that break."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import pytest

from benchmarks.arena import Entry, compete
from benchmarks.settings import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# Counts its races: the first gives 1 * SPEED images a second, the second 2 * SPEED, ...
FAKE = """
import os
from benchmarks.contestant import Ready, serve

def prepare(task):
    print("library's chatter")
    races = 0
    def race(seconds):
        nonlocal races
        races += 1
        if races == int(os.environ.get("DIES_IN", 0)):
            raise ArithmeticError("out of steam")
        if "LOG" in os.environ:
            with open(os.environ["LOG"], "a") as log:
                print(os.environ["SPEED"], file=log)
        return round(races * int(os.environ["SPEED"]) * seconds), seconds
    if "NEVER_STARTS" in os.environ:
        raise ImportError("no such library")
    return Ready(race, int(os.environ.get("SIZE", 7)))

serve(prepare)
"""
LIBRARY = """
from benchmarks.contestant import serve_library

def train(task, turnstile):
    gate = turnstile(7)
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


def entry(name: str, speed: int, module: str = "fake", **environment: str) -> Entry:
    environment |= {"PYTHONPATH": str(ROOT), "SPEED": str(speed)}
    return Entry(name, module, arguments=TASK, environment=environment)


def test_medians_and_the_order_of_turns(folder: Path) -> None:
    log = str(folder / "log.txt")
    slow, fast = compete([entry("slow", 10, LOG=log), entry("fast", 40, LOG=log)], folder, 3, 1.0)
    assert (slow.name, slow.rates, slow.median, slow.parameters) == ("slow", (10, 20, 30), 20, 7)
    assert fast.median / slow.median == 4
    assert not slow.failure
    assert len(slow.cores) == 3
    order = (folder / "log.txt").read_text().split()
    assert order == ["10", "40", "40", "10", "10", "40"]  # every second round the other way round


def test_one_that_dies_is_told_and_the_other_goes_on(folder: Path) -> None:
    dead, alive = compete([entry("frail", 10, DIES_IN="2"), entry("hardy", 40)], folder, 3, 1.0)
    assert alive.rates == (40, 80, 120)
    assert dead.rates == (10,)
    assert "frail ended with exit code 1" in dead.failure
    assert "out of steam" in dead.failure


def test_one_that_never_starts_is_told(folder: Path) -> None:
    absent, alive = compete([entry("absent", 10, NEVER_STARTS="1"), entry("there", 5)], folder, 1, 1.0)
    assert "no such library" in absent.failure
    assert alive.rates == (5,)


def test_models_of_different_size_are_no_comparison(folder: Path) -> None:
    with pytest.raises(ValueError, match=r"small.*7.*large.*8"):
        compete([entry("small", 1), entry("large", 1, SIZE="8")], folder, 1, 1.0)


def test_a_library_stands_still_between_races(folder: Path) -> None:
    (outcome,) = compete([entry("library", 0, "library")], folder, 3, 0.02)
    assert outcome.parameters == 7
    assert len(outcome.rates) == 3
    assert statistics.median(outcome.rates) > 0
    assert all(0 <= cores < 2 for cores in outcome.cores)
