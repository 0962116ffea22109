"""One side of a comparison: a process of its own that trains for as long as it is told, and says how much.

The referee (`arena.py`) starts every contestant of a comparison, waits until each has warmed up, and then
lets them run in turn, so that the drift of a shared machine meets all of them. This file imports
nothing that the peers' own environment may lack.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Race = Callable[[float], "tuple[int, float]"]


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


def serve(prepare: Callable[[Task], Ready]) -> None:
    """Prepare, then answer each line of standard input (seconds) with images and seconds as JSON."""
    task = _arguments()
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints must not be taken for an answer
    ready = prepare(task)
    _say(answers, {"parameters": ready.parameters})
    for line in sys.stdin:
        images, seconds = ready.race(float(line))
        _say(answers, {"images": images, "seconds": seconds})


def _arguments() -> Task:
    from pathlib import Path

    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    return Task(given.model, given.batch, given.threads, given.data)


def _say(answers: object, what: dict[str, float]) -> None:
    print(json.dumps(what), file=answers, flush=True)  # type: ignore[arg-type]
