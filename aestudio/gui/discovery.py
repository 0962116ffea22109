"""Finds the widgets of a kind by listing their folder: adding one is adding its file."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from types import ModuleType

Kind = TypeVar("Kind")


def classes_in(package: ModuleType, kind: type[Kind]) -> list[type[Kind]]:
    """Every heir of `kind` that a module of the package defines itself."""
    found = []
    for entry in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{entry.name}")
        found += [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, kind) and value.__module__ == module.__name__
        ]
    return found
