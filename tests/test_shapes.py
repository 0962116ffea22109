"""Every public function that takes or returns arrays names a shape in its docstring, or its class does."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.sources import PACKAGE, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = [
    ".",  # the files beside the folders
    *sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"),
]
ALIASES = {
    target.id
    for node in ast.parse((PACKAGE / "types.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.Assign)
    for target in node.targets
    if isinstance(target, ast.Name)
}
ARRAYS = {"NDArray", "ndarray", "Tensor"} | ALIASES

# (N,) or (count,); (N, 28, 28), (B, L), (..., 2), (S * B,): a tuple of several axes holds a capital letter, a
# number or an ellipsis, so that (mean, variance) is no shape; f(0, I) and N(0, 1) are calls.
AXIS = r"(?:\d+|\.\.\.|[A-Za-z]\w*(?:\[-1\])?)(?:\s[-+*]\s[A-Za-z0-9]\w*)?"
SHAPE = re.compile(
    rf"(?<!\w)\((?=[^()]*(?:[A-Z0-9]|\.\.\.|,\)))(?:{AXIS},|{AXIS}(?:, {AXIS})+)\)"
    r"|\b[Ss]calars?\b"
    r"|\b(?:any|same|own)\s+shapes?\b|\b(?:same|the) shapes? of\b"
)
# name: why it has no shape to name
EXCEPTIONS: dict[str, str] = {}


def arrays_in(annotation: ast.expr) -> bool:
    """Whether an annotation names an array, also within a text."""
    names: set[str] = set()
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.update(re.findall(r"\w+", node.value))
    return bool(names & ARRAYS)


def annotations_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    """What a function takes and returns."""
    given = node.args
    for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
        if argument is not None and argument.annotation is not None:
            yield argument.annotation
    if node.returns is not None:
        yield node.returns


def documented(body: list[ast.stmt], prefix: str, context: str = "") -> Iterator[tuple[str, str]]:
    """(name, docstring with that of its class) of what is public and has arrays."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            public = not node.name.startswith("_") or node.name == "__call__"
            if public and any(map(arrays_in, annotations_of(node))):
                yield f"{prefix}{node.name}", f"{ast.get_docstring(node) or ''}\n{context}"
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            about = ast.get_docstring(node) or ""
            fields = [entry for entry in node.body if isinstance(entry, ast.AnnAssign)]
            if any(arrays_in(entry.annotation) for entry in fields):
                yield f"{prefix}{node.name}", about
            yield from documented(node.body, f"{prefix}{node.name}.", about)


@cache
def functions_of(folder: str) -> dict[str, str]:
    return {
        name: text
        for path in sorted((PACKAGE / folder).glob("*.py" if folder == "." else "**/*.py"))
        for name, text in documented(tree_of(path).body, f"{path.relative_to(PACKAGE).as_posix()}: ")
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_functions_with_arrays_name_a_shape(folder: str) -> None:
    found = functions_of(folder)
    assert [name for name, text in found.items() if not SHAPE.search(text) and name not in EXCEPTIONS] == []


def test_exceptions_are_needed() -> None:
    found = {name: text for folder in FOLDERS for name, text in functions_of(folder).items()}
    assert {name for name in EXCEPTIONS if name not in found or SHAPE.search(found[name])} == set()


def test_the_search_finds_the_functions() -> None:
    assert len(functions_of("analysis")) > 50
    assert "inference/frozen_model.py: FrozenModel.decode" in functions_of("inference")


@pytest.mark.parametrize(
    "text",
    [
        "codes (N, L)",
        "labels (N,)",
        "(B, 1, 28, 28)",
        "(..., 2, 2)",
        "weights (count,)",
        "(S * B,)",
        "a scalar",
    ],
)
def test_shape(text: str) -> None:
    assert SHAPE.search(text)


@pytest.mark.parametrize(
    "text",
    ["N(0, I)", "N(mean, variance)", "(mean, variance)", "(Ng 2011)", "all images (of the set)", "numbers"],
)
def test_no_shape(text: str) -> None:
    assert not SHAPE.search(text)
