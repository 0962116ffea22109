"""Damages files of every kind, and reads them as the program does.

python -m benchmarks.reliability.mutations --per-kind 2000 --seed 0
python -m benchmarks.reliability.mutations --kinds drawings codes --keep build/damaged

Each damaged file must be read, or be refused with one sentence (StudioError), within five seconds and a
gigabyte of memory. Anything else is a failure: it is counted and named, and the file is saved in the folder
--keep. The exit code is 1 after a failure. Each kind is read in a separate process, so that a crash is a
result, too.
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
    from benchmarks.reliability.file_kinds import FileKind

SECONDS = 5.0
MEGABYTES = 1_000


@dataclass
class Tally:
    """The results of one kind of file.

    read, refused: counts; failures: counts by description; slowest: the longest time to read one, in seconds
    """

    kind: str
    read: int = 0
    refused: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    @property
    def failed(self) -> int:
        """How many were neither read nor refused."""
        return self.failures.total()


class _TooSlow(BaseException):
    """Not an Exception, so that no reader takes it for a damaged file."""


def attack(kind: FileKind, count: int, seed: int, keep: Path | None = None) -> Tally:
    """Damage the intact file `count` times, each time anew, and read it."""
    tally = Tally(kind.name)
    for number in range(count):
        random = Random(f"{kind.name} {seed} {number}")
        data = random.choice(kind.mutators)(kind.intact, random)
        kind.path.write_bytes(data)
        began = time.perf_counter()
        failure = _outcome(kind, tally)
        tally.slowest = max(tally.slowest, time.perf_counter() - began)
        if failure:
            tally.failures[failure] += 1
            _keep(keep, kind, number, data)
    kind.path.write_bytes(kind.intact)
    return tally


def _outcome(kind: FileKind, tally: Tally) -> str:
    """Read the file once; return a short description of the failure, or ""."""
    try:
        with _limited_time():
            kind.read()
    except StudioError as problem:
        if not str(problem) or "\n" in problem.what:
            return f"no sentence: {problem!r}"
        tally.refused += 1
    except _TooSlow:
        return f"took longer than {SECONDS:g} s"
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}: {error}"[:160]
    else:
        tally.read += 1
    return ""


class _limited_time:  # noqa: N801 - used as a function
    """Raise _TooSlow after SECONDS within the block, if the system has alarm signals."""

    def __enter__(self) -> None:
        if hasattr(signal, "setitimer"):
            self._before = signal.signal(signal.SIGALRM, _raise_too_slow)
            signal.setitimer(signal.ITIMER_REAL, SECONDS)

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)


def _raise_too_slow(*_: object) -> None:
    raise _TooSlow


def _keep(folder: Path | None, kind: FileKind, number: int, data: bytes) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{kind.name.replace(' ', '-')}-{number}.bin").write_bytes(data)


def _attack_alone(name: str, count: int, seed: int, keep: Path | None) -> Tally:
    """Run in a separate process with its own samples, and a gigabyte of memory beyond what they need."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AESTUDIO_HOME"] = str(Path(folder) / "home")
        kind = _kinds(Path(folder))[name]
        kind.path.write_bytes(kind.intact)
        kind.read()  # its imports and caches are not counted
        _limit_memory()
        return attack(kind, count, seed, keep)


def _kinds(folder: Path) -> dict[str, FileKind]:
    from benchmarks.reliability.file_kinds import kinds_of
    from benchmarks.reliability.samples import make_samples

    return kinds_of(make_samples(folder), folder)


def _limit_memory() -> None:
    """Limit the memory of this process to a gigabyte more than it has now, if the system can."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        limit = pages * resource.getpagesize() + MEGABYTES * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError):
        print("(memory is not limited on this system)", file=sys.stderr)


def names() -> list[str]:
    """The names of all kinds."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("AESTUDIO_HOME", str(Path(folder) / "home"))
        return list(_kinds(Path(folder)))


def main() -> int:
    """`--per-kind`, `--seed`, `--kinds`, `--keep`."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--per-kind", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", help="names of kinds; all if none is given")
    parser.add_argument("--keep", type=Path, help="folder in which to save the files that failed")
    given = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(f"{'kind':<18}{'damaged':>9}{'read':>7}{'refused':>9}{'failed':>8}{'slowest':>10}", flush=True)
    total = Tally("all")
    for name in given.kinds or names():
        tally = _attack_in_process(name, given.per_kind, given.seed, given.keep)
        _print(tally)
        total.read, total.refused = total.read + tally.read, total.refused + tally.refused
        total.failures.update(tally.failures)
        total.slowest = max(total.slowest, tally.slowest)
    _print(total, details=False)
    return 1 if total.failed else 0


def _attack_in_process(name: str, count: int, seed: int, keep: Path | None) -> Tally:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(_attack_alone, name, count, seed, keep).result()
        except BrokenProcessPool:
            return Tally(name, failures=Counter({"the process crashed": 1}))


def _print(tally: Tally, details: bool = True) -> None:
    damaged = tally.read + tally.refused + tally.failed
    print(
        f"{tally.kind:<18}{damaged:>9,}{tally.read:>7,}{tally.refused:>9,}{tally.failed:>8,}"
        f"{tally.slowest:>8.2f} s",
        flush=True,
    )
    for failure, times in tally.failures.most_common(12) if details else ():
        print(f"    {times:>5} x {failure}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
