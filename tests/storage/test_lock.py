"""One writer at a time, and no lock remains when it dies."""

from __future__ import annotations

import errno
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.storage.lock import FILE, RunLock, has_writer

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from aestudio.storage.lock import RunLock
lock = RunLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_is_held_and_released(tmp_path: Path) -> None:
    assert not has_writer(tmp_path)
    lock = RunLock(tmp_path)
    assert has_writer(tmp_path)
    with pytest.raises(StudioError, match="right now"):
        RunLock(tmp_path)
    assert has_writer(tmp_path)
    lock.release()
    lock.release()
    assert not has_writer(tmp_path)
    assert (tmp_path / FILE).exists()
    RunLock(tmp_path).release()


def test_the_lock_of_a_killed_writer_is_free(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert has_writer(tmp_path)
        process.kill()
        process.wait(10)
    assert not has_writer(tmp_path)


def test_a_file_system_without_locks_counts_as_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, *, blocking: bool) -> bool:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("filelock.lock_descriptor", refuse)
    lock = RunLock(tmp_path)
    assert not has_writer(tmp_path)
    lock.release()


def test_checking_for_a_writer_creates_no_file(tmp_path: Path) -> None:
    assert not has_writer(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_an_earlier_version_is_detected(tmp_path: Path) -> None:
    """Earlier versions called `flock` themselves: two versions at work must not share a folder."""
    fcntl = pytest.importorskip("fcntl")
    with (tmp_path / FILE).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert has_writer(tmp_path)
    assert not has_writer(tmp_path)
