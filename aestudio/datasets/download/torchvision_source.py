"""Addresses and checksums of torchvision's data sets, read from its source text: nothing is imported.

An import of torchvision takes seconds, on a busy computer half a minute (`addresses_process`); its file with
these classes is read and parsed in milliseconds. The values are those of plain assignments in the classes.
"""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from aestudio.datasets.download.addresses_child import CLASSES, FIELDS
from aestudio.errors import StudioError
from aestudio.storage.files import read_bytes

_FILE = Path("datasets", "mnist.py")
_MOST_BYTES = 1 << 20  # it has 22 KB


def addresses_in_source() -> dict[str, dict[str, Any]] | None:
    """What `addresses_child.addresses` gives; None if the installed torchvision is written otherwise."""
    try:
        spec = find_spec("torchvision")  # finds a top-level package without importing it
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.origin:
        return None
    try:
        tree = ast.parse(read_bytes(Path(spec.origin).parent / _FILE, _MOST_BYTES))
        found: dict[str, dict[str, Any]] = {}
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name in CLASSES:
                found[node.name] = _fields(node, found)
    except (StudioError, SyntaxError, ValueError):
        return None
    return found if set(found) == set(CLASSES) and all(found.values()) else None


def _fields(node: ast.ClassDef, above: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The class's addresses and checksums, also those that it inherits from a class `above`.

    Raises ValueError if one of them is not written as a literal.
    """
    fields: dict[str, Any] = {}
    for base in reversed(node.bases):
        fields |= above.get(base.id, {}) if isinstance(base, ast.Name) else {}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name) and target.id in FIELDS:
                    fields[target.id] = ast.literal_eval(statement.value)
    return fields
