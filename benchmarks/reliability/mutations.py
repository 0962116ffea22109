"""Damages files of every kind and reads them as the program does.

python -m benchmarks.reliability.mutations --per-kind 2000 --seed 0
python -m benchmarks.reliability.mutations --kinds pins codes --keep build/damaged

Each damaged file must be read, or be answered by one sentence (StudioError), within five seconds and a
gigabyte of memory. Anything else is counted as a failure, is named, and is kept where --keep says. The exit
code is 1 where there was one. Each kind is read in a process of its own: a crash is a result, too.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from benchmarks.reliability.kinds import Kind

SECONDS = 5.0
MEGABYTES = 1_000


@dataclass
class Tally:
    """What became of the damaged files of one kind.

    failures: by what went wrong, how often; slowest: seconds of the slowest one
    """

    kind: str
    read: int = 0
    told: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    @property
    def failed(self) -> int:
        """How many were neither read nor told."""
        return self.failures.total()


class _TooSlow(BaseException):
    """Not an Exception, so that nothing in between takes it for a damaged file."""


def attack(kind: Kind, count: int, seed: int, keep: Path | None = None) -> Tally:
    """Damage the sound file so many times, each time anew, and read it."""
    tally = Tally(kind.name)
    for number in range(count):
        random = Random(f"{kind.name} {seed} {number}")
        data = random.choice(kind.mutators)(kind.sound, random)
        kind.path.write_bytes(data)
        began = time.perf_counter()
        failure = _outcome(kind, tally)
        tally.slowest = max(tally.slowest, time.perf_counter() - began)
        if failure:
            tally.failures[failure] += 1
            _keep(keep, kind, number, data)
    kind.path.write_bytes(kind.sound)
    return tally


def _outcome(kind: Kind, tally: Tally) -> str:
    """Read the file once; what went wrong in a few words, or ""."""
    try:
        with _limited_time():
            kind.read()
    except StudioError as problem:
        if not str(problem) or "\n" in problem.what:
            return f"no sentence: {problem!r}"
        tally.told += 1
    except _TooSlow:
        return f"took longer than {SECONDS:g} s"
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}"[:160]
    else:
        tally.read += 1
    return ""


class _limited_time:  # noqa: N801 - used as a function
    """Inside it, SECONDS after the beginning, _TooSlow is raised; without an alarm clock nothing is."""

    def __enter__(self) -> None:
        if hasattr(signal, "setitimer"):
            self._before = signal.signal(signal.SIGALRM, _ring)
            signal.setitimer(signal.ITIMER_REAL, SECONDS)

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)


def _ring(*_: object) -> None:
    raise _TooSlow


def _keep(folder: Path | None, kind: Kind, number: int, data: bytes) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{kind.name.replace(' ', '-')}-{number}.bin").write_bytes(data)


def _attack_alone(name: str, count: int, seed: int, keep: Path | None) -> Tally:
    """In a process of its own: samples of its own, and no more than a gigabyte more than they take."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as place:
        os.environ["AESTUDIO_HOME"] = str(Path(place) / "home")
        kind = _kinds(Path(place))[name]
        kind.path.write_bytes(kind.sound)
        kind.read()  # what it imports and holds is not counted
        _limit_memory()
        return attack(kind, count, seed, keep)


def _kinds(place: Path) -> dict[str, Kind]:
    from benchmarks.reliability.kinds import kinds_of
    from benchmarks.reliability.samples import make_samples

    return kinds_of(make_samples(place), place)


def _limit_memory() -> None:
    """Let this process have no more than a gigabyte more than it has; where the system can."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + MEGABYTES * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError):
        print("(memory is not limited on this system)", file=sys.stderr)


def names() -> list[str]:
    """Every kind, by name."""
    with tempfile.TemporaryDirectory() as place:
        os.environ.setdefault("AESTUDIO_HOME", str(Path(place) / "home"))
        return list(_kinds(Path(place)))


def main() -> int:
    """`--per-kind`, `--seed`, `--kinds`, `--keep`."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--per-kind", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", help="all of them if none is named")
    parser.add_argument("--keep", type=Path, help="a folder for files that were answered wrongly")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(f"{'kind':<18}{'damaged':>9}{'read':>7}{'told':>7}{'failed':>8}{'slowest':>10}", flush=True)
    total = Tally("all")
    for name in given.kinds or names():
        tally = _attacked(name, given.per_kind, given.seed, given.keep)
        _print(tally)
        total.read, total.told = total.read + tally.read, total.told + tally.told
        total.failures.update(tally.failures)
        total.slowest = max(total.slowest, tally.slowest)
    _print(total, details=False)
    return 1 if total.failed else 0


def _attacked(name: str, count: int, seed: int, keep: Path | None) -> Tally:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(_attack_alone, name, count, seed, keep).result()
        except BrokenProcessPool:
            return Tally(name, failures=Counter({"the process crashed": 1}))


def _print(tally: Tally, details: bool = True) -> None:
    damaged = tally.read + tally.told + tally.failed
    print(
        f"{tally.kind:<18}{damaged:>9,}{tally.read:>7,}{tally.told:>7,}{tally.failed:>8,}"
        f"{tally.slowest:>8.2f} s",
        flush=True,
    )
    for failure, times in tally.failures.most_common(12) if details else ():
        print(f"    {times:>5} x {failure}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
