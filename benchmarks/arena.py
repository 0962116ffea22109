"""The referee: contestants run in turn, round after round, and medians are compared."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from benchmarks.progress import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PATIENCE_SECONDS = 300.0
LAST_WORDS = 12  # lines of a dead contestant's messages that are shown


class Broke(RuntimeError):
    """A contestant ended, or said nothing for too long; the text has its last messages."""


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
    """Images per second of each round, the parameters of the model it trained, and why it broke, if so.

    cores: how many it kept busy in each round; less than its threads where others were at work beside it
    """

    name: str
    rates: tuple[float, ...]
    parameters: int
    failure: str = ""
    cores: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """Images per second."""
        return statistics.median(self.rates)


class Contestant:
    """A running process that answers `race`; its messages go to a file, to be shown if it breaks."""

    def __init__(self, entry: Entry, root: Path, messages: IO[str]) -> None:
        self.entry = entry
        environment = os.environ | {"OMP_NUM_THREADS": "1"} | dict(entry.environment)
        command = [entry.python, "-m", entry.module, *entry.arguments]
        self._messages = messages
        self._process = subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._messages,
        )

    def parameters(self) -> int:
        """Numbers in its model; returns when it has warmed up. Raises Broke."""
        return int(self._answer(PATIENCE_SECONDS)["parameters"])

    def race(self, seconds: float) -> tuple[float, float]:
        """Images per second over about so many seconds, and cores kept busy. Raises Broke."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{seconds}\n")
            self._process.stdin.flush()
        except OSError as gone:
            raise Broke(self._obituary()) from gone
        result = self._answer(PATIENCE_SECONDS + seconds)
        return result["images"] / result["seconds"], result["cores"]

    def _answer(self, patience: float) -> dict[str, float]:
        assert self._process.stdout is not None
        watchdog = threading.Timer(patience, self._process.kill)
        watchdog.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise Broke(self._obituary())
        return json.loads(line)

    def _obituary(self) -> str:
        code = self._process.wait()
        self._messages.seek(0)
        words = [line for line in self._messages.read().splitlines() if line.strip()][-LAST_WORDS:]
        return "\n".join([f"{self.entry.name} ended with exit code {code}", *words])

    def close(self) -> None:
        """Let it end by itself, since it waits on its standard input; killed where it does not."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # it is gone already
            self._process.stdin.close()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


@dataclass
class _Place:
    """A contestant's place in the arena."""

    contestant: Contestant
    parameters: int = 0
    races: list[tuple[float, float]] = field(default_factory=list)
    failure: str = ""

    def warm(self) -> None:
        try:
            self.parameters = self.contestant.parameters()
        except Broke as broke:
            self.failure = str(broke)

    def race(self, seconds: float) -> None:
        if self.failure:
            return
        try:
            self.races.append(self.contestant.race(seconds))
        except Broke as broke:
            self.failure = str(broke)

    def outcome(self) -> Outcome:
        rates, cores = (tuple(race[part] for race in self.races) for part in (0, 1))
        return Outcome(self.contestant.entry.name, rates, self.parameters, self.failure, cores)


def compete(entries: Sequence[Entry], root: Path, rounds: int, seconds: float) -> list[Outcome]:
    """Let every contestant run `rounds` times for `seconds`, in turn.

    Every second round goes in the opposite order, so that a machine that slows down slows all of them
    alike. A contestant that breaks says so in its outcome and the others go on. Raises ValueError where
    the contestants' models differ in size.
    """
    with ExitStack() as stack:
        places = []
        for entry in entries:
            say(f"{entry.name}: starting")
            messages = stack.enter_context(
                tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
            )
            contestant = Contestant(entry, root, messages)
            stack.callback(contestant.close)
            places.append(_Place(contestant))
            places[-1].warm()
        _same_size(places)
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            for place in places if number % 2 == 0 else reversed(places):
                place.race(seconds)
        return [place.outcome() for place in places]


def _same_size(places: Sequence[_Place]) -> None:
    sizes = {place.contestant.entry.name: place.parameters for place in places if not place.failure}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"the contestants do not train the same model; parameters: {sizes}")
