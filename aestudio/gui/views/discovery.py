"""Finds the widgets of a kind by listing their folder: adding one is adding its file."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from types import ModuleType

Kind = TypeVar("Kind")


def classes_in(package: ModuleType, kind: type[Kind]) -> list[type[Kind]]:
    """Every subclass of `kind` that a module NAME.py, or NAME/NAME_view.py, of the package defines itself."""
    found = []
    for entry in pkgutil.iter_modules(package.__path__):
        name = f"{package.__name__}.{entry.name}"
        if entry.ispkg:
            name = f"{name}.{entry.name}_view"
            if importlib.util.find_spec(name) is None:
                continue
        module = importlib.import_module(name)
        found += [
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, kind)
            and value is not kind
            and value.__module__ == module.__name__
        ]
    return found
