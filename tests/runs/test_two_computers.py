"""Two computers on one folder: the second is refused, an old sign is told, nobody writes over the other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.run_record import change_record
from aestudio.runs.start import resume_run
from aestudio.storage import writer_sign
from aestudio.storage.lock import RunLock, has_writer
from aestudio.storage.writer_sign import FILE, other_writer, this_computer
from aestudio.training.events import Ended, MetricPoint, RunMoved
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event


def sign(folder: Path, age: float, host: str = "lecture-hall", machine: str = "1234") -> Path:
    """Leave the sign of a process of another computer, so many seconds old."""
    new = folder / ".new"
    new.write_text(json.dumps({"host": host, "machine": machine, "process": 1, "began": 0}))
    then = time.time() - age
    os.utime(new, (then, then))
    return new.replace(folder / FILE)


def test_a_run_of_another_computer_is_not_written(kept: KeptRun, few_digits: Dataset) -> None:
    change_record(kept.folder, status="running")
    sign(kept.folder, 4)
    assert has_writer(kept.folder)
    run = KeptRun.at(kept.folder)
    assert run.status == "running"
    before = {path.name: path.read_bytes() for path in kept.folder.iterdir() if path.is_file()}
    with pytest.raises(StudioError, match="trained on another computer, lecture-hall") as refused:
        list(resume_run(run, few_digits, epochs=3))
    assert "Stop it there" in refused.value.advice
    assert "4 s old" in refused.value.advice
    with pytest.raises(StudioError, match="being trained right now"):
        run.move_to_trash()
    after = {path.name: path.read_bytes() for path in kept.folder.iterdir() if path.is_file()}
    assert after == before


def test_an_old_sign_is_told_and_the_run_goes_on(kept: KeptRun, few_digits: Dataset) -> None:
    change_record(kept.folder, status="running")
    sign(kept.folder, 600)
    run, problems = KeptRun.at(kept.folder), list[StudioError]()
    assert run.status == "interrupted"
    list(resume_run(run, few_digits, epochs=3, on_problem=problems.append))
    assert [problem.what for problem in problems] == [
        "Another computer, lecture-hall, trained this run and gave its last sign of life 10 minutes ago; "
        "it goes on here"
    ]
    assert KeptRun.at(kept.folder).status == "finished"
    assert not (kept.folder / FILE).exists()


def test_a_sign_of_this_computer_says_nothing(kept: KeptRun, few_digits: Dataset) -> None:
    """Of a killed process: the lock of the operating system knows better."""
    sign(kept.folder, 0, *this_computer())
    problems = list[StudioError]()
    assert not has_writer(kept.folder)
    list(resume_run(KeptRun.at(kept.folder), few_digits, epochs=3, on_problem=problems.append))
    assert problems == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"host": 3}', b"\xff" * 5_000, b"null"])
def test_a_damaged_sign_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert other_writer(tmp_path) is None
    RunLock(tmp_path).release()


def test_the_holder_signs_while_it_trains(
    tmp_path: Path, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_sign, "EVERY_SECONDS", 0.01)
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    folder = tmp_path / "run"
    with closing(record(train(spec, few_digits), spec, folder)) as events:
        next(events)
        signed = json.loads((folder / FILE).read_text())
        assert (signed["host"], signed["process"]) == (this_computer()[0], os.getpid())
        os.utime(folder / FILE, (0, 0))
        while (folder / FILE).stat().st_mtime == 0:
            time.sleep(0.01)
    assert not (folder / FILE).exists()


def test_a_computer_that_slept_leaves_the_run_to_the_one_that_took_it(
    tmp_path: Path, few_digits: Dataset, kept: KeptRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes in the middle of its training, and another computer has gone on with the run meanwhile."""
    monkeypatch.setattr(writer_sign, "GONE_SECONDS", 0.0)  # it looks each time, as after a sleep
    spec = RunSpec("run", quick_recipe(), few_digits.origin, "cpu")
    folder, problems = tmp_path / "run", list[StudioError]()
    events: list[Event] = []
    theirs: dict[str, bytes] = {}
    sleeping = record(train(spec, few_digits), spec, folder, problems.append)
    for event in sleeping:
        events.append(event)
        if isinstance(event, MetricPoint) and event.step == 12 and not theirs:
            sign(folder, 0)
            (folder / "run.json").write_text("theirs")
            theirs = {"run.json": b"theirs", FILE: (folder / FILE).read_bytes()}
        if isinstance(event, Ended):
            break
    assert theirs
    with pytest.raises(StudioError, match="rescued"):
        next(sleeping)
    assert isinstance(events[-1], Ended)
    assert any(isinstance(event, RunMoved) for event in events)
    rescued = KeptRun.at(tmp_path / "run (rescued)")
    assert rescued.status == "finished"
    assert same_weights(rescued.snapshot(), kept.snapshot())
    assert rescued.points() == kept.points()
    assert {name: (folder / name).read_bytes() for name in theirs} == theirs


# A training whose disk has no locks, on a computer of the given name; its process ends like the command line.
COMPUTER = """
import sys
import filelock
def no_locks(*arguments, **named):
    raise OSError(37, "No locks available")
filelock.lock_descriptor = no_locks
from aestudio.storage import writer_sign
name = sys.argv.pop(1)
writer_sign.this_computer = lambda: (name, name)
writer_sign.EVERY_SECONDS, writer_sign.GONE_SECONDS = 0.2, float(sys.argv.pop(1))
from aestudio.cli.main import main
main()
"""


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_two_processes_on_a_disk_without_locks(tmp_path: Path) -> None:
    def computer(name: str, patience: float, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", COMPUTER, name, str(patience), "train", *arguments, "--device", "cpu"],
            env=os.environ | {"AESTUDIO_HOME": str(tmp_path / "home")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    folder = tmp_path / "run"
    small = ("--dataset", "sklearn-digits", "--set", "hidden=4", "--out", str(folder))
    first = computer("one", 60, "vae", "--epochs", "10000", *small)
    try:
        until = time.monotonic() + 240
        while not (folder / "moments").exists() and time.monotonic() < until:
            assert first.poll() is None, first.communicate()
            time.sleep(0.1)
        other = computer("other", 60, "--resume", str(folder))
        out, err = other.communicate(timeout=240)
        assert (other.returncode, out) == (1, "")
        assert "trained on another computer, one" in err
        assert first.poll() is None, "the first one is not disturbed"
    finally:
        first.send_signal(signal.SIGKILL)
        first.communicate()
    later = computer("other", 0, "--resume", str(folder), "--epochs", "10000")
    try:
        line = ""
        while "Another computer, one" not in line and later.poll() is None:
            assert later.stderr is not None
            line = later.stderr.readline()
        assert "it goes on here" in line
    finally:
        later.send_signal(signal.SIGINT)
        later.communicate(timeout=240)
    assert KeptRun.at(folder).status == "stopped"
