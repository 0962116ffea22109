"""The values of a setting that a sweep tries: `latent_size=2,8,32`, `beta=0.5:8:log5`. No torch."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import BadChoice
from aestudio.recipes.run_titles import change_text
from aestudio.recipes.setting import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo

MOST_VALUES = 1_000
_RANGE = re.compile(r"(?P<low>[^:]+):(?P<high>[^:]+):(?P<scale>log|lin)(?P<count>\d+)")
_EXAMPLE = "as latent_size=2,8,32, beta=0.5:8:log5 or dropout=0:0.5:lin6; sizes as hidden_layers=128,64;256"
NOT_VARIED = frozenset({"folds", "fold", "fold_draw"})
"""Settings that the cross-validation of a sweep sets itself."""


@dataclass(frozen=True)
class Variation:
    """One setting and the values that it takes, in the order given, each once."""

    name: str
    values: tuple[Any, ...]


def parse_variation(text: str, recipe: Recipe) -> Variation:
    """The variation in a flag's text.

    Values have commas between, or semicolons where a value has commas itself; LOW:HIGH:logN are N values in
    equal ratios, LOW:HIGH:linN in equal steps, both ends among them. Those of whole numbers are rounded.

    Raises BadChoice for a text that is none, an unknown setting, and for a value that the recipe refuses.
    """
    name, separator, values = text.partition("=")
    name, values = name.strip(), values.strip()
    if not separator or not values:
        raise BadChoice("--vary", text, _EXAMPLE)
    if name in NOT_VARIED:
        raise BadChoice("--vary", text, "a setting of the recipe; --folds and --repeats set these")
    info = recipe.info(name)
    given = re.fullmatch(_RANGE, values)
    parsed = _range(info, given) if given else tuple(parse(info, part) for part in _parts(info, values))
    variation = Variation(name, tuple(dict.fromkeys(parsed)))
    if len(variation.values) > MOST_VALUES:
        raise BadChoice("--vary", text, f"at most {MOST_VALUES:,} values")
    for value in variation.values:
        recipe.with_settings({name: value})
    return variation


def given_variation(name: str, values: Any, recipe: Recipe) -> Variation:
    """The variation that a program gives: a list of values, or a text as for `parse_variation`.

    Raises BadChoice as that does.
    """
    if isinstance(values, str):
        return parse_variation(f"{name}={values}", recipe)
    if name in NOT_VARIED:
        raise BadChoice("setting that varies", name, "a setting of the recipe; folds and repeats set these")
    taken = [recipe.with_settings({name: value}).value(name) for value in values]
    if not taken:
        raise BadChoice(name, values, "one value or more")
    return Variation(name, tuple(dict.fromkeys(taken)))


def _parts(info: SettingInfo, values: str) -> list[str]:
    separator = ";" if info.kind in ("sizes", "text") or ";" in values else ","
    return [part.strip() for part in values.split(separator)]


def _range(info: SettingInfo, given: re.Match[str]) -> tuple[Any, ...]:
    low, high = parse(info, given["low"].strip()), parse(info, given["high"].strip())
    count, scale = int(given["count"]), given["scale"]
    if info.kind not in ("integer", "number") or not 2 <= count <= MOST_VALUES:
        raise BadChoice(info.name, given[0], f"{info.allowed}; a range is of 2 to {MOST_VALUES:,} numbers")
    if scale == "log":
        if min(low, high) <= 0:
            raise BadChoice(info.name, given[0], "a range above 0, or :lin instead of :log")
        values = [low * (high / low) ** (index / (count - 1)) for index in range(count)]
    else:
        values = [low + (high - low) * index / (count - 1) for index in range(count)]
    if info.kind == "integer":
        return tuple(round(value) for value in values)
    return tuple(float(f"{value:.6g}") for value in values)  # 0.1 and not 0.09999999999999999


def combinations(
    variations: Sequence[Variation], count: int | None = None, seed: int = 0
) -> tuple[dict[str, Any], ...]:
    """Every combination of the values, the last setting changing fastest; or `count` of them, drawn.

    Drawn ones are all different and keep their order. Raises BadChoice for no variation or a setting twice.
    """
    names = [variation.name for variation in variations]
    if not names or len(set(names)) < len(names):
        raise BadChoice("--vary", ", ".join(names), "one or more settings, each once")
    every = [
        dict(zip(names, values, strict=True)) for values in itertools.product(*(v.values for v in variations))
    ]
    if count is None or count >= len(every):
        return tuple(every)
    if count < 1:
        raise BadChoice("--random", count, "a whole number from 1")
    drawn = np.sort(np.random.default_rng(seed).permutation(len(every))[:count])
    return tuple(every[int(number)] for number in drawn)


def settings_text(recipe: Recipe, settings: dict[str, Any]) -> str:
    """The settings of one combination in a few words: "latent 8, beta 2"."""
    return ", ".join(change_text(recipe.info(name), value) for name, value in settings.items())
