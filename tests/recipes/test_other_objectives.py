"""Which objectives a recipe is compared with: the user's own too, and none that its network refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.errors import BadChoice
from aestudio.gui.state.comparison_state import ComparisonPlan, plan_for, problem_of
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.differences import (
    OBJECTIVE,
    compared_recipes,
    comparison_title,
    difference,
    differences,
    presets,
    suggested_values,
)
from aestudio.recipes.library import find_recipe
from aestudio.recipes.objective import Objective
from aestudio.recipes.other_objectives import ComparisonContext, possible_objectives, with_objective
from aestudio.recipes.own_parts.available import find_part
from tests.proofs.proofs import PROOFS, recipe_of
from tests.recipes.own_parts.conftest import allow, put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def own_objective(change: str = "", by: str = "") -> tuple[Mapping[str, type[Objective]], Path]:
    """The example of an objective, after one text of its config was changed; and that file."""
    path = put("objectives", "mean_absolute") / "config.py"
    text = path.read_text(encoding="utf-8")
    assert change in text
    path.write_text(text.replace(change, by, 1), encoding="utf-8")
    allow("objectives", "mean_absolute")
    declared = find_part("objectives", "mean_absolute", Objective)
    assert declared is not None
    return {"mean_absolute": declared}, path


@pytest.mark.parametrize("name", PROOFS)
def test_what_is_suggested_for_a_users_own_recipe_can_be_trained(name: str) -> None:
    """Every difference, every suggestion, and the plan that is shown first."""
    recipe = recipe_of(name)
    for info in differences(recipe):
        for compared in compared_recipes(recipe, info.name, suggested_values(recipe, info)):
            Architecture(compared, MNIST)
    plan = plan_for(recipe, None)
    assert problem_of(recipe, plan, ComparisonContext()) is None
    for preset in presets(recipe):
        if preset.difference:
            assert (
                problem_of(recipe, ComparisonPlan(preset.difference, preset.values), ComparisonContext())
                is None
            )


def test_the_recipes_own_objective_is_the_first_choice() -> None:
    recipe = recipe_of("two-level")
    info = difference(recipe, OBJECTIVE)
    assert (info.default, info.choices[0]) == ("two_level", "two_level")
    assert suggested_values(recipe, info) == ("two_level", "reconstruction")
    own, other = compared_recipes(recipe, OBJECTIVE, ("two_level", "reconstruction"))
    assert own is recipe
    assert other.network == recipe.network
    assert other.objective.kind() == "reconstruction"


def test_objectives_that_refuse_the_network_are_no_choice() -> None:
    """Only one objective takes a network that draws pixel by pixel: there is no other to compare it with."""
    assert possible_objectives(find_recipe("vq-vae")) == ("codebook", "variable_rate"), "those of maps"
    recipe = find_recipe("made")
    assert possible_objectives(recipe) == ("autoregressive",)
    names = [info.name for info in differences(recipe)]
    assert OBJECTIVE not in names
    assert (
        plan_for(recipe, ComparisonPlan(OBJECTIVE, ("autoregressive", "reconstruction"))).difference in names
    )
    assert [preset.difference for preset in presets(recipe) if preset.difference == OBJECTIVE] == []
    with pytest.raises(BadChoice):
        with_objective(recipe, "reconstruction")


def test_the_users_other_objectives_are_choices_of_a_shipped_recipe() -> None:
    own, _ = own_objective()
    context, recipe = ComparisonContext(objectives=own), find_recipe("deep-ae")
    assert "mean_absolute" not in difference(recipe, OBJECTIVE).choices
    info = difference(recipe, OBJECTIVE, context)
    assert info.choices[0] == "reconstruction"
    assert info.choices[-1] == "mean_absolute"
    _, other = compared_recipes(recipe, OBJECTIVE, ("reconstruction", "mean_absolute"), context)
    assert type(other.objective) is own["mean_absolute"]
    assert comparison_title(info, "mean_absolute", context) == "Absolute error"


@pytest.mark.parametrize(
    ("change", "by"),
    [
        (
            "    def terms(self)",
            "    def refuses(self, network):\n        return 1 / 0\n\n    def terms(self)",
        ),
        ('return Latent("vector"', 'raise LookupError\n        return Latent("vector"'),
        (
            "    def terms(self)",
            "    def refuses(self, network):\n        return 'no'\n\n    def terms(self)",
        ),
    ],
)
def test_an_own_objective_that_fails_or_refuses_is_no_choice(change: str, by: str) -> None:
    own, _ = own_objective(change, by)
    assert possible_objectives(
        find_recipe("deep-ae"), ComparisonContext(objectives=own)
    ) == possible_objectives(find_recipe("deep-ae"))


def test_objectives_that_lack_labels_come_last() -> None:
    """They stay, so that it can be said what they need."""
    bald = ComparisonContext(DataShape(ImageShape(1, 28, 28)))
    recipe = find_recipe("deep-ae")
    choices = possible_objectives(recipe, bald)
    assert set(choices) == set(possible_objectives(recipe))
    assert choices[-4:] == ("classification", "conditional_variational", "semi_supervised", "supervised")
    problem = problem_of(recipe, ComparisonPlan(OBJECTIVE, ("reconstruction", "classification")), bald)
    assert problem is not None
    assert "labels" in problem.what
