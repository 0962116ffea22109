"""One side of a comparison: a process that trains for as long as requested and reports the number of images.

`interleaved_runs.py` starts every candidate of a comparison, waits until each has warmed up, and lets them
run in turn, so that changes in the speed of a shared machine affect all of them. `serve` calls a training
loop of this package; the loop of another library calls a `StepGate` after each step. This file imports
nothing that the environment of the other libraries may lack.
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

    TimedTraining = Callable[[float], "tuple[int, float]"]

WARM_STEPS = 30


class Task(NamedTuple):
    """What to train: the model's name, images per step, threads of torch, the folder of MNIST."""

    model: str
    batch: int
    threads: int
    data: Path


class Ready(NamedTuple):
    """A candidate after its warm-up.

    train:      seconds requested -> (images trained, seconds that it took)
    parameters: of its model, to check that all candidates train the same one
    """

    train: TimedTraining
    parameters: int


class BusyCores:
    """The number of cores that this process used since the object was made; less if others used them."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._used = time.process_time()

    def count(self) -> float:
        """CPU seconds of all threads per second."""
        return (time.process_time() - self._used) / (time.perf_counter() - self._began)


def serve(prepare: Callable[[Task], Ready]) -> None:
    """Prepare; then for each line of standard input (seconds), train and print the result as JSON."""
    task, results = _begin()
    ready = prepare(task)
    _send(results, {"parameters": ready.parameters})
    for line in sys.stdin:
        cores = BusyCores()
        images, seconds = ready.train(float(line))
        _send(results, {"images": images, "seconds": seconds, "cores": cores.count()})


class Finished(BaseException):
    """The comparison is over; no Exception, so that it ends a library's training past `except Exception`."""


class StepGate:
    """Blocks a library's training between two rounds.

    Call `passed(images)` from the library's callback after each step. The first steps are the warm-up.
    """

    def __init__(self, results: TextIO, parameters: int) -> None:
        self._results = results
        self._parameters = parameters
        self._warm_steps = WARM_STEPS
        self._images = 0.0
        self._began = self._until = 0.0
        self._cores = BusyCores()

    def passed(self, images: float) -> None:
        """Count the images of a step; raises Finished when standard input was closed."""
        if self._warm_steps:
            self._warm_steps -= 1
            if not self._warm_steps:
                _send(self._results, {"parameters": self._parameters})
                self._wait_for_round()
            return
        self._images += images
        now = time.perf_counter()
        if now >= self._until:
            cores = self._cores.count()
            _send(self._results, {"images": self._images, "seconds": now - self._began, "cores": cores})
            self._wait_for_round()

    def _wait_for_round(self) -> None:
        line = sys.stdin.readline()
        if not line:
            raise Finished
        self._images, self._began, self._cores = 0.0, time.perf_counter(), BusyCores()
        self._until = self._began + float(line)


def serve_library(train: Callable[[Task, Callable[[int], StepGate]], None]) -> None:
    """Run a library's training until the comparison is over.

    train: gets the task, and a function that makes the gate from the model's number of parameters
    """
    task, results = _begin()
    try:
        train(task, lambda parameters: StepGate(results, parameters))
    except Finished:
        return
    raise RuntimeError("the library's training ended by itself")


def _begin() -> tuple[Task, TextIO]:
    """The task, and the stream for results; the output of a library goes to standard error instead."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    results, sys.stdout = sys.stdout, sys.stderr
    return Task(given.model, given.batch, given.threads, given.data), results


def _send(results: TextIO, message: dict[str, float]) -> None:
    print(json.dumps(message), file=results, flush=True)
