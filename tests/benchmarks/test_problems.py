"""The collector finds every kind of problem, and none where none is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.reliability.stalls import Stall

ROOT = Path(__file__).resolve().parents[2]

# A separate process, because the hooks belong to the whole process.
_BEGIN = """
import faulthandler, gc, logging, os, sys, tempfile, threading, time, warnings
from pathlib import Path
import numpy as np
from PySide6.QtCore import QCoreApplication, qDebug, qWarning
from benchmarks.reliability.problems import Dumps, OutsideWrites, ProblemCollector
app = QCoreApplication([])
problems = ProblemCollector(lambda: "event 7: click")
home = tempfile.tempdir = tempfile.mkdtemp()
writes, dumps = OutsideWrites(home), Dumps(0.05)
problems.install()
Path(home, "own").write_text("x")
"""
_END = """
for text in (dumps.new(), *writes.new()):
    if text:
        problems.add(text)
dumps.stop()
print(len(problems.found), "problems")
"""


def problems_of(code: str, folder: Path) -> tuple[int, str]:
    """Run code in a process; return the number of problems, and what it printed."""
    code = _BEGIN + code + _END
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env={**os.environ, "ELSEWHERE": str(folder)},
    )
    return int(done.stdout.split()[0]), done.stderr


def test_no_problem(tmp_path: Path) -> None:
    quiet = (
        "qDebug('x'); logging.getLogger('a').info('x'); np.float32(1.0).astype(np.uint8); sys.stdin.read()"
    )
    assert problems_of(quiet, tmp_path) == (0, "")


def test_files_in_an_open_folder_are_not_outside(tmp_path: Path) -> None:
    """An audit event names a file that is opened through a folder's descriptor by its bare name."""
    number, output = problems_of(
        """
folder = os.open(os.environ["HOME"], os.O_RDONLY)
os.close(os.open("inside", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
os.unlink("inside", dir_fd=folder)
os.close(folder)
""",
        tmp_path,
    )
    assert number == 0, output


def test_every_kind_is_collected(tmp_path: Path) -> None:
    """One process for all kinds, because each process loads Qt."""
    number, output = problems_of(
        """
np.array([np.nan]).astype(np.uint8)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    np.array([np.nan]).astype(np.uint8)
problems.install_warnings_hook()
np.array([1e10]).astype(np.uint8)
logging.getLogger("aestudio.somewhere").warning("a log line")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
class FailsInDestructor:
    def __del__(self):
        raise KeyError("in a destructor")
FailsInDestructor()
sys.excepthook(ValueError, ValueError("uncaught"), None)
qWarning("a message of Qt")
Path(os.environ["ELSEWHERE"], "stray").write_text("x")
open(os.devnull, "w")
gc.collect()
dumps.restart()
while b"most recent call first" not in os.pread(dumps._file.fileno(), 100_000, 0):
    pass
""",
        tmp_path,
    )
    for text in (
        "invalid value encountered in cast",
        "a log line",
        "ZeroDivisionError",
        "in a destructor",
        "uncaught",
        "a message of Qt",
        str(tmp_path / "stray"),
        "ResourceWarning",
        "most recent call first",
    ):
        assert text in output, text
    assert "during event 7: click" in output
    assert number >= 10


@pytest.mark.parametrize(
    ("late", "computing", "waiting", "own"),
    [(900, 250, 600, 250), (900, 20, 870, 20), (2500, 30, 100, 2370), (900, 20, 0, 20)],
)
def test_the_part_of_a_stall_that_the_window_caused(
    late: float, computing: float, waiting: float, own: float
) -> None:
    """Not the waiting for a core; waiting for a lock only if no load explains it."""
    assert Stall(late, computing, waiting, "event 1: click").own == own
