"""Comparisons: recipes that differ in one setting only, and which setting that may be. No torch.

Compared runs have the same seed, the same batches and the same length. So the settings that decide the order
of the images, or only monitor the training, are never the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from aestudio.errors import BadChoice, StudioError
from aestudio.recipes import objective as objectives
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.objective import Objective
from aestudio.recipes.other_objectives import (
    DEFAULT_CONTEXT,
    ComparisonContext,
    possible_objectives,
    with_objective,
)
from aestudio.recipes.part import discover
from aestudio.recipes.setting import SettingInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.recipe import Recipe

OBJECTIVE = "objective"
FEWEST, MOST = 2, 4

_SAME_IN_ALL = frozenset(
    {"seed", "batch_size", "validation_images", "epochs", "validations_per_epoch", "patience"}
    | {"classes_used", "class_draw", "imbalance", "first_images", "folds", "fold", "fold_draw"}
)
# Values that show the effect of a setting; for all others half and twice the recipe's own.
_SUGGESTED: dict[str, tuple[Any, ...]] = {
    "beta": (0.5, 1.0, 4.0),
    "latent_size": (2, 8, 32),
    "noise_strength": (0.0, 0.5),
    "dropout": (0.0, 0.2, 0.5),
    "weight_penalty": (0.0, 0.001, 0.01),
    "weight_decay": (0.0, 0.0001, 0.01),
    "momentum": (0.0, 0.5, 0.9),
    "gradient_clip": (0.0, 1.0),
    "warmup_epochs": (0.0, 5.0),
    "target_activity": (0.05, 0.1, 0.3),
    "sparsity_weight": (0.0, 0.5, 2.0),
    "augment_rotation": (0.0, 10.0, 45.0),
    "augment_shift": (0.0, 0.1, 0.25),
    "augment_scale": (0.0, 0.1, 0.3),
    "augment_shear": (0.0, 10.0, 30.0),
    "augment_elastic": (0.0, 0.03, 0.08),
    "augment_erasing": (0.0, 0.5, 1.0),
    "augment_noise": (0.0, 0.1, 0.3),
}


@dataclass(frozen=True)
class Preset:
    """A well-known comparison. key: its name; difference: "" if the recipe has no such setting."""

    key: str
    difference: str
    values: tuple[Any, ...]


def differences(recipe: Recipe, context: ComparisonContext = DEFAULT_CONTEXT) -> tuple[SettingInfo, ...]:
    """What compared runs of this recipe may differ in: the objective, then every setting with an effect."""
    # Recipes are frozen, so they have a hash, which the type checker cannot see.
    return _differences(cast("Any", recipe), possible_objectives(recipe, context))


@lru_cache(64)
def _differences(recipe: Recipe, kinds: tuple[str, ...]) -> tuple[SettingInfo, ...]:
    """The same for these possible objectives; a dialog asks for one difference after another."""
    objective = SettingInfo(
        name=OBJECTIVE,
        title="Objective",
        help="What the loss rewards.",
        unit="",
        kind="choice",
        default=recipe.objective.kind(),
        choices=kinds,
    )
    sections = recipe.settings()
    order = ("objective", "network", "training", "images", "augmentation")
    rows = [info for name in order for info in sections[name]]
    own = (_with_possible_choices(recipe, info) for info in rows if _matters(recipe, info))
    return tuple(info for info in (objective, *own) if info.kind != "choice" or len(info.choices) >= FEWEST)


def _with_possible_choices(recipe: Recipe, info: SettingInfo) -> SettingInfo:
    """A choice without the values that the recipe's other settings rule out."""
    return replace(
        info, choices=tuple(choice for choice in info.choices if _possible(recipe, info.name, choice))
    )


def _possible(recipe: Recipe, name: str, value: Any) -> bool:
    try:
        recipe.with_settings({name: value})
    except StudioError:
        return False
    return True


def _matters(recipe: Recipe, info: SettingInfo) -> bool:
    return info.name not in _SAME_IN_ALL and info.kind != "text" and recipe.has_effect(info)


def difference(recipe: Recipe, name: str, context: ComparisonContext = DEFAULT_CONTEXT) -> SettingInfo:
    """The difference of that name; raises BadChoice."""
    known = {info.name: info for info in differences(recipe, context)}
    if name not in known:
        raise BadChoice("difference", name, known)
    return known[name]


def suggested_values(recipe: Recipe, info: SettingInfo) -> tuple[Any, ...]:
    """Two to four different values of a setting whose comparison shows its effect."""
    if info.name == OBJECTIVE:
        return _suggested_objectives(recipe.objective.kind(), info.choices)
    own = recipe.value(info.name)
    if info.kind == "switch":
        return (False, True)
    if info.kind == "choice":
        return (own, *(choice for choice in info.choices if choice != own))[:MOST]
    if info.kind == "sizes":
        return _sizes(info, own)
    known = tuple(value for value in _SUGGESTED.get(info.name, ()) if _fits(recipe, info.name, value))
    if len(known) >= FEWEST:
        return known
    return tuple(value for value in _around(info, own) if value == own or _fits(recipe, info.name, value))


_AE_AGAINST_VAE = ("reconstruction", "variational")


def _suggested_objectives(own: str, possible: tuple[str, ...]) -> tuple[str, str]:
    """The plain autoencoder against the variational one, or against the recipe's own objective."""
    if own in _AE_AGAINST_VAE and set(_AE_AGAINST_VAE) <= set(possible):
        return _AE_AGAINST_VAE
    others = [kind for kind in possible if kind != own]
    return own, "reconstruction" if "reconstruction" in others else others[0]


def _sizes(info: SettingInfo, own: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    most = info.maximum or float("inf")
    larger = tuple(int(min(most, 2 * size)) for size in own)
    smaller = tuple(max(1, size // 2) for size in own)
    return tuple(dict.fromkeys((smaller, own, larger))) if own else ((), (128,))


def _around(info: SettingInfo, own: float) -> tuple[float, ...]:
    low = info.minimum if info.minimum is not None else -float("inf")
    high = info.maximum if info.maximum is not None else float("inf")
    values = (own / 2, own, own * 2) if own else (0.0, min(1.0, high / 2))
    inside = (value for value in values if low <= value <= high)
    kind = int if info.kind == "integer" else float
    return tuple(dict.fromkeys(kind(value) for value in inside))


def another_value(
    recipe: Recipe, name: str, values: Sequence[Any], context: ComparisonContext = DEFAULT_CONTEXT
) -> Any:
    """A value of a setting that differs from all of these; None if there is none."""
    info = difference(recipe, name, context)
    offered = [*suggested_values(recipe, info), *info.choices]
    if not info.choices and info.kind == "sizes":
        offered.append(tuple(2 * size for size in values[-1]) or (64,))
    elif info.kind == "number":
        offered += [2 * max(values), max(values) / 2, 1.0, (values[-1] + values[-2]) / 2]
    elif info.kind == "integer":
        offered += [2 * max(values), max(values) // 2, 1]
    return next((value for value in offered if value not in values and _fits(recipe, name, value)), None)


def _fits(recipe: Recipe, name: str, value: Any) -> bool:
    return name == OBJECTIVE or _possible(recipe, name, value)


def presets(recipe: Recipe, context: ComparisonContext = DEFAULT_CONTEXT) -> tuple[Preset, ...]:
    """The comparisons of every lecture; `difference` is "" if this recipe does not have the setting."""
    known = {info.name: info for info in differences(recipe, context)}
    kinds = known[OBJECTIVE].choices if OBJECTIVE in known else ()

    def own(key: str, name: str) -> Preset:
        if name not in known:
            return Preset(key, "", ())
        return Preset(key, name, suggested_values(recipe, known[name]))

    def of_objectives(key: str, values: tuple[str, str]) -> Preset:
        return Preset(key, OBJECTIVE, values) if set(values) <= set(kinds) else Preset(key, "", ())

    noise = own("noise", "noise_strength")
    if recipe.objective.kind() == "reconstruction":
        noise = of_objectives("noise", ("reconstruction", "denoising"))
    return (
        of_objectives("ae against vae", _AE_AGAINST_VAE),
        own("beta", "beta"),
        own("latent size", "latent_size"),
        noise,
    )


def compared_recipes(
    base: Recipe, name: str, values: Sequence[Any], context: ComparisonContext = DEFAULT_CONTEXT
) -> tuple[Recipe, ...]:
    """The base with each of two to four different values of one difference.

    Raises BadChoice for a name or value that is not possible, StudioError for a wrong number of
    values or two that are equal.
    """
    difference(base, name, context)
    if not FEWEST <= len(values) <= MOST:
        raise StudioError(f"A comparison has {FEWEST} to {MOST} runs, not {len(values)}")
    recipes = tuple(
        with_objective(base, value, context.objectives)
        if name == OBJECTIVE
        else base.with_settings({name: value})
        for value in values
    )
    if len(set(values)) < len(values):
        raise StudioError(
            "Two of the compared runs are the same", advice="Give each of them a different value."
        )
    return recipes


def value_text(info: SettingInfo, value: Any, context: ComparisonContext = DEFAULT_CONTEXT) -> str:
    """A value as a short text: "4", "on", "Autoencoder", "256, 64"."""
    if info.name == OBJECTIVE:
        kinds = {**discover(objectives.PACKAGE, Objective), **context.objectives}
        return kinds[value].title if value in kinds else str(value)
    if info.kind == "switch":
        return "on" if value else "off"
    if info.kind == "sizes":
        return ", ".join(map(str, value)) or "none"
    return f"{value:.6g}" if info.kind == "number" else str(value).replace("_", " ")


def comparison_title(info: SettingInfo, value: Any, context: ComparisonContext = DEFAULT_CONTEXT) -> str:
    """The title of a compared run: "β 4", "Latent size 32", "Autoencoder"."""
    text = value_text(info, value, context)
    return text if info.name == OBJECTIVE else f"{info.title} {text}"


def same_initial_weights(recipes: Sequence[Recipe], data: DataShape) -> bool:
    """Whether all have the same layers, so that the same seed gives the same initial weights."""
    return len({_draws(recipe, data) for recipe in recipes}) == 1


def _draws(recipe: Recipe, data: DataShape) -> object:
    """What decides the initial weights besides the seed: the layers that have any, wherever they lie."""
    layers = tuple(one for _, one in Architecture(recipe, data).weights)
    return layers, recipe.training.initial_weights
