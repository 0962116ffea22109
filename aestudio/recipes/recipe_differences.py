"""What differs between two recipes, in the words of their declarations: parts, terms and settings. No torch.

`differences.py` is about runs that differ in one setting, `run_titles.py` about a recipe that was changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.recipes.differences import value_text
from aestudio.recipes.recipe import SECTIONS

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo

NO_VALUE = "–"


@dataclass(frozen=True)
class RecipeDifference:
    """One thing in which they differ.

    title, unit: what it is called, and in which unit it is
    own, other:  what each recipe has; `NO_VALUE` for nothing
    """

    title: str
    own: str
    other: str
    unit: str = ""


def recipe_differences(recipe: Recipe, other: Recipe) -> tuple[RecipeDifference, ...]:
    """Network, objective, terms of the loss, then settings with an effect: the essential ones first.

    Terms that both have are left out, and settings that have the same value in both.
    """
    parts = tuple(
        RecipeDifference(title, own.title, theirs.title)
        for title, own, theirs in (
            ("Network", recipe.network, other.network),
            ("Objective", recipe.objective, other.objective),
        )
        if type(own) is not type(theirs)
    )
    settings = (_setting(info, recipe, other) for info in _settings_of(recipe, other))
    return (*parts, *_terms(recipe, other), *(row for row in settings if row.own != row.other))


def _terms(recipe: Recipe, other: Recipe) -> tuple[RecipeDifference, ...]:
    own, theirs = ([term.title for term in one.objective.terms()] for one in (recipe, other))
    added = ", ".join(title for title in own if title not in theirs)
    missing = ", ".join(title for title in theirs if title not in own)
    if not added and not missing:
        return ()
    return (RecipeDifference("Terms", added or NO_VALUE, missing or NO_VALUE),)


def _settings_of(recipe: Recipe, other: Recipe) -> list[SettingInfo]:
    """The settings of both, each once, those that either shows first before the others."""
    found: dict[str, SettingInfo] = {}
    for one in (recipe, other):
        for section in SECTIONS:
            for info in one.settings()[section]:
                if one.has_effect(info):
                    found.setdefault(info.name, info)
    essential = (*recipe.essential, *other.essential)
    return sorted(found.values(), key=lambda info: info.name not in essential)


def _setting(info: SettingInfo, recipe: Recipe, other: Recipe) -> RecipeDifference:
    return RecipeDifference(info.title, _text(info.name, recipe), _text(info.name, other), info.unit)


def _text(name: str, recipe: Recipe) -> str:
    rows = [info for section in SECTIONS for info in recipe.settings()[section] if info.name == name]
    own = next((info for info in rows if recipe.has_effect(info)), None)
    return NO_VALUE if own is None else value_text(own, recipe.value(name))
