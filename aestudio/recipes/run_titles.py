"""The title of a new run: its recipe's, and what was changed in it: "VAE, latent 10, beta 4". No torch.

`differences.py` is about the settings in which compared runs may differ; here every changed setting counts,
the seed as well, and the words are short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.recipes.differences import value_text
from aestudio.recipes.library import original_of
from aestudio.recipes.recipe import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo

MOST_CHANGES = 4  # in a title; of more it says how many there are
_SHORT = {
    "latent_size": "latent",
    "beta": "beta",
    "learning_rate": "rate",
    "batch_size": "batch",
    "gradient_clip": "clip",
}


def run_title(recipe: Recipe) -> str:
    """The title of a run of this recipe: the recipe's, and the changes to its file, the essential first.

    Two runs of equal settings have the same title. A recipe whose file is gone has no changes.
    """
    return _title(recipe, original_of(recipe))


def title_among(recipe: Recipe, known: Iterable[Recipe]) -> str:
    """The same without reading a file. known: the recipes as their files have them"""
    return _title(recipe, next((one for one in known if one.name == recipe.name), None))


def _title(recipe: Recipe, original: Recipe | None) -> str:
    changes = changes_of(recipe, original)
    more = len(changes) - MOST_CHANGES
    shown = changes if more <= 1 else (*changes[:MOST_CHANGES], f"{more} more changes")
    return ", ".join((recipe.title, *shown))


def changes_of(recipe: Recipe, original: Recipe | None) -> tuple[str, ...]:
    """What differs from the original, each as a few words; () without one. What has no effect is left out."""
    if original is None:
        return ()
    parts = [
        f"{section} {part.title}"
        for section, part, other in (
            ("network", recipe.network, original.network),
            ("objective", recipe.objective, original.objective),
        )
        if type(part) is not type(other)
    ]
    known = {info.name for rows in original.settings().values() for info in rows}
    changed = [
        info
        for info in _in_order(recipe)
        if info.name in known
        and recipe.has_effect(info)
        and recipe.value(info.name) != original.value(info.name)
    ]
    return (*parts, *(change_text(info, recipe.value(info.name)) for info in changed))


def change_text(info: SettingInfo, value: Any) -> str:
    """A setting and its value in a few words: "latent 10", "no batch norm", "hidden layers 256, 64"."""
    name = _SHORT.get(info.name) or _lower(info.title)
    if info.kind == "switch":
        return name if value else f"no {name}"
    if info.kind == "sizes":
        return f"{name} {'-'.join(map(str, value)) or 'none'}"  # commas are between the changes
    return f"{name} {value_text(info, value)}"


def _in_order(recipe: Recipe) -> list[SettingInfo]:
    """Every setting: the essential ones first, the seed last."""
    place = {name: index for index, name in enumerate(recipe.essential)} | {"seed": 1_000}
    rows = [info for section in SECTIONS for info in recipe.settings()[section]]
    return sorted(rows, key=lambda info: place.get(info.name, len(recipe.essential)))


def _lower(title: str) -> str:
    """The title within a sentence: "Hidden layers" becomes "hidden layers", "KL weight" stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
