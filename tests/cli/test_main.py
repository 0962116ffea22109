"""The entry point: help, exit codes, one-line errors, and lists without torch and Qt."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import aestudio as package
from aestudio.cli import commands
from aestudio.cli.before_setup import command_name
from aestudio.datasets import catalogue as library
from aestudio.errors import Cancelled, StudioError
from aestudio.recipes.library import all_recipes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

COMMANDS = (
    "compare",
    "compress",
    "datasets",
    "decompress",
    "desktop",
    "evaluate",
    "export",
    "import",
    "lesson",
    "pretrain",
    "rates",
    "recipes",
    "reconstruct",
    "runs",
    "shot",
    "sweep",
    "tags",
    "train",
    "trust",
)


def test_help_names_every_command(aestudio: Callable[..., Answer]) -> None:
    answer = aestudio("--help")
    assert answer.code == 0
    assert all(command in answer.out for command in COMMANDS)
    for command in COMMANDS:
        answer = aestudio(command, "--help")
        assert answer.code == 0
        assert "Usage: aestudio" in answer.out


def test_version(aestudio: Callable[..., Answer]) -> None:
    assert aestudio("--version").out == f"aestudio {package.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("vae",), "No such command 'vae'. Allowed: compare, compress, datasets, decompress, desktop, "),
        (("--colour",), "No such option: --colour. Allowed: --data-dir, --theme, "),
        (("--theme", "pink"), "--theme cannot be 'pink'. Allowed: system, dark, light."),
        (
            ("--run", "nope"),
            "run cannot be 'nope'. Allowed: conv-vae, conv-vae-2d, gan, the folder",
        ),
        (("--data-dir", "/x", "train", "vae"), "cannot be '--data-dir'. Allowed: behind `train`."),
        (("evaluate", "nothing"), "run cannot be 'nothing'. Allowed: "),
        (("export", "nothing", "--features", "a.npz"), "run cannot be 'nothing'."),
        (("export", "nothing", "--features", "a.txt"), "--features cannot be 'a.txt'."),
        (("export", "nothing", "--features", "a.npz", "--split", "some"), "--split cannot be 'some'."),
        (("export", "nothing"), "Missing option '--to', '--file', '--features' or '--traversals'"),
        (("export", "nothing", "--file", "a.zip"), "--file cannot be 'a.zip'. Allowed: a file whose name"),
        (("export", "nothing", "--file", "a.aestudio"), "run cannot be 'nothing'."),
        (("export", "nothing", "--features", "a.npz", "--history"), "Allowed: with --file."),
        (("export", "nothing", "--file", "a.aestudio", "--split", "test"), "Allowed: with --features."),
        (("--open", "/nothing.aestudio", "runs"), "cannot be '--open'. Allowed: behind `runs`."),
        (("shot", "x", "--out", "a.png", "--view", "sideways"), "--view cannot be 'sideways'. Allowed: "),
        (
            ("shot", "x", "--out", "a.png", "--theme", "pink"),
            "--theme cannot be 'pink'. Allowed: dark, light.",
        ),
        (
            ("shot", "x", "--out", "a.png", "--size", "10x10"),
            "--size cannot be '10x10'. Allowed: WIDTHxHEIGHT",
        ),
        (("shot", "x", "--out", "a.png", "--size", "large"), "--size cannot be 'large'."),
        (("shot", "x", "--out", "a.bmp"), "--out cannot be 'a.bmp'."),
        (("shot", "x", "--out", "a.png"), "run cannot be 'x'."),
        (("reconstruct", "x", "a.png", "--out", "b", "--fit", "tight"), "--fit cannot be 'tight'."),
        (("reconstruct", "x", "a.png"), "Missing option '--out'"),
        (("recipes", "cake"), "recipe cannot be 'cake'."),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(
    arguments: tuple[str, ...], message: str, aestudio: Callable[..., Answer]
) -> None:
    answer = aestudio(*arguments)
    assert answer.code == 2, answer.err
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert answer.err.startswith("aestudio: ")
    assert message in answer.err


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (StudioError("It\nbroke", where="here", advice="Mend it."), 1, "aestudio: It broke: here. Mend it."),
        (ZeroDivisionError("division by zero"), 1, "ZeroDivisionError: division by zero"),
        (Cancelled(), 130, "Stopped."),
    ],
)
def test_no_problem_becomes_a_traceback(
    error: BaseException,
    code: int,
    message: str,
    aestudio: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("aestudio.cli.commands.datasets.list_datasets", broken)
    answer = aestudio("datasets")
    assert answer.code == code
    assert len(answer.err.splitlines()) == 1
    assert message in answer.err


@pytest.mark.parametrize(
    ("arguments", "code", "what", "advice"),
    [
        (("vae",), 2, "No such command 'vae'", "Allowed: compare, compress, datasets, decompress, "),
        (("evaluat",), 2, "No such command 'evaluat'", "Allowed: compare, compress, datasets, decompress, "),
        (("runs", "--colour"), 2, "No such option: --colour", "Allowed: --sort, --find, --limit, "),
        (("train",), 2, "Missing argument 'RECIPE'", ""),
        (("train", "vaee"), 2, "recipe cannot be 'vaee'", "Allowed: "),
        (("train", "vae", "--set", "beta=-1"), 2, "beta cannot be -1", "Allowed: "),
        (("evaluate", "nothing"), 2, "run cannot be 'nothing'", "Allowed: "),
        (("recipes", "cake"), 2, "recipe cannot be 'cake'", "Allowed: "),
        (("evaluate", "conv-vae", "--dataset", "nothing"), 2, "dataset cannot be 'nothing'", "Allowed: "),
        (("train", "vae", "--resume"), 1, "There is no unfinished run of this recipe", "Name "),
    ],
)
def test_with_json_a_problem_is_an_object_too(
    arguments: tuple[str, ...], code: int, what: str, advice: str, aestudio: Callable[..., Answer]
) -> None:
    answer = aestudio(*arguments, "--json")
    assert answer.code == code
    assert len(answer.out.splitlines()) == 1
    error = answer.json["error"]
    assert list(error) == ["what", "where", "advice", "exit_code"]
    assert error["exit_code"] == code
    assert error["what"].startswith(what)
    assert error["advice"].startswith(advice)
    assert answer.line.startswith("aestudio: ")  # the sentence stays where people read it


@pytest.mark.parametrize(
    ("error", "code", "what"),
    [
        (StudioError("It\nbroke", where="here", advice="Mend it."), 1, "It broke"),
        (
            ZeroDivisionError("division by zero"),
            1,
            "Unexpected problem (ZeroDivisionError: division by zero)",
        ),
        (Cancelled(), 130, "Stopped"),
        (KeyboardInterrupt(), 130, "Stopped"),
    ],
)
def test_with_json_every_error_is_an_object(
    error: BaseException,
    code: int,
    what: str,
    aestudio: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*arguments: object) -> None:
        raise error

    monkeypatch.setattr("aestudio.cli.commands.datasets.list_datasets", broken)
    answer = aestudio("datasets", "--json")
    assert answer.code == code
    assert (answer.json["error"]["what"], answer.json["error"]["exit_code"]) == (what, code)


def test_control_c_prints_no_traceback(
    aestudio: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aestudio.cli.commands.datasets.list_datasets", interrupted)
    answer = aestudio("datasets")
    assert answer.code == 130
    assert len(answer.err.splitlines()) <= 1


def test_recipes(aestudio: Callable[..., Answer]) -> None:
    listed = {recipe["name"]: recipe for recipe in aestudio("recipes", "--json").json}
    assert list(listed) == [recipe.name for recipe in all_recipes()]
    assert listed["deep-ae"]["parameters"] == 222_384
    assert "222,384" in aestudio("recipes").out
    assert listed["vae"]["augmentation"]["augment_rotation"] == 0.0
    shown = aestudio("recipes", "vae").out
    assert "augment_erasing" in shown
    assert "warmup_epochs" in shown
    assert "adam, adamw, sgd, rmsprop" in shown


def test_datasets(aestudio: Callable[..., Answer]) -> None:
    listed = aestudio("datasets", "--json").json
    assert [row["name"] for row in listed] == [info.name for info in library.list_datasets()]
    assert {row["name"]: row["available"] for row in listed}["sklearn-digits"] is True
    assert "Fashion-MNIST" in aestudio("datasets").out


def test_without_a_command_the_window_opens(
    aestudio: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    received = {}

    def open_window(**options: object) -> int:
        received.update(options)
        return 7

    fake = types.ModuleType("aestudio.gui.app")
    fake.open_window = open_window  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "aestudio.gui.app", fake)
    answer = aestudio("--data-dir", tmp_path, "--theme", "light", "--dataset", "builtin", "--run", "conv-vae")
    assert answer.code == 7
    expected = {"data_dir": tmp_path, "theme": "light", "dataset": "builtin", "run": "conv-vae", "file": None}
    assert received == expected


def test_the_window_without_arguments_imports_no_parser() -> None:
    code = (
        "import sys, types\n"
        "fake = types.ModuleType('aestudio.gui.app'); fake.open_window = lambda: 7\n"
        "sys.modules['aestudio.gui.app'] = fake\n"
        "from aestudio.cli.main import run\n"
        "code = run([])\n"
        "print(code, [name for name in ('typer', 'pydantic', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.stdout == "7 []\n", done.stderr


def test_the_lists_import_neither_torch_nor_qt() -> None:
    code = (
        "import sys\nfrom aestudio.cli.main import run\n"
        "calls = (['--help'], ['recipes'], ['datasets'], ['runs'], ['train', 'x'])\n"
        "codes = [run(arguments) for arguments in calls]\n"
        "slow = [name for name in ('torch', 'torchvision', 'PySide6', 'sklearn') if name in sys.modules]\n"
        "import json; print(json.dumps([codes, slow]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    codes, slow = json.loads(done.stdout.splitlines()[-1])
    assert codes == [0, 0, 0, 0, 2]
    assert slow == []


def test_a_process_ends_with_the_exit_code() -> None:
    """`python -m aestudio` really ends with the code, and without a traceback."""
    command = [sys.executable, "-m", "aestudio", "evaluate", "nothing"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("aestudio: run cannot be 'nothing'.")
    assert done.stderr.count("\n") == 1


def test_every_file_is_a_command() -> None:
    folder = Path(commands.__path__[0])
    assert sorted(command_name(path.stem) for path in folder.glob("[!_]*.py")) == list(COMMANDS)
