"""The window and the command line as processes that get a signal: the step is saved, without output."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from aestudio.runs.kept_run import KeptRun
from aestudio.signals import ending_signals
from tests.images import save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals between processes are POSIX's")

PATIENCE = 240.0  # seconds

# The window of the program; a timer presses Start as soon as that is possible.
WINDOW = """
import os, sys
from PySide6.QtCore import QTimer
from aestudio.gui import app
real = app.make_window
def make_window(*arguments):
    window = real(*arguments)
    training, timer = window.session.training, QTimer(window)
    def press():
        state = window.session.state
        if state.torch_phase == "ready" and state.data.phase == "ready" and state.training.phase == "idle":
            timer.stop()
            window.session.recipe.choose_recipe(state.recipe.with_settings({"epochs": 10_000}))
            training.start()
    timer.timeout.connect(press)
    timer.start(20)
    return window
app.make_window = make_window
app.FIRST_VIEW = "train"  # Latent would measure its axes for seconds
from aestudio.cli.main import main
sys.argv = ["aestudio", "--dataset", os.environ["DIGITS"]]
main()
"""


@pytest.fixture
def start(tmp_path: Path, few_digits: Dataset) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`start(*arguments)`: a Python process with its own home folder, and a file of digits."""
    started: list[subprocess.Popen[str]] = []
    digits = save(few_digits, tmp_path)

    def begin(*arguments: str, **options: object) -> subprocess.Popen[str]:
        home = {
            "AESTUDIO_HOME": str(tmp_path / "home"),
            "AESTUDIO_DATA": "",
            "DIGITS": str(digits),
            "QT_QPA_PLATFORM": "offscreen",
        }
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=os.environ | home,
            text=True,
            **pipes,  # type: ignore[call-overload]
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        if process.stdout is not None or process.stderr is not None:
            process.communicate()
        process.wait()


def wait(condition: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Check the condition a few times a second until it holds, while the process runs."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "not in time"
        time.sleep(0.05)


def run_in(home: Path) -> KeptRun | None:
    """The only run, once its history has more than four checkpoints."""
    runs = [KeptRun.at(path.parent) for path in home.glob("data/runs/*/run.json")]
    return runs[0] if runs and len(runs[0].history_checkpoints()) > 4 else None


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=() if number == signal.SIGTERM else pytest.mark.slow)
        for number in ending_signals()
    ],
)
def test_a_signal_closes_the_window_and_saves_the_step(
    number: int, start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = start("-c", WINDOW)
    wait(lambda: run_in(tmp_path / "home"), process)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, err) == ("", "")
    assert process.returncode == 128 + number
    run = run_in(tmp_path / "home")
    assert run is not None
    assert run.status == "stopped"
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    assert checkpoint.counters["step"] == run.require_record().step == run.history_checkpoints()[-1].step
    assert (tmp_path / "home" / "settings" / "window.ini").exists()


@pytest.mark.thorough
def test_a_signal_during_the_start_closes_the_window(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """The signal comes as soon as the window can be shown, while its threads are starting."""
    code = WINDOW.replace("training.start()", "print('here', flush=True)")
    process = start("-c", code)
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, err, process.returncode) == ("", "", 128 + signal.SIGINT)


# The program gets a signal while it makes its window, before its event loop runs.
EARLY = """
import os, signal
from aestudio.gui import app
real = app.make_window
def make_window(*arguments):
    os.kill(os.getpid(), signal.SIGTERM)
    return real(*arguments)
app.make_window = make_window
import sys
from aestudio.cli.main import main
sys.argv = ["aestudio", "--dataset", os.environ["DIGITS"]]
main()
"""


# A library turns the interrupt into an error of its own, as PySide6 does while it is imported.
WHILE_IMPORTED = """
import os, signal, sys
from aestudio.cli import main
def open_window():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except KeyboardInterrupt:
        raise ImportError("could not import module 'PySide6.QtGui'") from None
from aestudio.gui import app
app.open_window = open_window
sys.argv = ["aestudio"]
main.main()
"""


def test_a_signal_while_the_window_is_imported_is_a_stop(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("-c", WHILE_IMPORTED)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, err, process.returncode) == ("", "aestudio: Stopped.\n", 128 + signal.SIGTERM)


def test_a_problem_after_a_signal_is_still_reported(start: Callable[..., subprocess.Popen[str]]) -> None:
    """A training whose result cannot be written after Ctrl+C must not look like one that was saved."""
    code = WHILE_IMPORTED.replace('raise ImportError("could', 'raise ValueError("could')
    assert code != WHILE_IMPORTED
    out, err = start("-c", code).communicate(timeout=PATIENCE)
    assert out == ""
    assert "Unexpected problem (ValueError: could not import" in err


@pytest.mark.thorough
def test_a_signal_before_the_event_loop_ends_the_program(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("-c", EARLY)
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, err, process.returncode) == ("", "", 128 + signal.SIGTERM)


@pytest.mark.slow
def test_a_second_signal_ends_the_window_at_once_and_the_run_stays(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """A task that never ends does not delay the second signal."""
    endless = "window.session.run_task('e', 'e', lambda progress: __import__('time').sleep(1000), print)"
    process = start("-c", WINDOW.replace("training.start()", f"training.start(); {endless}"))
    wait(lambda: run_in(tmp_path / "home"), process)
    process.send_signal(signal.SIGTERM)
    run = run_in(tmp_path / "home")
    assert run is not None
    wait(lambda: KeptRun.at(run.folder).status == "stopped", process)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=PATIENCE)
    assert time.monotonic() - began < 10  # without it the window waits for 15 s
    assert (out, err, process.returncode) == ("", "", 128 + signal.SIGTERM)


@pytest.mark.slow
def test_a_closed_terminal_stops_a_training_of_the_command_line(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """The terminal is closed: nothing can be written to it any more."""
    import pty

    master, slave = pty.openpty()
    arguments = ("-m", "aestudio", "train", "vae", "--dataset", "sklearn-digits", "--epochs", "10000")
    process = start(*arguments, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    wait(lambda: run_in(tmp_path / "home"), process)
    os.close(master)
    process.send_signal(signal.SIGHUP)  # as the kernel does where the terminal is the process's own
    assert process.wait(PATIENCE) == 130
    run = run_in(tmp_path / "home")
    assert run is not None
    assert run.status == "stopped"
    assert run.checkpoint() is not None
