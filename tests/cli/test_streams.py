"""Results that cannot be written, closed readers, and signals: an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.cli import main
from aestudio.runs.kept_run import KeptRun
from aestudio.signals import ending_signals
from tests.cli.conftest import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="descriptors and signals of POSIX")
LINES = [("recipes", "--json"), ("recipes",), ("--version",), ("--help",), ("evaluate", "nothing", "--json")]
PATIENCE = 240


def process(*arguments: str, **streams: Any) -> subprocess.CompletedProcess[str]:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    command = [sys.executable, "-m", "aestudio", *arguments]
    return subprocess.run(command, check=False, text=True, timeout=PATIENCE, **pipes)


@needs_full
@pytest.mark.parametrize("arguments", LINES)
def test_a_full_disk_is_reported_in_one_sentence(arguments: tuple[str, ...]) -> None:
    with FULL.open("w") as full:
        done = process(*arguments, stdout=full)
    assert done.returncode == (2 if "nothing" in arguments else 1)
    assert done.stderr.startswith("aestudio: ")
    assert done.stderr.count("\n") == 1


@needs_full
def test_the_exit_code_is_right_if_nothing_can_be_written() -> None:
    with FULL.open("w") as full:
        assert process("evaluate", "nothing", "--json", stdout=full, stderr=full).returncode == 2
        assert process("recipes", "--json", stdout=full, stderr=full).returncode == 1


@needs_posix
@pytest.mark.parametrize("arguments", LINES)
def test_a_closed_reader_changes_nothing(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = process(*arguments, stdout=writing)
    finally:
        os.close(writing)
    assert done.returncode == (2 if "nothing" in arguments else 0)
    assert done.stderr.count("\n") == ("nothing" in arguments)
    assert "Traceback" not in done.stderr


@needs_posix
@pytest.mark.parametrize("closed", [1, 2])
@pytest.mark.parametrize("arguments", [LINES[0], LINES[-1]])
def test_a_closed_stream_changes_nothing(arguments: tuple[str, ...], closed: int) -> None:
    """As by `>&-` and `2>&-` of a shell."""
    done = process(*arguments, preexec_fn=lambda: os.close(closed))
    assert done.returncode == (2 if "nothing" in arguments else 0)
    if closed == 2:
        assert json.loads(done.stdout)
        assert done.stdout.count("\n") == 1
    else:
        assert done.stdout == ""
        assert done.stderr.count("\n") == ("nothing" in arguments)


@needs_full
def test_a_training_whose_metrics_cannot_be_written_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "train",
        "vae",
        "--dataset",
        "builtin",
        *map(str, SMALL),
        "--json",
        "--out",
        str(tmp_path / "run"),
    ]
    with FULL.open("w") as full, monkeypatch.context() as context:
        context.setattr(sys, "stdout", full)
        assert main.run(arguments) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("aestudio: The result cannot be written")
    run = KeptRun.at(tmp_path / "run")
    assert run.status == "finished"
    assert run.require_record().evaluation is not None


@needs_posix
def test_a_diverged_training_with_a_closed_reader_has_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is the training's, also if the reader has closed the pipe."""
    bad = ["--set", "optimiser=sgd", "--set", "learning_rate=10"]
    arguments = [
        "train",
        "vae",
        "--dataset",
        "builtin",
        *map(str, SMALL),
        *bad,
        "--out",
        str(tmp_path / "run"),
    ]
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe, monkeypatch.context() as context:
        context.setattr(sys, "stdout", pipe)
        assert main.run([*arguments, "--json"]) == 1
    assert "Traceback" not in capsys.readouterr().err


# A command that waits, and says so. With "twice" a second signal comes while the first one is answered.
WAITING = """
import os, signal, sys
from aestudio.cli import main, output
from aestudio.cli.commands import datasets
def wait(*arguments):
    print("ready", file=sys.stderr, flush=True)
    while True:
        signal.pause()
datasets.list_datasets = wait
if "twice" in sys.argv:
    sys.argv.remove("twice")
    real = main.print_error
    def fail(*arguments):
        os.kill(os.getpid(), signal.SIGINT)
        return real(*arguments)
    main.print_error = fail
main.main()
"""


@needs_posix
@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("number", ending_signals())
def test_a_signal_ends_any_command_with_one_line(number: signal.Signals, twice: bool) -> None:
    arguments = ["datasets", "--json", *(["twice"] if twice else [])]
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as waiting:
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == "ready\n"
        waiting.send_signal(number)
        out, err = waiting.communicate(timeout=PATIENCE)
    assert waiting.returncode == 130
    assert err == "aestudio: Stopped.\n"
    assert out.count("\n") == 1
    assert json.loads(out)["error"] == {"what": "Stopped", "where": "", "advice": "", "exit_code": 130}


@needs_posix
def test_a_signal_that_is_ignored_stays_so() -> None:
    """As below `nohup`."""
    code = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from aestudio.cli import main\n"
        "main.run = lambda *_: 7 if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else 8\n"
        "main.main()"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=PATIENCE).returncode == 7


def test_in_the_same_process_no_handler_changes(aestudio: Callable[..., Answer]) -> None:
    """A caller of `run` keeps its own signal handlers."""
    before = [signal.getsignal(number) for number in ending_signals()]
    assert aestudio("recipes", "--json").code == 0
    assert [signal.getsignal(number) for number in ending_signals()] == before
