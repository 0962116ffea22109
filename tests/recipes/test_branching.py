"""What may change in the middle of a training: whatever leaves weights and the count of steps alone."""

from __future__ import annotations

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.recipes.branching import branchable, branched
from aestudio.recipes.library import all_recipes, find_recipe


def names(name: str, **settings: object) -> list[str]:
    return [info.name for info in branchable(find_recipe(name).with_settings(settings), MNIST)]


@pytest.mark.parametrize("recipe", all_recipes(), ids=lambda recipe: recipe.name)
def test_no_recipe_lets_its_architecture_or_its_steps_change(recipe) -> None:  # type: ignore[no-untyped-def]
    names = {info.name for info in branchable(recipe, MNIST)}
    assert not names & {"latent_size", "hidden", "channels", "dense_units", "units", "batch_size"}
    assert not names & {"validation_images"}
    assert names >= {"epochs", "seed"}
    assert names >= {"learning_rate", "optimiser", "schedule"} or recipe.objective.exact


def test_the_essential_ones_come_first() -> None:
    assert names("vae")[:3] == ["beta", "learning_rate", "epochs"]


def test_only_what_applies() -> None:
    assert "dropout" in names("deep-ae", dropout=0.2)
    assert "dropout" not in names("deep-ae"), (
        "without dropout there is no such layer, and the weights have other names"
    )
    assert "momentum" not in names("deep-ae")
    assert "momentum" in names("deep-ae", optimiser="sgd")
    assert "pixel_variance" not in names("vae")
    assert "pixel_variance" in names("vae", likelihood="gaussian")


def test_branched_changes_and_refuses() -> None:
    recipe = find_recipe("vae")
    assert branched(recipe, {}, MNIST) == recipe
    assert branched(recipe, {"beta": 4.0}, MNIST).value("beta") == 4.0
    for changes in ({"latent_size": 7}, {"hidden": (12,)}, {"batch_size": 7}, {"validation_images": 1}):
        with pytest.raises(BadChoice, match="setting of a branch"):
            branched(recipe, changes, MNIST)
    with pytest.raises(BadChoice, match="beta"):
        branched(recipe, {"beta": -1.0}, MNIST)
    with pytest.raises(BadChoice, match="colour"):
        branched(recipe, {"colour": "red"}, MNIST)
