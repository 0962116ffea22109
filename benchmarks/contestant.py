"""One side of a comparison: a process of its own that trains for as long as it is told, and says how much.

The referee (`arena.py`) starts every contestant of a comparison, waits until each has warmed up, and then
lets them run in turn, so that the drift of a shared machine meets all of them. A loop of our own is
called (`serve`); a library that has its own loop calls us after each step (`Turnstile`). This file
imports nothing that the peers' own environment may lack.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

    Race = Callable[[float], "tuple[int, float]"]

WARM_STEPS = 30


class Task(NamedTuple):
    """What is to be trained: a model's name, images per step, threads of torch, MNIST's folder."""

    model: str
    batch: int
    threads: int
    data: Path


class Ready(NamedTuple):
    """A contestant that may start.

    race:       seconds asked for -> (images trained, seconds that it took)
    parameters: numbers in its model, so that the referee sees that all train the same one
    """

    race: Race
    parameters: int


class Effort:
    """How many cores this process kept busy since the object was made: below one, others took their share."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._used = time.process_time()

    def cores(self) -> float:
        """Seconds of CPU, of all threads together, per second."""
        return (time.process_time() - self._used) / (time.perf_counter() - self._began)


def serve(prepare: Callable[[Task], Ready]) -> None:
    """Prepare, then answer each line of standard input (seconds) with images and seconds as JSON."""
    task, results = _begin()
    ready = prepare(task)
    _say(results, {"parameters": ready.parameters})
    for line in sys.stdin:
        effort = Effort()
        images, seconds = ready.race(float(line))
        _say(results, {"images": images, "seconds": seconds, "cores": effort.cores()})


class Finished(BaseException):
    """The referee wants no more: leaves a library's training from inside, past its `except Exception`."""


class Turnstile:
    """What a library's training passes after each step; it stands still there between two races.

    Call `passed(images)` from the library's own callback. The first steps are the warm-up.
    """

    def __init__(self, results: TextIO, parameters: int) -> None:
        self._answers = results
        self._parameters = parameters
        self._warm_steps = WARM_STEPS
        self._images = 0.0
        self._began = self._until = 0.0
        self._effort = Effort()

    def passed(self, images: float) -> None:
        """So many images more are trained; raises Finished when the referee has closed the line."""
        if self._warm_steps:
            self._warm_steps -= 1
            if not self._warm_steps:
                _say(self._answers, {"parameters": self._parameters})
                self._await_race()
            return
        self._images += images
        now = time.perf_counter()
        if now >= self._until:
            cores = self._effort.cores()
            _say(self._answers, {"images": self._images, "seconds": now - self._began, "cores": cores})
            self._await_race()

    def _await_race(self) -> None:
        line = sys.stdin.readline()
        if not line:
            raise Finished
        self._images, self._began, self._effort = 0.0, time.perf_counter(), Effort()
        self._until = self._began + float(line)


def serve_library(train: Callable[[Task, Callable[[int], Turnstile]], None]) -> None:
    """Run a library's training until the referee has seen enough.

    `train` is given the task and a function that makes the turnstile from the model's number of parameters.
    """
    task, results = _begin()
    try:
        train(task, lambda parameters: Turnstile(results, parameters))
    except Finished:
        return
    raise RuntimeError("the library's training ended by itself")


def _begin() -> tuple[Task, TextIO]:
    """The task, and where to answer; whatever a library prints must not be taken for an answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    results, sys.stdout = sys.stdout, sys.stderr
    return Task(given.model, given.batch, given.threads, given.data), results


def _say(results: TextIO, what: dict[str, float]) -> None:
    print(json.dumps(what), file=results, flush=True)
