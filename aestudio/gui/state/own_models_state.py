"""The user's own recipes, networks and objectives, as they were read last."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.errors import StudioError
    from aestudio.recipes.own_parts.part_folder import PartFolder
    from aestudio.recipes.part import Part
    from aestudio.recipes.recipe import Recipe


@dataclass(frozen=True, eq=False)
class OwnModelsState:
    """What is not shipped.

    parts:     networks and objectives that can be used, by package and kind
    questions: Python folders to ask about; the first one is shown
    postponed: questions that were dismissed until the next start, by key and digest of their folder
    problems:  why other files cannot be used
    """

    recipes: tuple[Recipe, ...] = ()
    parts: Mapping[str, Mapping[str, type[Part]]] = field(default_factory=lambda: MappingProxyType({}))
    questions: tuple[PartFolder, ...] = ()
    problems: tuple[StudioError, ...] = ()
    postponed: frozenset[tuple[str, str]] = frozenset()
