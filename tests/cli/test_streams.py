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
from tests.forks import Forks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Answer

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="descriptors and signals of POSIX")
LINES = [("recipes", "--json"), ("recipes",), ("--version",), ("--help",), ("evaluate", "nothing", "--json")]
PATIENCE = 240


# Runs a command line as a process does, with its streams going to these files, or to a reader that has gone.
COMMAND = """
import contextlib, io, os, sys
from aestudio.cli import main

with contextlib.redirect_stdout(io.StringIO()):
    main.run(["recipes", "--json"])  # what it imports on the way is imported once

def case(out, err, *arguments):
    for number, name in ((1, out), (2, err)):
        if name == "closed":
            reading, writing = os.pipe()
            os.close(reading)
        else:
            writing = os.open(name, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(writing, number)
    sys.argv[1:] = arguments
    main.main()
"""


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """One process imports the program for all command lines: each runs in a fork."""
    forks = Forks(COMMAND, tmp_path_factory.mktemp("home"))
    yield forks
    forks.close()


def process(*arguments: str, **streams: Any) -> subprocess.CompletedProcess[str]:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    command = [sys.executable, "-m", "aestudio", *arguments]
    return subprocess.run(command, check=False, text=True, timeout=PATIENCE, **pipes)


@needs_full
@pytest.mark.parametrize("arguments", LINES)
def test_a_full_disk_is_reported_in_one_sentence(
    arguments: tuple[str, ...], commands: Forks, tmp_path: Path
) -> None:
    err = tmp_path / "err"
    assert commands.run(str(FULL), str(err), *arguments) == (2 if "nothing" in arguments else 1)
    assert err.read_text().startswith("aestudio: ")
    assert err.read_text().count("\n") == 1


@needs_full
def test_the_exit_code_is_right_if_nothing_can_be_written(commands: Forks) -> None:
    assert commands.run(str(FULL), str(FULL), "evaluate", "nothing", "--json") == 2
    assert commands.run(str(FULL), str(FULL), "recipes", "--json") == 1


@needs_posix
@pytest.mark.parametrize("arguments", LINES)
def test_a_closed_reader_changes_nothing(arguments: tuple[str, ...], commands: Forks, tmp_path: Path) -> None:
    err = tmp_path / "err"
    assert commands.run("closed", str(err), *arguments) == (2 if "nothing" in arguments else 0)
    assert err.read_text().count("\n") == ("nothing" in arguments)
    assert "Traceback" not in err.read_text()


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


# Sends a signal to a command that waits. With "twice" a second one comes while the first is answered.
WAITING = """
import contextlib, io, os, signal, sys, time
from pathlib import Path
from aestudio.cli import main, output
from aestudio.cli.commands import datasets

with contextlib.redirect_stdout(io.StringIO()):
    main.run(["datasets", "--json"])

def wait(*arguments):
    print("ready", file=sys.stderr, flush=True)
    while True:
        signal.pause()

def case(number, twice, out, err):
    waiting = os.fork()
    if waiting:
        while not (os.path.exists(err) and "ready" in Path(err).read_text()):
            time.sleep(0.01)
        os.kill(waiting, int(number))
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(waiting, 0)[1]))
    for stream, name in ((1, out), (2, err)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT, 0o600), stream)
    datasets.list_datasets, real = wait, main.print_error

    def fail(*arguments):
        os.kill(os.getpid(), signal.SIGINT)
        return real(*arguments)

    if twice:
        main.print_error = fail
    sys.argv[1:] = ["datasets", "--json"]
    main.main()
"""


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """As `commands`."""
    forks = Forks(WAITING, tmp_path_factory.mktemp("home"))
    yield forks
    forks.close()


@needs_posix
@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("number", ending_signals())
def test_a_signal_ends_any_command_with_one_line(
    number: signal.Signals, twice: bool, waiting: Forks, tmp_path: Path
) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    assert waiting.run(str(int(number)), "twice" if twice else "", str(out), str(err)) == 130
    assert err.read_text() == "ready\naestudio: Stopped.\n"
    assert out.read_text().count("\n") == 1
    found = json.loads(out.read_text())["error"]
    assert found == {"what": "Stopped", "where": "", "advice": "", "exit_code": 130}


@pytest.mark.thorough
@needs_posix
def test_a_signal_that_is_ignored_stays_so() -> None:
    """As below `nohup`."""
    code = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from aestudio.cli import main\n"
        "main.run = lambda *_: 7 if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else 8\n"
        "main.main()"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=PATIENCE).returncode == 7


@pytest.mark.thorough
def test_in_the_same_process_no_handler_changes(aestudio: Callable[..., Answer]) -> None:
    """A caller of `run` keeps its own signal handlers."""
    before = [signal.getsignal(number) for number in ending_signals()]
    assert aestudio("recipes", "--json").code == 0
    assert [signal.getsignal(number) for number in ending_signals()] == before
