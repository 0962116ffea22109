"""Titles of new runs say what differs from the recipe."""

from __future__ import annotations

from typing import Any

import pytest

from aestudio.paths import user_recipes_folder
from aestudio.recipes.library import find_recipe, save_recipe, shipped_recipes
from aestudio.recipes.other_objectives import with_objective
from aestudio.recipes.recipe import write_recipe
from aestudio.recipes.run_titles import MOST_CHANGES, run_title, title_among


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ({}, "VAE"),
        ({"latent_size": 10, "beta": 4}, "VAE, latent 10, beta 4"),
        ({"beta": 4.0, "latent_size": 10, "epochs": 20}, "VAE, latent 10, beta 4"),  # epochs as in the file
        ({"hidden": (256, 64), "seed": 3}, "VAE, hidden layers 256-64, seed 3"),
        ({"hidden": ()}, "VAE, hidden layers none"),
        ({"seed": 7, "learning_rate": 3e-4}, "VAE, rate 0.0003, seed 7"),
        ({"momentum": 0.5}, "VAE"),  # Adam has none: without an effect
        ({"optimiser": "sgd", "momentum": 0.5}, "VAE, optimiser sgd, momentum 0.5"),
        (
            {"latent_size": 4, "beta": 0.5, "learning_rate": 0.01, "epochs": 5, "batch_size": 64, "seed": 1},
            "VAE, latent 4, beta 0.5, rate 0.01, epochs 5, 2 more changes",
        ),
    ],
)
def test_what_was_changed_is_in_the_title(settings: dict[str, Any], title: str) -> None:
    assert run_title(find_recipe("vae").with_settings(settings)) == title


def test_one_more_change_is_named_and_not_counted() -> None:
    settings = {"latent_size": 4, "beta": 0.5, "learning_rate": 0.01, "epochs": 5, "seed": 1}
    assert len(settings) == MOST_CHANGES + 1
    assert run_title(find_recipe("vae").with_settings(settings)).endswith(", epochs 5, seed 1")


def test_another_objective_is_named() -> None:
    assert run_title(with_objective(find_recipe("vae"), "reconstruction")) == "VAE, objective Autoencoder"


def test_unchanged_recipes_have_their_own_title() -> None:
    assert [run_title(recipe) for recipe in shipped_recipes()] == [r.title for r in shipped_recipes()]


def test_without_reading_a_file_it_is_the_same() -> None:
    known = shipped_recipes()
    vae = find_recipe("vae")
    for changed in (vae, vae.with_settings({"latent_size": 10, "beta": 4}), with_objective(vae, "sparse")):
        assert title_among(changed, known) == run_title(changed)
    changed = vae.with_settings({"latent_size": 10})
    assert title_among(changed, ()) == "VAE", "a recipe that is not known has no changes"


def test_a_recipe_of_the_user_is_compared_with_its_own_file() -> None:
    mine = save_recipe(find_recipe("vae").with_settings({"latent_size": 5}), "Five numbers")
    assert run_title(mine) == "Five numbers"
    assert run_title(mine.with_settings({"beta": 2})) == "Five numbers, beta 2"
    renamed = mine.model_copy(update={"name": "other", "title": "Other"})
    write_recipe(renamed, user_recipes_folder() / "in a file of another name.json")
    assert run_title(renamed.with_settings({"beta": 3})) == "Other, beta 3"


@pytest.mark.parametrize("name", ["gone", "../../vae", "a" * 5000, "\0", ""])
def test_without_a_file_there_are_no_changes(name: str) -> None:
    recipe = find_recipe("vae").with_settings({"beta": 4}).model_copy(update={"name": name})
    assert run_title(recipe) == "VAE"
