"""All kinds of sabotage, found by their files, and the guesses about them."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

import aestudio.sabotage.kinds as package
from aestudio.errors import BadChoice
from aestudio.sabotage.diagnostics import DIAGNOSTICS
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.architecture import Architecture
    from aestudio.sabotage.diagnostics import Diagnostic


@cache
def sabotages() -> Mapping[str, Sabotage]:
    """Every kind by its name, in alphabetical order."""
    found: dict[str, Sabotage] = {}
    for name in names():
        module = importlib.import_module(f"{package.__name__}.{name}")
        (kind,) = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Sabotage) and value.__module__ == module.__name__
        ]
        found[name] = kind()
    return found


@cache
def names() -> tuple[str, ...]:
    """The names of all kinds, in alphabetical order."""
    return tuple(sorted(entry.name for entry in pkgutil.iter_modules(package.__path__)))


def find_sabotage(name: str) -> Sabotage:
    """The kind of this name; raises BadChoice."""
    if name not in names():
        raise BadChoice("sabotage", name, names())
    return sabotages()[name]


def check_sabotage(name: str, architecture: Architecture) -> None:
    """Raises BadChoice for an unknown kind, and for one that cannot be done to this model."""
    reason = find_sabotage(name).applies_to(architecture)
    if reason:
        fitting = [one for one, kind in sabotages().items() if not kind.applies_to(architecture)]
        raise BadChoice("sabotage", f"{name} ({reason})", fitting or "nothing")


def choices_of(name: str) -> tuple[Diagnostic, ...]:
    """The four diagnostics of the guess, the right one among them, in the order of `DIAGNOSTICS`.

    Raises BadChoice for an unknown kind.
    """
    kind = find_sabotage(name)
    offered = {kind.diagnostic, *kind.distractors}
    return tuple(one for one in DIAGNOSTICS.values() if one.name in offered)


def title_of_sabotage(name: str) -> str:
    """The title of a kind; the name itself of one that this version does not know."""
    return sabotages()[name].title if name in names() else name


def marked(title: str, name: str) -> str:
    """The title of something that a sabotaged run made, marked once; name: of the sabotage, "" for none."""
    mark = f"SABOTAGED ({title_of_sabotage(name)})" if name else ""
    return title if title.startswith(mark) else f"{mark} {title}"


def warning(name: str) -> str:
    """What files and commands say of the numbers of a sabotaged run, one sentence."""
    return f"This training was sabotaged on purpose ({title_of_sabotage(name)}): its results are no real ones"
