"""What differs between two recipes: parts, terms and settings, in both directions."""

from __future__ import annotations

import pytest

from aestudio.networks.convolutional.config import Convolutional
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.recipe_differences import NO_VALUE, RecipeDifference, recipe_differences


def test_a_changed_setting_is_named_as_it_is_declared() -> None:
    vae = find_recipe("vae")
    changed = vae.with_settings({"beta": 4.0, "hidden": (64, 32)})
    assert recipe_differences(changed, vae) == (
        RecipeDifference("β", "4", "1", "× KL"),
        RecipeDifference("Hidden layers", "64, 32", "256", "units"),
    )


def test_parts_and_terms_come_first_and_settings_of_one_only_have_no_value() -> None:
    rows = recipe_differences(find_recipe("beta-tc-vae"), find_recipe("conv-vae"))
    assert [(row.title, row.own, row.other) for row in rows[:3]] == [
        ("Network", "Fully connected", "Convolutional"),
        ("Objective", "Total correlation (β-TCVAE)", "Variational autoencoder (beta-VAE)"),
        ("Terms", "Mutual information of image and code, Total correlation, KL of single dimensions", "KL"),
    ]
    found = {row.title: (row.own, row.other) for row in rows}
    assert found["Weight of TC β"] == ("6", NO_VALUE)
    assert found["Channels"] == (NO_VALUE, "16, 32")
    assert "Latent size" not in found


@pytest.mark.parametrize("name", [recipe.name for recipe in shipped_recipes()])
def test_the_other_way_round_everything_is_exchanged(name: str) -> None:
    vae, recipe = find_recipe("vae"), find_recipe(name)
    there, back = recipe_differences(recipe, vae), recipe_differences(vae, recipe)
    assert {(row.title, row.own, row.other) for row in there} == {
        (row.title, row.other, row.own) for row in back
    }
    assert all(row.own != row.other for row in there)
    assert recipe_differences(recipe, recipe) == ()
    assert bool(there) == (name != "vae")


def test_settings_without_effect_do_not_count() -> None:
    vae = find_recipe("vae")
    assert recipe_differences(vae.with_settings({"pixel_variance": 0.3}), vae) == ()
    gaussian = vae.with_settings({"likelihood": "gaussian"})
    assert ("Pixel variance σ²", NO_VALUE) in [
        (row.title, row.other) for row in recipe_differences(gaussian, vae)
    ]


def test_what_is_shown_first_comes_first() -> None:
    base = find_recipe("vae")
    other = base.combined(Convolutional()).with_settings({"latent_size": 7, "batch_size": 9})
    titles = [row.title for row in recipe_differences(other, base)]
    assert titles[0] == "Network"
    assert titles.index("Latent size") < titles.index("Batch size")
