"""The referee: contestants run in turn, round after round, and medians are compared."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """A contestant's name in the table, its module, the interpreter that runs it, extra arguments."""

    name: str
    module: str
    python: str = sys.executable
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """Images per second of each round, and the parameters of the model it trained."""

    name: str
    rates: tuple[float, ...]
    parameters: int

    @property
    def median(self) -> float:
        """Images per second."""
        return statistics.median(self.rates)


class Contestant:
    """A running process that answers `race`."""

    def __init__(self, entry: Entry, root: Path) -> None:
        self.entry = entry
        environment = os.environ | {"OMP_NUM_THREADS": "1"} | dict(entry.environment)
        command = [entry.python, "-m", entry.module, *entry.arguments]
        self._process = subprocess.Popen(
            command, cwd=root, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if entry.environment.get("QUIET") else None,
        )  # fmt: skip
        self.parameters = int(self._answer()["parameters"])

    def race(self, seconds: float) -> float:
        """Images per second over about so many seconds."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        answer = self._answer()
        return answer["images"] / answer["seconds"]

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            raise RuntimeError(f"{self.entry.name} ended with exit code {code}; its messages stand above")
        return json.loads(line)

    def close(self) -> None:
        """Let it end by itself; it waits on its standard input."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def compete(entries: Sequence[Entry], root: Path, rounds: int, seconds: float) -> list[Outcome]:
    """Let every contestant run `rounds` times for `seconds`, in turn; raises RuntimeError where one breaks."""
    with ExitStack() as stack:
        contestants = []
        for entry in entries:
            contestants.append(Contestant(entry, root))
            stack.callback(contestants[-1].close)
        rates: list[list[float]] = [[] for _ in contestants]
        for _ in range(rounds):
            for row, contestant in zip(rates, contestants, strict=True):
                row.append(contestant.race(seconds))
        return [
            Outcome(contestant.entry.name, tuple(row), contestant.parameters)
            for contestant, row in zip(contestants, rates, strict=True)
        ]
