"""start.py as real processes: interrupted, twice at once, in odd folders. `venv` and `pip` are small fakes.

The fakes behave as the real ones do when they are killed: a `venv` that was interrupted leaves a Python
without pip, a `pip` that was interrupted leaves half a package over which every later pip stumbles.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aestudio.cli.before_setup import command_names, command_syntax, window_syntax
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, links and pipes of POSIX")

GATE = """
import os, signal, sys
def note(word):
    with open(os.environ["LOG"], "a") as file:
        file.write(word + "\\n")
def site(venv):
    return venv + "/lib/python{}.{}/site-packages".format(*sys.version_info)
def gate(stage):
    note(stage)
    if os.environ.get("HOLD") != stage:
        return
    if os.environ.get("STUBBORN"):
        signal.signal(signal.SIGINT, lambda number, frame: print("asked", flush=True))
    print("held", flush=True)
    open(os.environ["PIPE"]).read()
"""
VENV = """
from gate import *
target = sys.argv[-1]
os.makedirs(target + "/bin", exist_ok=True)
os.symlink(sys._base_executable, target + "/bin/python")
with open(target + "/pyvenv.cfg", "w") as file:
    file.write("home = " + os.path.dirname(sys._base_executable))
gate("venv")
os.makedirs(site(target))
"""
PIP = """
from gate import *
half = site(".venv") + "/half-1.dist-info"
if not os.path.isdir(site(".venv")):
    sys.exit("No module named pip")
if os.path.isdir(half) and not os.path.exists(half + "/RECORD"):
    sys.exit("Cannot uninstall half 1: no RECORD file was found")
os.makedirs(half, exist_ok=True)
gate("pip")
if os.environ.get("FULL"):
    sys.exit("No space left on device")
with open(site(".venv") + "/_editable_impl_aestudio.pth", "w", encoding="utf-8") as file:
    file.write(os.getcwd())
open(half + "/RECORD", "w").close()
"""
PROGRAM = "import sys; print('program', *sys.argv[1:])"


@dataclass
class Folder:
    """A checkout of start.py with fakes, and the log of their steps."""

    root: Path
    fakes: Path
    log: Path
    pipe: Path
    running: list[subprocess.Popen[str]]

    def begin(self, *arguments: str, script: Path | None = None, **environment: str) -> subprocess.Popen[str]:
        """A process of start.py whose output is read line by line."""
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(self.fakes),
            "LOG": str(self.log),
            "PIPE": str(self.pipe),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        process = subprocess.Popen(
            [sys.executable, script or self.root / "start.py", *arguments],
            env=given | environment,
            cwd=self.root.parent,
            encoding="utf-8",
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.running.append(process)
        return process

    def begin_and_hold(self, step: str, **environment: str) -> subprocess.Popen[str]:
        """Begin a process that waits in the middle of a step until `release`."""
        process = self.begin("runs", HOLD=step, **environment)
        read_until(process, "held")
        return process

    def release(self) -> None:
        """Let the waiting step continue."""
        self.pipe.write_text("")

    def done(self) -> list[str]:
        """The steps that were begun, in order."""
        return self.log.read_text().split() if self.log.exists() else []


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """Read lines until one contains the text; fails if the output ends before."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return line
    return pytest.fail(f"{text!r} was not printed: {''.join(lines)}")


def end_of(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and the rest of the output."""
    out, _ = process.communicate(timeout=300)
    return process.returncode, out


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    checkout = make_folder(tmp_path, "checkout")
    yield checkout
    for process in checkout.running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    with suppress(OSError):  # a step that a failed test has left waiting
        os.close(os.open(checkout.pipe, os.O_WRONLY | os.O_NONBLOCK))


def make_folder(tmp_path: Path, name: str) -> Folder:
    root, fakes = tmp_path / name, tmp_path / "fakes"
    root.mkdir()
    for module, code in (("venv", VENV), ("pip", PIP), ("aestudio", PROGRAM)):
        (fakes / module).mkdir(parents=True)
        (fakes / module / "__init__.py").write_text("")
        (fakes / module / "__main__.py").write_text(code)
    (fakes / "gate.py").write_text(GATE)
    shutil.copy(CHECKOUT / "start.py", root)
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "aestudio").symlink_to(CHECKOUT / "aestudio")
    os.mkfifo(tmp_path / "pipe")
    return Folder(root, fakes, tmp_path / "log", tmp_path / "pipe", [])


@pytest.mark.parametrize("step", ["venv", "pip"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_interrupted_set_up_is_repeated(folder: Folder, step: str, number: signal.Signals) -> None:
    first = folder.begin_and_hold(step)
    first.send_signal(number)
    if number == signal.SIGKILL:
        folder.release()  # venv or pip goes on to its end without start.py
    code, output = end_of(first)
    if number != signal.SIGKILL:
        assert code == 128 + number, output
        assert "Traceback (most recent call last)" not in output.partition("AE Studio: stopped")[2]
        assert output.endswith("AE Studio: stopped; run it again to continue.\n")
    before = folder.done()
    code, output = end_of(folder.begin("runs"))
    assert code == 0, output
    assert "the last set-up was interrupted" in output
    assert output.endswith("program runs\n")
    assert folder.done() == [*before, "venv", "pip"]


def test_the_second_ctrl_c_kills_a_process_that_ignores_the_first(folder: Folder) -> None:
    first = folder.begin_and_hold("pip", STUBBORN="1")
    first.send_signal(signal.SIGINT)
    read_until(first, "asked")
    first.send_signal(signal.SIGINT)
    assert end_of(first)[0] == 130


def test_two_at_once_set_up_once(folder: Folder) -> None:
    first = folder.begin_and_hold("pip")
    second = folder.begin("recipes")
    assert "another start.py is setting up" in read_until(second, "AE Studio")
    folder.release()
    assert end_of(first)[0] == 0
    assert end_of(second) == (0, "program recipes\n")
    assert folder.done() == ["venv", "pip"]


def test_pip_outliving_a_killed_start_py_is_waited_for(folder: Folder) -> None:
    first = folder.begin_and_hold("pip")
    first.kill()
    first.wait()
    second = folder.begin("runs")
    assert "another start.py is setting up" in read_until(second, "AE Studio")
    folder.release()
    assert end_of(second)[0] == 0
    assert folder.done() == ["venv", "pip", "venv", "pip"]


def test_stopping_a_waiting_process_changes_nothing(folder: Folder) -> None:
    first = folder.begin_and_hold("pip")
    second = folder.begin("runs")
    read_until(second, "another start.py")
    second.send_signal(signal.SIGTERM)
    assert end_of(second)[0] == 128 + signal.SIGTERM
    folder.release()
    assert end_of(first)[0] == 0
    assert end_of(folder.begin("runs")) == (0, "program runs\n")


def test_a_failed_pip_is_repeated_and_an_incomplete_package_is_repaired(folder: Folder) -> None:
    code, output = end_of(folder.begin("runs", FULL="1"))
    assert code == 1
    assert "The packages could not be installed" in output
    assert end_of(folder.begin("runs"))[0] == 0
    assert folder.done() == ["venv", "pip", "venv", "pip"]


def test_an_unusable_environment_of_the_user_is_renamed(folder: Folder) -> None:
    (folder.root / ".venv").mkdir()
    (folder.root / ".venv" / "thesis.txt").write_text("irreplaceable")
    code, output = end_of(folder.begin("runs"))
    assert code == 0, output
    assert (folder.root / ".venv-old" / "thesis.txt").read_text() == "irreplaceable"
    assert "it is kept as" in output


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("first", [ASCII, {"LC_ALL": "C.UTF-8"}])
def test_umlauts_in_the_path_mean_the_same_in_every_locale(tmp_path: Path, first: dict[str, str]) -> None:
    folder = make_folder(tmp_path, "Grüße an alle")
    code, output = end_of(folder.begin("runs", **first))
    assert code == 0, output
    [path] = folder.root.glob(".venv/lib/*/site-packages/_editable_impl_aestudio.pth")
    path.write_text(str(folder.root), encoding="utf-8")  # as pip writes it and former versions left it
    for locale in (ASCII, {"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"}):
        assert end_of(folder.begin("runs", **locale)) == (0, "program runs\n")
    assert folder.done() == ["venv", "pip"]


def test_umlauts_are_escaped_for_a_terminal_without_them(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, "Grüße an alle")
    code, output = end_of(folder.begin("runs", PYTHONIOENCODING="ascii"))
    assert code == 0
    assert "Gr\\xfc\\xdfe an alle" in output


def test_a_link_sets_up_beside_the_file_itself(folder: Folder, tmp_path: Path) -> None:
    link = tmp_path / "bin" / "aestudio"
    link.parent.mkdir()
    link.symlink_to(folder.root / "start.py")
    code, output = end_of(folder.begin("runs", script=link))
    assert code == 0, output
    assert os.listdir(link.parent) == ["aestudio"]
    assert end_of(folder.begin("runs")) == (0, "program runs\n")


def test_a_folder_whose_name_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, os.fsdecode(b"caf\xe9"))
    code, output = end_of(folder.begin("runs"))
    assert code == 1
    assert output.startswith("AE Studio: the name of this folder is not UTF-8")
    assert output.count("\n") == 1
    assert folder.done() == []


WITHOUT_PACKAGES = [
    (["--help"], 0, "train "),
    (["-h"], 0, "Usage: aestudio [OPTIONS] [COMMAND]"),
    (["train", "--help"], 0, "--epochs"),
    (["--version"], 0, f"aestudio {__version__}"),
    (["--dataset"], 2, "aestudio: Option '--dataset' needs a value"),
    (
        ["trian", "vae"],
        2,
        "aestudio: No such command 'trian'. Allowed: compare, compress, datasets, ",
    ),
    (["--colour"], 2, "aestudio: No such option: --colour. Allowed: --data-dir, --theme, "),
    (["train", "vae", "--epoch", "3"], 2, "aestudio: No such option: --epoch. Allowed: --dataset, "),
    (["trian", "--json"], 2, '"exit_code": 2'),
    (["evaluate", "--json"], 2, "Missing argument 'RUN'"),
    (["reconstruct", "conv-vae", "a.png"], 2, "aestudio: Missing option '--out'."),
    (
        ["--", "trian"],
        2,
        "aestudio: No such command 'trian'. Allowed: compare, compress, datasets, ",
    ),
    (["--", "--help"], 0, "Usage: aestudio [OPTIONS] [COMMAND]"),
    (["--", "train", "--help"], 0, "--epochs"),
    (["--", "train", "vae", "--colour"], 2, "aestudio: No such option: --colour. Allowed: --dataset, "),
]


@pytest.mark.thorough
def test_arguments_that_need_no_packages_install_none(folder: Folder) -> None:
    for arguments, code, output in WITHOUT_PACKAGES:
        actual, out = end_of(folder.begin(*arguments))
        assert (actual, output in out) == (code, True), out
    assert folder.done() == []
    assert not (folder.root / ".venv").exists()
    assert end_of(folder.begin("runs"))[0] == 0
    for arguments in (["--help"], ["--version"], ["trian", "vae"]):  # what is installed answers itself
        assert end_of(folder.begin(*arguments)) == (0, " ".join(["program", *arguments]) + "\n")


def test_valid_arguments_start_the_set_up(folder: Folder) -> None:
    code, output = end_of(folder.begin("train", "vae", "--set", "--help", "--epochs=3", "--json"))
    assert (code, folder.done()) == (0, ["venv", "pip"]), output


def test_options_before_the_set_up_are_those_of_the_program() -> None:
    import typer

    from aestudio.cli.parser import build_app

    program = typer.main.get_command(build_app())
    assert command_names() == tuple(sorted(program.commands))
    for read, real in [
        (window_syntax(), program),
        *((command_syntax(name), program.commands[name]) for name in command_names()),
    ]:
        options = [
            parameter
            for parameter in real.params
            if parameter.param_type_name == "option" and parameter.name != "help"
        ]
        assert list(read.options) == [flag for option in options for flag in option.opts]
        assert [parameter.takes_value for parameter in read.parameters if parameter.names] == [
            not option.is_flag for option in options
        ]
        assert all(parameter.help for parameter in read.parameters)
        required = {parameter.name.upper() for parameter in real.params if parameter.required}
        assert len(required) == sum(parameter.required for parameter in read.parameters)
        assert read.help.split() == real.help.split()
