"""The rules between the folders, checked automatically."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from aestudio import resources
from tests.sources import PACKAGE, Node, nodes_of, sources, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHECKOUT = PACKAGE.parent
QT = {"PySide6", "PyQt6", "PyQt5", "qtpy", "pyqtgraph", "superqt", "shiboken6"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 70
LAYERS = (
    "activation",
    "attention",
    "convolution",
    "dense",
    "dropout",
    "layer",
    "normalisation",
    "recurrent",
    "reshape",
    "residual",
    "transposed_convolution",
)

IMPORT_ALL = """
import importlib, json, pkgutil, sys
names = []
for folder in sys.argv[1:]:
    package = importlib.import_module(folder)
    names += [folder]
    if hasattr(package, "__path__"):
        names += [entry.name for entry in pkgutil.walk_packages(package.__path__, folder + ".")]
loaded = {}
for name in names:
    importlib.import_module(name)
    for slow in ("torch", "torchvision", "sklearn", "scipy"):
        if slow in sys.modules:
            loaded.setdefault(slow, name)
print(json.dumps([names, loaded]))
"""

WITHOUT_TORCH = (
    "aestudio.training.events",
    "aestudio.training.spec",
    "aestudio.training.commands",
    *(f"aestudio.layers.{name}" for name in LAYERS),
)


def imported(path: Path) -> Iterator[str]:
    """Top-level names of everything that the file imports, at its top or inside a function."""
    for node in nodes_of(path, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    yield from (node.module.partition(".")[0] for node in nodes_of(path, ast.ImportFrom) if node.module)


def nodes(kind: type[Node]) -> Iterator[tuple[Path, Node]]:
    """Every node of that kind in the package, with its file."""
    for path in sources():
        yield from ((path, node) for node in nodes_of(path, kind))


def place(path: Path, node: ast.stmt | ast.expr | ast.excepthandler) -> str:
    return f"{path.relative_to(CHECKOUT)}:{node.lineno}"


def top_folder(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def test_import_contracts_are_kept() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=CHECKOUT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.thorough
def test_what_the_window_needs_imports_without_torch() -> None:
    """All in one process, because each takes a second: what none of all imports, none of them imports."""
    names = ["aestudio.recipes", "aestudio.datasets", *WITHOUT_TORCH, "aestudio.gui"]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *names],
        cwd=CHECKOUT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    found, loaded = json.loads(done.stdout.splitlines()[-1])
    modules = {"aestudio.recipes.library", "aestudio.datasets.synthetic", "aestudio.gui.app"}
    assert {*names, *modules} <= set(found)
    assert loaded == {}, "a library that the first window must not wait for, and the module that loads it"


def test_qt_only_in_the_window() -> None:
    assert [path for path in sources() if top_folder(path) != "gui" and QT & set(imported(path))] == []


@pytest.mark.thorough
def test_imports_are_absolute_and_named() -> None:
    offenders = [
        place(path, node)
        for path, node in nodes(ast.ImportFrom)
        if node.level or any(alias.name == "*" for alias in node.names)
    ]
    assert offenders == []


def module_name(path: Path) -> str:
    """The dotted name; of `__init__.py` that of its folder."""
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def import_graph() -> dict[str, set[str]]:
    """Every module of the package, and those of the package that it imports: at its top, inside a function
    or for types only."""
    modules = {module_name(path) for path in sources()}
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for path in sources():
        found = [alias.name for node in nodes_of(path, ast.Import) for alias in node.names]
        for node in nodes_of(path, ast.ImportFrom):
            if node.module:
                inside = [f"{node.module}.{alias.name}" for alias in node.names]
                found += [name if name in modules else node.module for name in inside]
        graph[module_name(path)] |= modules.intersection(found)
    return graph


def test_no_modules_import_each_other() -> None:
    """No circle of any length, imports for types included."""
    try:
        tuple(TopologicalSorter(import_graph()).static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_controllers_know_neither_each_other_nor_the_session() -> None:
    prefix = "aestudio.gui.controllers."
    offenders = {
        (module, other)
        for module, others in import_graph().items()
        for other in others
        if module.startswith(prefix)
        and other.startswith(prefix)
        and module != f"{prefix}session"
        and (other.endswith("_controller") or other == f"{prefix}session")
    }
    assert offenders == set()


def test_views_do_not_know_each_other() -> None:
    """A view imports its own folder, `views/shared/`, and files directly in `views/`."""
    prefix = "aestudio.gui.views."
    folders = {path.name for path in (PACKAGE / "gui" / "views").iterdir() if path.is_dir()} - {"shared"}

    def folder(module: str) -> str:
        return module.removeprefix(prefix).partition(".")[0] if module.startswith(prefix) else ""

    offenders = {
        (module, other)
        for module, others in import_graph().items()
        for other in others
        if module.startswith(prefix) and folder(other) in folders - {folder(module)}
    }
    assert offenders == set()


@pytest.mark.parametrize("module", ["aestudio.training.trainer", "aestudio.runs.record"])
def test_runs_begin_in_one_place(module: str) -> None:
    """Who composes a training and its folder anew forgets the device of a resumed run, or an empty folder."""
    assert {name for name, others in import_graph().items() if module in others} == {"aestudio.runs.start"}


def test_base_names_of_modules_are_unique() -> None:
    names = Counter(path.name for path in sources())
    shared = {"__init__.py", "config.py", "module.py"}
    assert {name for name, count in names.items() if count > 1} <= shared


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    lengths = {
        place(path, node): (node.end_lineno or node.lineno) - node.lineno + 1
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef)
        for path, node in nodes(kind)
    }
    assert {where: length for where, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_public_names_are_documented() -> None:
    """Modules, and their classes and functions; an empty file of a folder needs no words."""
    trees = {path: tree_of(path) for path in sources()}
    silent = [str(path) for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)]
    silent += [
        place(path, node)
        for path, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_only_the_command_line_prints() -> None:
    prints = [
        place(path, node)
        for path, node in nodes(ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id == "print" and top_folder(path) != "cli"
    ]
    assert prints == []


def test_no_bare_except() -> None:
    assert [place(path, node) for path, node in nodes(ast.ExceptHandler) if node.type is None] == []


def test_every_objective_has_its_module() -> None:
    declared = {path.parent.name for path in (PACKAGE / "objectives").glob("*/config.py")}
    built = {path.parent.name for path in (PACKAGE / "objectives").glob("*/module.py")}
    assert declared == built != set()


def test_resources_are_found() -> None:
    folder = resources.resources_folder()
    assert list((folder / "recipes").glob("*.json"))
    assert list((folder / "icons").glob("*.svg"))


def test_resources_of_a_wheel_come_before_those_of_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "aestudio"
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))
    find = resources.resources_folder.__wrapped__
    with pytest.raises(FileNotFoundError, match="reinstall"):
        find()
    (tmp_path / "resources").mkdir()
    assert find() == tmp_path / "resources"
    (package / "_resources").mkdir(parents=True)
    assert find() == package / "_resources"
