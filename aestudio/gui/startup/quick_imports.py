"""Keeps PySide from reading the source of every module that is imported after it.

For its switchable features (`from __feature__ import snake_case`) PySide 6 searches the source of each newly
imported module for its own name: some 2,000 files while torch is imported, all of which stay in `linecache`.
This program uses none of these features, so the module's name is enough to decide.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_USERS = ("aestudio", "pyqtgraph")


def skip_source_scan() -> bool:
    """Let PySide decide by the module's name from now on; False if this version has no such function."""
    feature = sys.modules.get("shibokensupport.feature")
    if not hasattr(feature, "_mod_uses_pyside"):
        return False
    setattr(feature, "_mod_uses_pyside", _uses_pyside)  # noqa: B010 - its stubs lack this name
    return True


def _uses_pyside(module: ModuleType) -> bool:
    return module.__name__.partition(".")[0] in _USERS
