"""The package's source, parsed and walked once a process for all tests that read it."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import aestudio

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGE = Path(aestudio.__file__).parent

Node = TypeVar("Node", bound=ast.AST)


@cache
def sources(folder: str = "") -> tuple[Path, ...]:
    """The Python files of the package, or of a folder in it, in order."""
    return tuple(sorted((PACKAGE / folder).rglob("*.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    """A parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def _nodes_by_kind(path: Path) -> dict[type[ast.AST], list[ast.AST]]:
    found: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
    for node in ast.walk(tree_of(path)):
        found[type(node)].append(node)
    return dict(found)


def nodes_of(path: Path, kind: type[Node]) -> Sequence[Node]:
    """Every node of exactly that kind in a file."""
    return cast("Sequence[Node]", _nodes_by_kind(path).get(kind, ()))
