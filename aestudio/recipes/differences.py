"""Comparisons: recipes that differ in one setting only, and which setting that may be. No torch.

Compared runs have the same seed, the same batches and the same length. So the settings that decide the order
of the images, or only monitor the training, are never the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aestudio.errors import BadChoice, StudioError
from aestudio.recipes import objective as objectives
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import discover
from aestudio.recipes.setting import SettingInfo, change, describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.recipes.recipe import Recipe

OBJECTIVE = "objective"
FEWEST, MOST = 2, 4

_ALIKE = frozenset({"seed", "batch_size", "validation_images", "epochs", "validations_per_epoch", "patience"})
# Values that show what a setting does; for the others half and twice the recipe's own.
_TELLING: dict[str, tuple[Any, ...]] = {
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
}
# The same likelihood, as named by the variational and by the other objectives.
_DISTANCES = {"bernoulli": "cross_entropy", "gaussian": "squared_error"}


@dataclass(frozen=True)
class Preset:
    """A comparison worth seeing. difference: "" if the recipe has no such setting; key: its name."""

    key: str
    difference: str
    values: tuple[Any, ...]


def differences(recipe: Recipe) -> tuple[SettingInfo, ...]:
    """What compared runs of this recipe may differ in: the objective, then each setting with an effect."""
    kinds = tuple(discover(objectives.PACKAGE, Objective))
    objective = SettingInfo(
        name=OBJECTIVE,
        title="Objective",
        help="What the loss rewards.",
        unit="",
        kind="choice",
        default=recipe.objective.kind(),
        minimum=None,
        maximum=None,
        open_minimum=False,
        choices=kinds,
        live=False,
        logarithmic=False,
        applies_if=None,
    )
    sections = recipe.settings()
    rows = (*sections["objective"], *sections["network"], *sections["training"])
    own = (_with_possible_choices(recipe, info) for info in rows if _matters(recipe, info))
    return (objective, *(info for info in own if info.kind != "choice" or len(info.choices) >= FEWEST))


def _with_possible_choices(recipe: Recipe, info: SettingInfo) -> SettingInfo:
    """A choice without the values that the recipe's other settings rule out."""
    return replace(info, choices=tuple(word for word in info.choices if _possible(recipe, info.name, word)))


def _possible(recipe: Recipe, name: str, value: Any) -> bool:
    try:
        recipe.with_settings({name: value})
    except BadChoice:
        return False
    return True


def _matters(recipe: Recipe, info: SettingInfo) -> bool:
    if info.name in _ALIKE or info.kind == "text":
        return False
    if info.name == "latent_size" and recipe.objective.code == "none":
        return False
    if info.applies_if is None:
        return True
    other, values = info.applies_if
    return str(recipe.value(other)) in values


def difference(recipe: Recipe, name: str) -> SettingInfo:
    """The difference of that name; raises BadChoice."""
    found = {info.name: info for info in differences(recipe)}
    if name not in found:
        raise BadChoice("difference", name, found)
    return found[name]


def telling_values(recipe: Recipe, info: SettingInfo) -> tuple[Any, ...]:
    """Two to four different values of a difference that are worth comparing."""
    if info.name == OBJECTIVE:
        own = recipe.objective.kind()
        return (own, "reconstruction") if own not in ("reconstruction", "variational") else _AE_AGAINST_VAE
    own = recipe.value(info.name)
    if info.kind == "switch":
        return (False, True)
    if info.kind == "choice":
        return (own, *(choice for choice in info.choices if choice != own))[:MOST]
    if info.kind == "sizes":
        return _sizes(info, own)
    if info.name in _TELLING:
        return _TELLING[info.name]
    return _around(info, own)


_AE_AGAINST_VAE = ("reconstruction", "variational")


def _sizes(info: SettingInfo, own: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    most = info.maximum or float("inf")
    larger = tuple(int(min(most, 2 * size)) for size in own)
    smaller = tuple(max(1, size // 2) for size in own)
    return tuple(dict.fromkeys((smaller, own, larger))) if own else ((), (128,))


def _around(info: SettingInfo, own: float) -> tuple[float, ...]:
    low = info.minimum if info.minimum is not None else -float("inf")
    high = info.maximum if info.maximum is not None else float("inf")
    found = (own / 2, own, own * 2) if own else (0.0, min(1.0, high / 2))
    inside = (value for value in found if low <= value <= high)
    kind = int if info.kind == "integer" else float
    return tuple(dict.fromkeys(kind(value) for value in inside))


def another_value(recipe: Recipe, name: str, values: Sequence[Any]) -> Any:
    """A value of a difference that is none of these; None if there is no other."""
    info = difference(recipe, name)
    offered = [*telling_values(recipe, info), *info.choices]
    if not info.choices and info.kind == "sizes":
        offered.append(tuple(2 * size for size in values[-1]) or (64,))
    elif info.kind == "number":
        offered += [2 * max(values), max(values) / 2, 1.0, (values[-1] + values[-2]) / 2]
    elif info.kind == "integer":
        offered += [2 * max(values), max(values) // 2, 1]
    return next((one for one in offered if one not in values and _fits(recipe, name, one)), None)


def _fits(recipe: Recipe, name: str, value: Any) -> bool:
    return name == OBJECTIVE or _possible(recipe, name, value)


def presets(recipe: Recipe) -> tuple[Preset, ...]:
    """The comparisons that every lecture wants, as far as this recipe has them."""
    names = {info.name for info in differences(recipe)}

    def own(key: str, name: str) -> Preset:
        return Preset(key, name, _TELLING[name]) if name in names else Preset(key, "", ())

    noise = own("noise", "noise_strength")
    if recipe.objective.kind() == "reconstruction":
        noise = Preset("noise", OBJECTIVE, ("reconstruction", "denoising"))
    return (
        Preset("ae against vae", OBJECTIVE, _AE_AGAINST_VAE),
        own("beta", "beta"),
        own("latent size", "latent_size"),
        noise,
    )


def compared_recipes(base: Recipe, name: str, values: Sequence[Any]) -> tuple[Recipe, ...]:
    """The base with each of two to four different values of one difference.

    Raises BadChoice for a name or value that is not possible, StudioError for a wrong number of
    values or two that are equal.
    """
    difference(base, name)
    if not FEWEST <= len(values) <= MOST:
        raise StudioError(f"A comparison has {FEWEST} to {MOST} runs, not {len(values)}")
    recipes = tuple(
        with_objective(base, value) if name == OBJECTIVE else base.with_settings({name: value})
        for value in values
    )
    if len(set(values)) < len(values):
        raise StudioError(
            "Two of the compared runs are the same", advice="Give each of them a different value."
        )
    return recipes


def with_objective(recipe: Recipe, kind: str) -> Recipe:
    """The recipe with another objective that keeps all that both have; raises BadChoice.

    The likelihood has different names: Bernoulli is cross-entropy, Gaussian is squared error.
    """
    kinds = discover(objectives.PACKAGE, Objective)
    if kind not in kinds:
        raise BadChoice(OBJECTIVE, kind, kinds)
    old = recipe.objective
    if kind == old.kind():
        return recipe
    made: Objective = kinds[kind]()
    names = {info.name for info in describe(kinds[kind])}
    for name, value in _alike(old.model_dump()).items():
        if name in names:
            try:
                made = change(made, {name: value})
            except BadChoice:
                continue  # the new objective cannot have it: its own default stays
    return recipe.combined(objective=made)


def _alike(settings: dict[str, Any]) -> dict[str, Any]:
    """An objective's settings under the names of all objectives."""
    words = dict(settings)
    if "likelihood" in settings:
        words["distance"] = _DISTANCES[settings["likelihood"]]
    elif "distance" in settings:
        words["likelihood"] = {distance: word for word, distance in _DISTANCES.items()}[settings["distance"]]
    return words


def value_text(info: SettingInfo, value: Any) -> str:
    """A value as a short text: "4", "on", "Autoencoder", "256, 64"."""
    if info.name == OBJECTIVE:
        kinds = discover(objectives.PACKAGE, Objective)
        return kinds[value].title if value in kinds else str(value)
    if info.kind == "switch":
        return "on" if value else "off"
    if info.kind == "sizes":
        return ", ".join(map(str, value)) or "none"
    return f"{value:.6g}" if info.kind == "number" else str(value).replace("_", " ")


def comparison_title(info: SettingInfo, value: Any) -> str:
    """The title of a compared run: "β 4", "Latent size 32", "Autoencoder"."""
    text = value_text(info, value)
    return text if info.name == OBJECTIVE else f"{info.title} {text}"


def begin_alike(recipes: Sequence[Recipe]) -> bool:
    """Whether all have the same layers, so that the same seed gives the same initial weights."""
    return len({recipe.layers() for recipe in recipes}) == 1
