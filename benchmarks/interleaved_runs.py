"""Runs the candidates of a comparison in turn, round after round, and compares medians."""

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

from benchmarks.progress import show_progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TIMEOUT_SECONDS = 300.0
LAST_LINES = 12  # of the messages of a failed candidate


class CandidateFailed(RuntimeError):
    """A candidate ended or did not respond in time; the text has its last messages."""


@dataclass(frozen=True)
class Candidate:
    """A candidate: its name in the table, module, interpreter, arguments and environment variables."""

    name: str
    module: str
    python: str = sys.executable
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """The results of one candidate.

    rates: images per second of each round; parameters: of its model; failure: its error message, or ""
    cores: how many it kept busy in each round; less than its threads if other programs used them
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


class CandidateProcess:
    """A running candidate; its messages go to a file, which is shown if it fails."""

    def __init__(self, candidate: Candidate, root: Path, messages: IO[str]) -> None:
        self.candidate = candidate
        environment = os.environ | {"OMP_NUM_THREADS": "1"} | dict(candidate.environment)
        command = [candidate.python, "-m", candidate.module, *candidate.arguments]
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
        """The number of parameters of its model; returns after the warm-up. Raises CandidateFailed."""
        return int(self._receive(TIMEOUT_SECONDS)["parameters"])

    def train(self, seconds: float) -> tuple[float, float]:
        """Train for about `seconds`; (images per second, busy cores). Raises CandidateFailed."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{seconds}\n")
            self._process.stdin.flush()
        except OSError as error:
            raise CandidateFailed(self._failure_message()) from error
        result = self._receive(TIMEOUT_SECONDS + seconds)
        return result["images"] / result["seconds"], result["cores"]

    def _receive(self, timeout: float) -> dict[str, float]:
        assert self._process.stdout is not None
        watchdog = threading.Timer(timeout, self._process.kill)
        watchdog.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            raise CandidateFailed(self._failure_message())
        return json.loads(line)

    def _failure_message(self) -> str:
        code = self._process.wait()
        self._messages.seek(0)
        lines = [line for line in self._messages.read().splitlines() if line.strip()][-LAST_LINES:]
        return "\n".join([f"{self.candidate.name} ended with exit code {code}", *lines])

    def close(self) -> None:
        """Close its standard input, at which it ends; kill it if it does not."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # it has ended already
            self._process.stdin.close()
        try:
            self._process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


@dataclass
class _Runs:
    """The runs of one candidate so far."""

    process: CandidateProcess
    parameters: int = 0
    rounds: list[tuple[float, float]] = field(default_factory=list)
    failure: str = ""

    def warm_up(self) -> None:
        try:
            self.parameters = self.process.parameters()
        except CandidateFailed as error:
            self.failure = str(error)

    def run_round(self, seconds: float) -> None:
        if self.failure:
            return
        try:
            self.rounds.append(self.process.train(seconds))
        except CandidateFailed as error:
            self.failure = str(error)

    def outcome(self) -> Outcome:
        rates, cores = (tuple(values[index] for values in self.rounds) for index in (0, 1))
        return Outcome(self.process.candidate.name, rates, self.parameters, self.failure, cores)


def run_interleaved(
    candidates: Sequence[Candidate], root: Path, rounds: int, seconds: float
) -> list[Outcome]:
    """Let every candidate train `rounds` times for `seconds`, in turn.

    Every second round has the opposite order, so that a machine that slows down slows all of them alike.
    The outcome of a candidate that fails has its error message, and the others continue. Raises ValueError
    if the candidates' models differ in size.
    """
    with ExitStack() as stack:
        runs = []
        for candidate in candidates:
            show_progress(f"{candidate.name}: starting")
            messages = stack.enter_context(
                tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
            )
            process = CandidateProcess(candidate, root, messages)
            stack.callback(process.close)
            runs.append(_Runs(process))
            runs[-1].warm_up()
        _check_same_size(runs)
        for number in range(rounds):
            show_progress(f"round {number + 1} of {rounds}")
            for one in runs if number % 2 == 0 else reversed(runs):
                one.run_round(seconds)
        return [one.outcome() for one in runs]


def _check_same_size(runs: Sequence[_Runs]) -> None:
    sizes = {one.process.candidate.name: one.parameters for one in runs if not one.failure}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"the candidates do not train the same model; parameters: {sizes}")
