"""All texts of the window are literals inside `tr` or `translate`, so that lupdate finds them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.sources import PACKAGE, nodes_of, sources

if TYPE_CHECKING:
    from collections.abc import Iterable


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _problem(call: ast.Call) -> str:
    """What lupdate would miss about this call; "" if it is none of a translation, or a right one."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name == "_tr":
        return "lupdate does not know `_tr`"
    if ast.unparse(function) in ("translate", "QCoreApplication.translate"):  # a painter's moves a drawing
        literal = len(call.args) >= 2 and all(map(_is_text, call.args[:2]))
        return "" if literal else "context and text must be literals"
    if name == "tr":
        if not isinstance(function, ast.Attribute):
            return "`tr` without an object has no context"
        return "" if call.args and _is_text(call.args[0]) else "the text must be a literal"
    return ""


def _problems(source: str, where: str) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return _problems_of(calls, where)


def _problems_of(calls: Iterable[ast.Call], where: str) -> list[str]:
    return [f"{where}:{call.lineno}: {_problem(call)}" for call in calls if _problem(call)]


def test_every_text_is_found_by_lupdate() -> None:
    found = [
        problem
        for path in sources("gui")
        for problem in _problems_of(nodes_of(path, ast.Call), str(path.relative_to(PACKAGE)))
    ]
    assert not found, "\n".join(found)


def test_the_check_sees_what_lupdate_misses() -> None:
    assert _problems("_tr('a')", "x")
    assert _problems("translate(context, 'a')", "x")
    assert _problems("QCoreApplication.translate('A', text)", "x")
    assert _problems("tr('a')", "x")
    assert not _problems("self.tr('a'); translate('A', 'b'); painter.translate(x, y)", "x")
