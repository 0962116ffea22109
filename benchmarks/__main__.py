"""`python -m benchmarks [NAME ...]` measures, prints a table and writes JSON (benchmarks/README.md)."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from benchmarks import measures
from benchmarks.machine import describe, qt_platform
from benchmarks.progress import show_progress
from benchmarks.report import Report, without_home, write
from benchmarks.settings import RESULTS, ROOT, Settings
from benchmarks.table import Row, text_table

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA_NAME = "AESTUDIO_DATA"


class Measure(Protocol):
    """A module of `benchmarks/measures/`."""

    TITLE: str

    def measure(self, settings: Settings) -> list[Row]:
        """Measure, and return the rows of the table."""
        ...


def names() -> list[str]:
    """The names of all benchmarks: the modules of `benchmarks/measures/`."""
    return sorted(module.name for module in pkgutil.iter_modules(measures.__path__))


def find(name: str) -> Measure:
    """Import the benchmark of that name."""
    return cast("Measure", importlib.import_module(f"benchmarks.measures.{name}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 1 if a benchmark failed (the others still ran), 2 for a wrong argument."""
    given = _parse(arguments)
    if given.list:
        for name in names():
            print(f"{name:12} {find(name).TITLE}")
        return 0
    settings = Settings(
        given.data.resolve(), given.rounds, given.seconds, given.peers, given.peers_environment
    )
    os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM") or qt_platform()
    show_progress("the machine")
    machine, date = describe(), f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    report = Report(machine, date, settings.rounds, settings.seconds, ())
    for name in given.names or names():
        report = replace(report, rows=(*report.rows, *run(name, settings)))
        write(given.json, report.to_json())  # after each, so that an interrupted run keeps its results
    print(without_home(text_table(report.rows)))
    if given.markdown:
        write(given.markdown, report.to_markdown())
    return int(report.broke)


def run(name: str, settings: Settings) -> list[Row]:
    """The rows of one benchmark; a single row with the reason if it fails."""
    show_progress(f"== {name}")
    try:
        return find(name).measure(settings)
    except Exception as problem:  # of any kind: the other benchmarks still run
        traceback.print_exc()
        return [Row.broken(name, "the whole benchmark", "", f"{type(problem).__name__}: {problem}")]


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    known = names()
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description="Measures what is claimed about speed."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}; all without one")
    parser.add_argument(
        "--data",
        type=Path,
        default=_data_folder(),
        metavar="DIR",
        help=f"folder with MNIST in torchvision's layout; otherwise {DATA_NAME}",
    )
    parser.add_argument("--rounds", type=int, default=Settings.rounds, metavar="N")
    parser.add_argument("--seconds", type=float, default=Settings.seconds, metavar="S", help="of each run")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="leave out other libraries")
    parser.add_argument("--peers-environment", type=Path, metavar="DIR", help="otherwise AESTUDIO_PEERS")
    parser.add_argument("--json", type=Path, default=RESULTS / "results.json", metavar="FILE")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table for README there")
    parser.add_argument("--list", action="store_true", help="list the benchmarks")
    given = parser.parse_args(arguments)
    wrong = [name for name in given.names if name not in known]
    if wrong:
        parser.error(f"no benchmark is called {', '.join(wrong)}; there are: {', '.join(known)}")
    if given.rounds < 1 or given.seconds <= 0:
        parser.error("--rounds is at least 1, and --seconds more than 0")
    if not given.list and not (given.data / "MNIST" / "raw").is_dir():
        parser.error(f"no MNIST in {given.data}: name a folder that has MNIST/raw with --data or {DATA_NAME}")
    return given


def _data_folder() -> Path:
    named = os.environ.get(DATA_NAME)
    return Path(named) if named else ROOT.parent / "shared" / "data"


if __name__ == "__main__":
    sys.exit(main())
