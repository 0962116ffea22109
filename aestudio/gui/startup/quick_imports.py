"""Keeps PySide from reading the source of every module that is imported after it.

For its switchable features (`from __feature__ import snake_case`) PySide 6 looks, at every first import of
any module, through that module's source for its own name: some 2,000 files while torch is imported, all
of which stay in `linecache`. The program uses none of these features, so the answer is known by name.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_USERS = ("aestudio", "pyqtgraph", "superqt")


def tell_pyside_who_uses_it() -> bool:
    """Answer PySide's question by the module's name from now on; False where it does not ask that way."""
    feature = sys.modules.get("shibokensupport.feature")
    if not hasattr(feature, "_mod_uses_pyside"):
        return False
    setattr(feature, "_mod_uses_pyside", _uses_pyside)  # noqa: B010 - a name that its stubs do not have
    return True


def _uses_pyside(module: ModuleType) -> bool:
    return module.__name__.partition(".")[0] in _USERS
