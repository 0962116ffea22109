"""What twins may differ in, and that they differ in nothing else."""

from __future__ import annotations

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.differences import (
    FEWEST,
    MOST,
    OBJECTIVE,
    another_value,
    compared_recipes,
    comparison_title,
    difference,
    differences,
    presets,
    same_initial_weights,
    suggested_values,
    value_text,
)
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.other_objectives import with_objective

NAMES = [recipe.name for recipe in shipped_recipes()]


@pytest.mark.parametrize("name", NAMES)
def test_every_difference_of_every_recipe_gives_twins(name: str) -> None:
    """With the values that are offered first; only the one thing differs, the batches never."""
    recipe = find_recipe(name)
    for info in differences(recipe):
        values = suggested_values(recipe, info)
        assert FEWEST <= len(values) <= MOST, info.name
        comparison = compared_recipes(recipe, info.name, values)
        assert len(set(comparison)) == len(values)
        for compared_run, value in zip(comparison, values, strict=True):
            assert compared_run.training.seed == recipe.training.seed
            assert compared_run.training.batch_size == recipe.training.batch_size
            assert compared_run.training.validation_images == recipe.training.validation_images
            assert comparison_title(info, value)
            if info.name != OBJECTIVE:
                back = compared_run.with_settings({info.name: recipe.value(info.name)})
                assert back == recipe


@pytest.mark.parametrize("name", NAMES)
def test_another_value_differs_and_is_allowed(name: str) -> None:
    """Up to four of every difference that has so many."""
    recipe = find_recipe(name)
    for info in differences(recipe):
        values = suggested_values(recipe, info)[:FEWEST]
        while len(values) < MOST and (new := another_value(recipe, info.name, values)) is not None:
            values = (*values, new)
            assert len(set(values)) == len(values)
            assert len(compared_recipes(recipe, info.name, values)) == len(values)
        most = 2 if info.kind == "switch" else len(info.choices) or MOST
        most = 3 if info.name == "block_side" else most  # doubled and halved from 2 to 8
        assert len(values) == min(MOST, most), info.name


def test_what_decides_the_batches_is_no_difference() -> None:
    names = {info.name for info in differences(find_recipe("vae"))}
    assert not names & {"seed", "batch_size", "validation_images", "epochs"}
    assert {"objective", "beta", "latent_size", "hidden", "learning_rate"} <= names


def test_a_setting_without_an_effect_is_no_difference() -> None:
    vae = find_recipe("vae")
    assert "pixel_variance" not in {info.name for info in differences(vae)}
    gaussian = vae.with_settings({"likelihood": "gaussian"})
    assert "pixel_variance" in {info.name for info in differences(gaussian)}
    assert "latent_size" not in {info.name for info in differences(find_recipe("digit-classifier"))}
    with pytest.raises(BadChoice):
        difference(vae, "pixel_variance")


def test_an_autoencoder_against_a_variational_one_has_the_same_likelihood() -> None:
    """Their reconstruction terms are then the same quantity in the same unit."""
    plain, variational = compared_recipes(find_recipe("vae"), OBJECTIVE, ("reconstruction", "variational"))
    assert plain.value("distance") == "cross_entropy"
    assert variational == find_recipe("vae")
    shared = {(term.name, term.unit) for term in plain.objective.terms()} & {
        (term.name, term.unit) for term in variational.objective.terms()
    }
    assert ("reconstruction", "nats per image") in shared
    back = with_objective(find_recipe("conv-ae"), "variational")
    assert (
        back.value("likelihood")
        == {"cross_entropy": "bernoulli", "squared_error": "gaussian"}[
            find_recipe("conv-ae").value("distance")
        ]
    )


def test_another_objective_keeps_what_both_have_and_can_have() -> None:
    deep = find_recipe("deep-ae")
    denoising = with_objective(deep, "denoising")
    for name in ("distance", "output", "weight_penalty", "code_activation"):
        assert denoising.value(name) == deep.value(name)
    sparse = with_objective(deep, "sparse")  # whose KL needs a sigmoid, which the other has not
    assert sparse.value("code_activation") == "sigmoid"
    assert with_objective(deep, "reconstruction") is deep
    with pytest.raises(BadChoice):
        with_objective(deep, "nothing")


def test_presets_are_what_the_recipe_has() -> None:
    by_key = {preset.key: preset for preset in presets(find_recipe("vae"))}
    assert by_key["ae against vae"].values == ("reconstruction", "variational")
    assert (by_key["beta"].difference, by_key["beta"].values) == ("beta", (0.5, 1.0, 4.0))
    assert by_key["latent size"].values == (2, 8, 32)
    assert by_key["noise"].difference == ""
    plain = {preset.key: preset for preset in presets(find_recipe("deep-ae"))}
    assert plain["beta"].difference == ""
    assert plain["noise"].values == ("reconstruction", "denoising")
    denoising = {preset.key: preset for preset in presets(find_recipe("denoising-conv-ae"))}
    assert denoising["noise"].difference == "noise_strength"
    for name in NAMES:
        for preset in presets(find_recipe(name)):
            if preset.difference:
                compared_recipes(find_recipe(name), preset.difference, preset.values)


def test_what_cannot_be_twins_is_refused() -> None:
    vae = find_recipe("vae")
    with pytest.raises(StudioError, match="same"):
        compared_recipes(vae, "beta", (1.0, 1.0))
    with pytest.raises(StudioError, match="2 to 4"):
        compared_recipes(vae, "beta", (1.0,))
    with pytest.raises(BadChoice):
        compared_recipes(vae, "beta", (1.0, -1.0))


def test_words() -> None:
    vae = find_recipe("vae")
    assert comparison_title(difference(vae, "beta"), 4.0) == "β 4"
    assert comparison_title(difference(vae, OBJECTIVE), "variational") == "Variational autoencoder (beta-VAE)"
    assert value_text(difference(vae, "hidden"), (256, 64)) == "256, 64"


def test_twins_begin_alike_where_their_layers_are() -> None:
    vae = find_recipe("vae")
    assert same_initial_weights(compared_recipes(vae, "beta", (1.0, 4.0)), MNIST)
    assert not same_initial_weights(compared_recipes(vae, "latent_size", (2, 8)), MNIST)
    assert not same_initial_weights(
        compared_recipes(vae, OBJECTIVE, ("reconstruction", "variational")), MNIST
    )
