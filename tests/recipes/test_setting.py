"""Every setting of every recipe: what its declaration promises is what it accepts and refuses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aestudio.errors import BadChoice
from aestudio.recipes.library import shipped_recipes
from aestudio.recipes.recipe import SECTIONS
from aestudio.recipes.setting import SettingInfo, Settings, change, describe, parse, setting

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe

RECIPES = {recipe.name: recipe for recipe in shipped_recipes()}
CASES = [
    (recipe, info) for recipe in RECIPES.values() for rows in recipe.settings().values() for info in rows
]
# One case per declaration; which of the recipes that have it is tried is drawn with the value.
DECLARATIONS = {
    (type(getattr(recipe, section)), info.name): info
    for recipe in RECIPES.values()
    for section, rows in recipe.settings().items()
    for info in rows
}
DECLARED = pytest.mark.parametrize(
    ("group", "info"),
    [
        pytest.param(group, info, id=f"{group.__name__}-{name}")
        for (group, name), info in DECLARATIONS.items()
    ],
)
KINDS = {"integer": int, "number": float, "choice": str, "switch": bool, "sizes": tuple, "text": str}


def forbidden_together(recipe: Recipe, name: str, value: Any) -> bool:
    """The rules between two settings, written down a second time."""
    values = {row.name: recipe.value(row.name) for rows in recipe.settings().values() for row in rows}
    values[name] = value
    if values.get("distance") == "cross_entropy" and values.get("output") == "linear":
        return True
    if recipe.objective.kind() == "principal_components" and (
        values["hidden"] or values["decoder_weights"] == "tied"
    ):
        return True
    if (
        recipe.objective.kind() in ("wasserstein", "adversarial_autoencoder")
        and values["code_activation"] != "linear"
    ):
        return True
    with_covariances = ("regularised", "gaussian_mixture_prior")
    if recipe.objective.kind() in with_covariances and values["latent_size"] > 256:
        return True
    not_one_matrix = ("ladder", "flow_posterior", "semi_supervised", "conditional_variational")
    not_one_matrix = (*not_one_matrix, "categorical_variational")
    if recipe.objective.kind() in not_one_matrix and values["decoder_weights"] == "tied":
        return True
    if recipe.objective.kind() == "contractive" and values["hidden"] and values["normalisation"] == "batch":
        return True
    if recipe.network.kind() == "patch_transformer" and values["width"] % values["heads"]:
        return True
    if recipe.objective.kind() == "variable_rate" and values["finest"] < values["coarsest"]:
        return True
    if recipe.objective.kind() == "info_adversarial" and values["latent_size"] < 1 + values["told_numbers"]:
        return True
    return values.get("sparsity") == "kl" and values.get("code_activation") != "sigmoid"


def recipes_with(group: type[Settings]) -> st.SearchStrategy[Recipe]:
    """Shipped recipes that have a section of that very type."""
    return st.sampled_from(
        [
            recipe
            for recipe in RECIPES.values()
            if group in (type(getattr(recipe, section)) for section in SECTIONS)
        ]
    )


def valid_values(info: SettingInfo) -> st.SearchStrategy[Any]:
    """Values that the declaration allows."""
    low, high = info.minimum, info.maximum
    match info.kind:
        case "choice":
            return st.sampled_from(info.choices)
        case "integer":
            assert low is not None
            assert high is not None
            return st.integers(int(low), int(high))
        case "number":
            return st.floats(low, high, exclude_min=info.open_minimum)
        case "sizes":
            assert low is not None
            assert high is not None
            return st.lists(st.integers(int(low), int(high)), max_size=4).map(tuple)
        case "text":
            return st.text(max_size=40).map(str.strip)
        case _:
            raise AssertionError(f"no strategy for {info.kind}")


def invalid_values(info: SettingInfo) -> st.SearchStrategy[Any]:
    """Values that the declaration rules out."""
    low, high = info.minimum, info.maximum
    if info.kind == "text":
        return st.none() | st.integers() | st.just(("a", "b"))
    if info.kind == "choice":
        return st.text().filter(lambda text: text not in info.choices) | st.none() | st.integers()
    assert low is not None
    assert high is not None
    outside = st.integers(max_value=math.ceil(low) - 1) | st.integers(min_value=math.floor(high) + 1)
    match info.kind:
        case "integer":
            return outside | st.floats(low, high).filter(lambda value: value != int(value)) | st.none()
        case "sizes":
            inside = st.lists(st.integers(int(low), int(high)), max_size=1)
            spoiled = st.tuples(inside, outside, inside).map(lambda parts: (*parts[0], parts[1], *parts[2]))
            return spoiled | st.just(("many",)) | st.just(5)
        case _:
            edge = st.just(low) if info.open_minimum else st.nothing()
            beyond = st.floats(max_value=low, exclude_max=True) | st.floats(min_value=high, exclude_min=True)
            return edge | beyond | st.sampled_from([math.nan, math.inf, -math.inf, None, "much"])


def as_text(info: SettingInfo, value: Any) -> str:
    """The value as somebody would write it on the command line."""
    return ", ".join(map(str, value)) if info.kind == "sizes" else str(value)


def test_declaration_is_complete() -> None:
    for recipe, info in CASES:
        assert info.title
        assert not info.title.endswith(".")
        assert info.help.endswith("."), "help is a sentence"
        assert type(info.default) is KINDS[info.kind]
        assert type(recipe.value(info.name)) is KINDS[info.kind]
        if info.kind in ("integer", "number", "sizes"):
            assert info.minimum is not None
            assert info.maximum is not None
            assert info.minimum < info.maximum
        if info.logarithmic:
            assert info.open_minimum, "a log scale cannot reach 0"
        if info.live:
            assert info.kind == "number", "what moves while training is one number"
        if info.applies_if:
            other, values = info.applies_if
            assert set(values) <= set(recipe.info(other).choices)


def test_default_can_be_set() -> None:
    for recipe, info in CASES:
        if not forbidden_together(recipe, info.name, info.default):
            assert recipe.with_settings({info.name: info.default}).value(info.name) == info.default


@DECLARED
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_valid_values_are_taken(group: type[Settings], info: SettingInfo, data: st.DataObject) -> None:
    recipe = data.draw(recipes_with(group))
    value = data.draw(valid_values(info))
    if forbidden_together(recipe, info.name, value):
        with pytest.raises(BadChoice):
            recipe.with_settings({info.name: value})
        return
    changed = recipe.with_settings({info.name: value})
    assert changed.value(info.name) == value
    assert recipe.with_flags([f"{info.name} = {as_text(info, value)}"]) == changed
    assert type(changed).model_validate(changed.model_dump(mode="json")) == changed
    for rows in recipe.settings().values():
        for other in rows:
            if other.name != info.name:
                assert changed.value(other.name) == recipe.value(other.name), "nothing else moved"


@DECLARED
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_invalid_values_are_refused_by_name(
    group: type[Settings], info: SettingInfo, data: st.DataObject
) -> None:
    recipe = data.draw(recipes_with(group))
    value = data.draw(invalid_values(info))
    with pytest.raises(BadChoice) as caught:
        recipe.with_settings({info.name: value})
    assert caught.value.subject == info.name
    assert caught.value.value == value or value != value
    assert caught.value.allowed == info.allowed
    assert str(caught.value).startswith(f"{info.name} cannot be ")


def test_allowed_names_the_exact_bounds() -> None:
    for _, info in CASES:
        if info.choices:
            assert info.allowed == ", ".join(info.choices)
            continue
        if info.kind == "text":
            assert info.allowed == "any text"
            continue
        numbers = [float(part) for part in info.allowed.removesuffix(info.unit).split() if part[0].isdigit()]
        most = [] if info.longest is None else [info.longest]
        assert numbers == [*most, info.minimum, info.maximum]
        assert ("above" in info.allowed.split()) == info.open_minimum


class Example(Settings):
    """One setting of every kind."""

    count: int = setting(3, title="Count", help="How many.", ge=0, le=2**31 - 1)
    share: float = setting(0.5, title="Share", help="How much.", gt=0.0, le=1.0, unit="of all", live=True)
    lower: float = setting(1.0, title="Lower", help="At least.", ge=-2.5)
    upper: float = setting(1.0, title="Upper", help="At most.", le=2.5)
    sizes: tuple[int, ...] = setting((1, 2), title="Sizes", help="Some.", ge=1, le=9)
    shown: bool = setting(True, title="Shown", help="Whether.")
    label: str = setting("", title="Label", help="Words.")
    not_a_setting: int = 0


def test_describe_lists_settings_in_order_of_declaration() -> None:
    rows = describe(Example)
    assert [row.name for row in rows] == ["count", "share", "lower", "upper", "sizes", "shown", "label"]
    assert [row.kind for row in rows] == [
        "integer",
        "number",
        "number",
        "number",
        "sizes",
        "switch",
        "text",
    ]
    share = rows[1]
    assert (share.title, share.help, share.unit, share.default) == ("Share", "How much.", "of all", 0.5)
    assert (share.minimum, share.maximum, share.open_minimum, share.live) == (0.0, 1.0, True, True)


def test_allowed_in_words() -> None:
    allowed = {row.name: row.allowed for row in describe(Example)}
    assert allowed == {
        "count": "whole number from 0 up to 2147483647",
        "share": "number above 0 up to 1 of all",
        "lower": "number from -2.5",
        "upper": "number at most 2.5",
        "sizes": "whole numbers with commas between, each from 1 up to 9",
        "shown": "true, false",
        "label": "any text",
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("count", "12", 12),
        ("share", "1e-3", 0.001),
        ("sizes", "5, 6,7", (5, 6, 7)),
        ("sizes", "", ()),
        ("sizes", "5,", (5,)),
        ("shown", "TRUE", True),
        ("shown", "off", False),
        ("label", "a b", "a b"),
    ],
)
def test_parse(name: str, text: str, value: Any) -> None:
    info = next(row for row in describe(Example) if row.name == name)
    assert parse(info, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("count", "1.5"), ("count", ""), ("share", "half"), ("sizes", "1,x"), ("sizes", "1 2"), ("shown", "2")],
)
def test_parse_refuses(name: str, text: str) -> None:
    info = next(row for row in describe(Example) if row.name == name)
    with pytest.raises(BadChoice) as caught:
        parse(info, text)
    assert (caught.value.subject, caught.value.value) == (name, text)
    assert caught.value.allowed.startswith(info.allowed)


def test_change_returns_a_copy() -> None:
    before = Example()
    after = change(before, {"count": 5, "shown": False})
    assert (after.count, after.shown, after.share) == (5, False, 0.5)
    assert (before.count, before.shown) == (3, True)


def test_change_refuses_unknown_names_listing_the_known() -> None:
    with pytest.raises(BadChoice) as caught:
        change(Example(), {"cuont": 5})
    assert caught.value.value == "cuont"
    assert caught.value.allowed == "count, share, lower, upper, sizes, shown, label"


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Example().count = 4


def test_a_setting_has_one_type() -> None:
    class Either(Settings):
        value: int | None = setting(None, title="Value", help="Either.")

    with pytest.raises(TypeError, match="one type"):
        describe(Either)
