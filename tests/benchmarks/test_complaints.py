"""What a monkey hears: each kind of thing that can go wrong, and nothing where nothing does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.reliability.holds import Held

ROOT = Path(__file__).resolve().parents[2]

# A process of its own: what it listens to belongs to the whole process.
_BEGIN = """
import faulthandler, gc, logging, os, sys, tempfile, threading, time, warnings
from pathlib import Path
import numpy as np
from PySide6.QtCore import QCoreApplication, qDebug, qWarning
from benchmarks.reliability.complaints import Complaints, Dumps, ForeignWrites
app = QCoreApplication([])
complaints = Complaints(lambda: "event 7: click")
home = tempfile.tempdir = tempfile.mkdtemp()
writes, dumps = ForeignWrites(home), Dumps(0.05)
complaints.listen()
Path(home, "own").write_text("x")
"""
_END = """
for text in (dumps.new(), *writes.new()):
    if text:
        complaints.add(text)
dumps.stop()
print(len(complaints.found), "heard")
"""


def complaints_of(what: str, folder: Path) -> tuple[int, str]:
    """How many complaints a process has that does this, and what it printed of them."""
    code = _BEGIN + what + _END
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "ELSEWHERE": str(folder)},
    )
    return int(done.stdout.split()[0]), done.stderr


def test_silence(tmp_path: Path) -> None:
    quiet = (
        "qDebug('x'); logging.getLogger('a').info('x'); np.float32(1.0).astype(np.uint8); sys.stdin.read()"
    )
    assert complaints_of(quiet, tmp_path) == (0, "")


def test_files_in_an_open_folder_are_no_strangers(tmp_path: Path) -> None:
    """An audit event names a file that is opened through a folder's descriptor by its bare name."""
    number, told = complaints_of(
        """
folder = os.open(os.environ["HOME"], os.O_RDONLY)
os.close(os.open("inside", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
os.unlink("inside", dir_fd=folder)
os.close(folder)
""",
        tmp_path,
    )
    assert number == 0, told


def test_every_kind_is_heard(tmp_path: Path) -> None:
    """One process for all, as each loads Qt."""
    number, told = complaints_of(
        """
np.array([np.nan]).astype(np.uint8)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    np.array([np.nan]).astype(np.uint8)
complaints.listen_to_warnings()
np.array([1e10]).astype(np.uint8)
logging.getLogger("aestudio.somewhere").warning("a log line")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
class Dies:
    def __del__(self):
        raise KeyError("in a destructor")
Dies()
sys.excepthook(ValueError, ValueError("uncaught"), None)
qWarning("a word of Qt")
Path(os.environ["ELSEWHERE"], "stray").write_text("x")
open(os.devnull, "w")
gc.collect()
dumps.watch()
while b"most recent call first" not in os.pread(dumps._file.fileno(), 100_000, 0):
    pass
""",
        tmp_path,
    )
    for word in (
        "invalid value encountered in cast",
        "a log line",
        "ZeroDivisionError",
        "in a destructor",
        "uncaught",
        "a word of Qt",
        str(tmp_path / "stray"),
        "ResourceWarning",
        "most recent call first",
    ):
        assert word in told, word
    assert "during event 7: click" in told
    assert number >= 10


@pytest.mark.parametrize(
    ("late", "computing", "waiting", "own"),
    [(900, 250, 600, 250), (900, 20, 870, 20), (2500, 30, 100, 2370), (900, 20, 0, 20)],
)
def test_what_a_hold_is_charged_with(late: float, computing: float, waiting: float, own: float) -> None:
    """Not with the cores that others took; with a lock only where no load explains it."""
    assert Held(late, computing, waiting, "event 1: click").own == own
