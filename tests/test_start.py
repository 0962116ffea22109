"""start.py with fakes instead of the system: nothing is installed or started."""

import ast
import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PATH = Path(__file__).parents[1] / "start.py"


class Started(BaseException):
    """Raised instead of starting the program."""


class Child:
    """A command that has ended already."""

    def __init__(self, code):
        self.code = code

    def wait(self):
        return self.code


class Machine:
    """Records every command; `fails` names programs that end with code 1."""

    def __init__(self, start):
        self.start = start
        self.commands = []
        self.fails = set()
        self.pythons = {sys.executable}
        self.qt_answer = ""

    def call(self, command, **keywords):
        if command[-2:-1] == ["-c"]:
            return 0 if command[0] in self.pythons else 1
        self.commands.append(list(command))
        if command[1:3] == ["-m", "venv"]:
            Path(self.start.VENV).mkdir(exist_ok=True)
            self.pythons.add(self.start.venv_python())
        return 1 if self.fails & set(command) else 0

    def begin(self, command, environment, lock):
        return Child(self.call(command))

    def run(self, command, **keywords):
        return subprocess.CompletedProcess(command, 0, stdout=self.qt_answer.encode())

    def start_with(self, *arguments):
        """The command that would replace this program."""
        with pytest.raises(Started) as caught:
            self.start.main(list(arguments))
        return list(caught.value.args[0])

    @property
    def lines(self):
        return [" ".join(command) for command in self.commands]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("start", PATH)
    assert spec is not None
    assert spec.loader is not None
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(start, "ROOT", str(tmp_path))
    monkeypatch.setattr(start, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(start, "STAMP", str(tmp_path / ".venv" / "aestudio-setup.json"))
    monkeypatch.setattr(start, "UNFINISHED", str(tmp_path / ".venv" / "aestudio-unfinished"))
    monkeypatch.setattr(start, "LOCK", str(tmp_path / ".venv.lock"))
    monkeypatch.setattr(start, "prepare_non_ascii_paths", lambda: None)
    machine_ = Machine(start)
    monkeypatch.setattr(start.subprocess, "call", machine_.call)
    monkeypatch.setattr(start.subprocess, "run", machine_.run)
    monkeypatch.setattr(start, "start", machine_.begin)
    monkeypatch.setattr(start, "is_root", lambda: True)
    monkeypatch.setattr(start, "can_make_venvs", lambda: True)
    monkeypatch.setattr(start.os, "chdir", lambda folder: None)

    def become(command):
        raise Started(command)

    monkeypatch.setattr(start, "become", become)
    return machine_


def test_even_an_old_python_can_read_it():
    ast.parse(PATH.read_text(encoding="utf-8"), feature_version=(3, 7))
    tree = ast.parse(PATH.read_text(encoding="utf-8"))
    assert not [
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]


def test_the_first_start_sets_up_and_starts(machine):
    assert machine.start_with("train", "vae") == [
        machine.start.venv_python(),
        "-m",
        "aestudio",
        "train",
        "vae",
    ]
    venv, pip = machine.lines
    assert venv.endswith("-m venv " + machine.start.VENV)
    assert pip.endswith("-e .")


def test_the_second_start_only_starts(machine):
    machine.start_with()
    machine.commands.clear()
    machine.start_with()
    assert machine.commands == []


def test_two_dashes_alone_are_no_command(machine):
    """The window is set up and opened, with its libraries, as without any argument."""
    machine.qt_answer = "dnf install -y libglvnd-egl\n"
    before = [machine.start_with(), machine.lines]
    assert machine.start_with("--") == [*before[0], "--"]
    assert machine.lines[-1] == before[1][-1]


def test_a_changed_pyproject_is_installed_again_in_the_same_environment(machine):
    machine.start_with()
    machine.commands.clear()
    Path(machine.start.ROOT, "pyproject.toml").write_text("[project]\nversion = '2'\n")
    machine.start_with()
    [pip] = machine.lines
    assert "pip install" in pip


def test_packages_for_tests_are_installed_once(machine):
    machine.start_with()
    command = machine.start_with("--test", "-x", "tests/data")
    assert command == [machine.start.venv_python(), "-m", "pytest", "-x", "tests/data"]
    assert machine.lines[-1].endswith("-e .[test]")
    assert json.loads(Path(machine.start.STAMP).read_text())["extras"] == ["test"]
    count = len(machine.commands)
    machine.start_with("recipes")
    machine.start_with("--test", "-x")
    assert len(machine.commands) == count


def test_all_tests_run_side_by_side(machine, monkeypatch):
    monkeypatch.setattr(machine.start.os, "cpu_count", lambda: 2)
    command = machine.start_with("--test")
    assert " ".join(command).endswith("-m pytest -n 3 --dist worksteal -m not slow and not thorough")


def test_a_second_ctrl_c_while_the_first_is_answered_ends_the_child(machine, monkeypatch):
    sent = []

    def killpg(_, number):
        sent.append(number)
        if len(sent) == 1:
            raise KeyboardInterrupt

    class Stubborn:
        pid = 1

        def wait(self):
            if signal.SIGKILL not in sent:
                raise KeyboardInterrupt
            return -9

    monkeypatch.setattr(machine.start, "WINDOWS", False)
    monkeypatch.setattr(machine.start.os, "killpg", killpg, raising=False)
    with pytest.raises(KeyboardInterrupt):
        machine.start.wait_for(Stubborn(), apart=True)
    assert sent == [signal.SIGINT, signal.SIGKILL]


def test_a_broken_environment_is_replaced(machine):
    machine.start_with()
    machine.pythons = {sys.executable}
    machine.commands.clear()
    machine.start_with()
    assert machine.lines[0].endswith("-m venv " + machine.start.VENV)


def test_an_installation_that_failed_is_not_taken_for_complete(machine):
    machine.fails = {"pip"}
    with pytest.raises(machine.start.Problem, match="could not be installed"):
        machine.start.main([])
    assert not os.path.exists(machine.start.STAMP)


def test_root_gets_the_missing_venv_module(machine, monkeypatch):
    monkeypatch.setattr(machine.start, "can_make_venvs", lambda: False)
    monkeypatch.setattr(machine.start.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(machine.start.sys, "executable", "/usr/bin/python3")
    machine.start_with()
    version = "{}.{}".format(*sys.version_info[:2])
    assert machine.lines[:2] == ["apt-get update -qq", f"apt-get install -y python{version}-venv"]


def test_a_user_without_a_terminal_gets_the_command_to_type(machine, monkeypatch):
    monkeypatch.setattr(machine.start, "can_make_venvs", lambda: False)
    monkeypatch.setattr(machine.start, "is_root", lambda: False)
    monkeypatch.setattr(machine.start.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(machine.start.sys, "executable", "/usr/bin/python3")
    monkeypatch.setattr(machine.start.sys.stdin, "isatty", lambda: False, raising=False)
    with pytest.raises(machine.start.Problem, match=r"sudo apt-get install -y python3\.\d+-venv"):
        machine.start.main([])
    assert machine.commands == []


def test_at_a_terminal_sudo_asks_for_the_password(machine, monkeypatch):
    monkeypatch.setattr(machine.start, "is_root", lambda: False)
    monkeypatch.setattr(machine.start.shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(machine.start.sys.stdin, "isatty", lambda: True, raising=False)
    machine.start.install_for_system(["apt-get", "install", "-y", "libegl1"], "Qt lacks something")
    assert machine.lines == ["sudo apt-get update -qq", "sudo apt-get install -y libegl1"]


def test_a_python_from_elsewhere_is_not_repaired_with_apt(machine, monkeypatch):
    monkeypatch.setattr(machine.start, "can_make_venvs", lambda: False)
    monkeypatch.setattr(machine.start.sys, "executable", "/opt/python/bin/python3")
    with pytest.raises(machine.start.Problem, match="complete Python"):
        machine.start.main([])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack Qt's libraries")
class TestQtLibraries:
    def test_root_gets_them(self, machine):
        machine.qt_answer = "dnf install -y libglvnd-egl\n"
        machine.start_with()
        assert machine.lines[-1] == "dnf install -y libglvnd-egl"

    def test_commands_without_a_window_do_not_need_them(self, machine):
        machine.qt_answer = "apt-get install -y libegl1\n"
        machine.start_with("train", "vae")
        assert not [line for line in machine.lines if "libegl1" in line]

    def test_tests_need_them_and_the_window_explains_itself(self, machine, monkeypatch, capsys):
        machine.qt_answer = "apt-get install -y libegl1\n"
        monkeypatch.setattr(machine.start, "is_root", lambda: False)
        monkeypatch.setattr(machine.start.shutil, "which", lambda name: None)
        machine.start_with()
        assert "sudo apt-get install -y libegl1" in capsys.readouterr().out
        with pytest.raises(machine.start.Problem, match="libegl1"):
            machine.start.main(["--test"])


class TestOldPython:
    @pytest.fixture(autouse=True)
    def _old(self, machine, monkeypatch):
        monkeypatch.setattr(machine.start.sys, "version_info", (3, 8, 10, "final", 0))
        monkeypatch.setattr(machine.start, "WINDOWS", False)

    def test_continues_with_a_newer_one(self, machine, monkeypatch):
        monkeypatch.setattr(machine.start.shutil, "which", lambda name: name)
        machine.pythons = {"python3.11", "python3.12"}
        assert machine.start.main(["train"]) == 0
        assert machine.lines == [f"python3.12 {machine.start.os.path.abspath(machine.start.__file__)} train"]

    def test_continues_with_the_launcher_of_windows(self, machine, monkeypatch):
        monkeypatch.setattr(machine.start, "WINDOWS", True)
        monkeypatch.setattr(machine.start.shutil, "which", lambda name: name)
        machine.pythons = {"py"}
        machine.start.main([])
        assert machine.lines[0].startswith("py -3.13 ")

    def test_reports_a_missing_newer_python(self, machine, monkeypatch):
        monkeypatch.setattr(machine.start.shutil, "which", lambda name: None)
        with pytest.raises(machine.start.Problem, match=r"needs Python 3\.11 or newer and this is 3\.8\.10"):
            machine.start.main([])


def test_errors_are_one_sentence_without_a_traceback(tmp_path):
    copy = tmp_path / "start.py"
    copy.write_text(PATH.read_text(encoding="utf-8").replace("OLDEST = (3, 11)", "OLDEST = (9, 0)"))
    ended = subprocess.run([sys.executable, copy], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("AE Studio: this program needs Python 9.0 or newer")


def test_windows_keeps_python_in_scripts(machine, monkeypatch):
    monkeypatch.setattr(machine.start, "WINDOWS", True)
    assert machine.start.venv_python().endswith(os.path.join("Scripts", "python.exe"))
    monkeypatch.setattr(machine.start, "WINDOWS", False)
    assert machine.start.venv_python().endswith(os.path.join("bin", "python"))
