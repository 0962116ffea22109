"""The program as a separate process on a real X server: opens, reacts to keys, closes, no output."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 240.0  # seconds

needs_x = pytest.mark.skipif(
    shutil.which("Xvfb") is None or shutil.which("xdotool") is None,
    reason="needs a virtual X server and xdotool: apt install xvfb xdotool",
)


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """The name of a new virtual X server, which chooses its number itself."""
    reading, writing = os.pipe()
    with (tmp_path / "xvfb.log").open("wb") as log:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=log,
        )
    os.close(writing)
    with os.fdopen(reading) as result:
        number = result.readline().strip()
    if not number:
        server.wait(10)
        pytest.skip(f"Xvfb does not start: {(tmp_path / 'xvfb.log').read_text()[-200:]}")
    yield f":{number}"
    server.terminate()
    server.wait(20)


def wait(condition: Callable[[], object], what: str) -> None:
    """Check the condition a few times a second until it holds."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, f"not within {PATIENCE:.0f} s: {what}"
        time.sleep(0.1)


class Program:
    """`python -m aestudio` on a display, controlled by xdotool."""

    def __init__(self, display: str, home: Path) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("QT_")},
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "AESTUDIO_HOME": str(home),
            "AESTUDIO_DATA": "",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aestudio", "--dataset", "sklearn-digits"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def xdotool(self, *arguments: str) -> str:
        """The output of an xdotool command; "" if it fails."""
        done = subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    def window(self) -> str:
        if self.process.poll() is not None:
            raise AssertionError(f"it ended by itself: {self.process.communicate()}")
        return self.xdotool("search", "--onlyvisible", "--name", "AE Studio").partition("\n")[0]

    def press(self, *keys: str) -> None:
        window = self.window()
        self.xdotool("windowfocus", "--sync", window)
        self.xdotool("key", "--window", "0", *keys)


@pytest.fixture
def program(display: str, tmp_path: Path) -> Iterator[Program]:
    started = Program(display, tmp_path / "home")
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.communicate()


@needs_x
def test_it_opens_trains_and_closes_by_keys_without_output(program: Program, tmp_path: Path) -> None:
    wait(program.window, "a window")
    runs = tmp_path / "home" / "data" / "runs"

    def started() -> bool:
        return runs.is_dir() and any(runs.glob("*/metrics.jsonl"))

    program.press("ctrl+period")
    wait(started, "a run, after the key for a single step")
    program.press("ctrl+q")
    out, err = program.process.communicate(timeout=PATIENCE)
    assert program.process.returncode == 0, err
    assert (out, err) == ("", "")
    (record,) = runs.glob("*/run.json")
    assert '"stopped"' in record.read_text()
    assert (tmp_path / "home" / "settings" / "window.ini").exists()
