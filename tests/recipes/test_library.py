"""The shipped recipes are those of the specification; the user's own are listed after them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice, StudioError
from aestudio.paths import user_parts_folder, user_recipes_folder
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import all_recipes, find_recipe, save_recipe, shipped_recipes, user_recipes
from aestudio.recipes.recipe import Recipe, read_recipe, write_recipe
from aestudio.resources import resources_folder
from tests import conditional
from tests.recipes.own_parts.conftest import allow

# name: (settings that make the recipe what it is, sizes of the layers with parameters)
ASKED_FOR: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "deep-ae": (
        {"optimiser": "adam", "learning_rate": 1e-3, "batch_size": 64, "epochs": 20,
         "code_activation": "linear", "distance": "squared_error"},
        (784, 128, 64, 32, 64, 128, 784),
    ),
    "shallow-l2": ({"output": "sigmoid", "distance": "squared_error"}, (784, 32, 784)),
    "compress-ae": (
        {"optimiser": "adam", "batch_size": 256, "epochs": 50, "validations_per_epoch": 1},
        (784, 64, 32, 64, 784),
    ),
    "hidden-256": ({}, (784, 256, 784)),
    "sparse-ae": ({"code_activation": "sigmoid"}, (784, 128, 784)),
    "vae": ({"beta": 1.0, "likelihood": "bernoulli"}, (784, 256, 32, 256, 784)),
    "digit-classifier": ({"dropout": 0.2, "epochs": 5}, (784, 128, 10)),
}  # a table  # fmt: skip
OTHERS = {
    "conv-ae": {}, "denoising-conv-ae": {"noise": "gaussian"}, "row-gru-ae": {},
    "conv-vae": {"latent_size": 10, "beta": 1.0, "likelihood": "bernoulli"},
    "pca": {"epochs": 1}, "linear-ae": {"hidden": (), "output": "linear", "code_activation": "linear"},
    "conv-vae-2d": {"latent_size": 2, "beta": 1.0, "likelihood": "bernoulli"},
    "wae-mmd": {"latent_size": 8, "mmd_weight": 300.0, "distance": "squared_error"},
    "gan": {"latent_size": 20, "critic_steps": 1},
    "wgan-gp": {"latent_size": 20, "gradient_penalty": 10.0},
    "aae": {"latent_size": 8, "distance": "squared_error"},
    "tied-ae": {"hidden": (128, 64), "decoder_weights": "tied", "output": "linear"},
    "residual-ae": {"blocks": 1, "latent_size": 16}, "row-lstm-ae": {"cell": "lstm"},
    "inpainting-ae": {"noise": "block"}, "masked-ae": {"patch_size": 4, "masked_share": 0.75},
    "l1-sparse-ae": {"sparsity": "l1", "code_activation": "relu"}, "k-sparse-ae": {"active_units": 10},
    "winner-take-all-ae": {"winner_share": 0.05, "code_activation": "relu"},
    "contractive-ae": {"hidden": (), "code_activation": "sigmoid"}, "orthogonal-ae": {"latent_size": 16},
    "supervised-ae": {"class_weight": 10.0}, "rae": {"components": 10, "latent_size": 16},
    "capacity-vae": {"capacity": 25.0, "latent_size": 10}, "importance-weighted-ae": {"samples": 5},
    "learned-variance-vae": {"likelihood": "learned_gaussian"},
    "grey-level-vae": {"likelihood": "discretised_logistic"},
    "dip-vae": {"off_diagonal": 10.0, "diagonal": 10.0}, "beta-tc-vae": {"tc_weight": 6.0},
    "vq-vae": {"entries": 128, "latent_size": 16}, "factor-vae": {"tc_weight": 10.0},
    "vamp-vae": {"components": 100}, "categorical-vae": {"categories": 10, "latent_size": 20},
    "ladder-vae": {"top_size": 4, "latent_size": 16}, "flow-vae": {"flows": 8},
    "mixture-vae": {"mixture_size": 10, "latent_size": 10}, "wake-sleep": {"latent_size": 20},
    "semi-supervised-vae": {"hidden_labels": 0.99827586}, "conditional-vae": {"beta": 1.0},
    "patch-transformer-ae": {"latent_size": 16, "patch_side": 7},
    "masked-transformer-ae": {"patch_side": 4, "masked_share": 0.75},
    "vae-gan": {"latent_size": 16, "beta": 1.0},
    "made": {"hidden": (500, 500)},
    "info-gan": {"categories": 10, "told_numbers": 2},
    "codec": {"latent_size": 32, "detail_channels": 16},
}  # a table  # fmt: skip
NETWORKS = {
    "conv-ae": "convolutional",
    "denoising-conv-ae": "convolutional",
    "conv-vae": "convolutional",
    "conv-vae-2d": "convolutional",
    "row-gru-ae": "row_gru",
    "gan": "deep_convolutional",
    "wgan-gp": "deep_convolutional",
    "row-lstm-ae": "row_gru",
    "inpainting-ae": "convolutional",
    "residual-ae": "residual",
    "vq-vae": "convolutional_maps",
    "codec": "pixel_blocks",
    "patch-transformer-ae": "patch_transformer",
    "masked-transformer-ae": "patch_transformer",
    "vae-gan": "deep_convolutional",
    "made": "autoregressive",
    "info-gan": "deep_convolutional",
}
OBJECTIVES = {
    "denoising-conv-ae": "denoising",
    "sparse-ae": "sparse",
    "vae": "variational",
    "conv-vae": "variational",
    "conv-vae-2d": "variational",
    "wae-mmd": "wasserstein",
    "gan": "adversarial",
    "wgan-gp": "wasserstein_adversarial",
    "aae": "adversarial_autoencoder",
    "digit-classifier": "classification",
    "pca": "principal_components",
    "inpainting-ae": "denoising",
    "masked-ae": "masked_patches",
    "l1-sparse-ae": "sparse",
    "k-sparse-ae": "k_sparse",
    "winner-take-all-ae": "winner_take_all",
    "contractive-ae": "contractive",
    "orthogonal-ae": "orthogonal",
    "supervised-ae": "supervised",
    "rae": "regularised",
    "capacity-vae": "variational",
    "learned-variance-vae": "variational",
    "grey-level-vae": "variational",
    "importance-weighted-ae": "importance_weighted",
    "dip-vae": "dip_variational",
    "beta-tc-vae": "total_correlation",
    "vq-vae": "codebook",
    "factor-vae": "factor_variational",
    "vamp-vae": "mixture_of_posteriors",
    "categorical-vae": "categorical_variational",
    "ladder-vae": "ladder",
    "flow-vae": "flow_posterior",
    "mixture-vae": "gaussian_mixture_prior",
    "wake-sleep": "wake_sleep",
    "semi-supervised-vae": "semi_supervised",
    "conditional-vae": "conditional_variational",
    "masked-transformer-ae": "masked_patches",
    "vae-gan": "vae_gan",
    "made": "autoregressive",
    "info-gan": "info_adversarial",
    "codec": "variable_rate",
}


def test_every_specified_recipe_is_shipped() -> None:
    assert {recipe.name for recipe in shipped_recipes()} >= set(ASKED_FOR) | set(OTHERS)


@pytest.mark.parametrize("name", [*ASKED_FOR, *OTHERS])
def test_recipe_is_as_specified(name: str) -> None:
    recipe = find_recipe(name)
    values, sizes = ASKED_FOR.get(name, (OTHERS.get(name), ()))
    assert values is not None
    assert {key: recipe.value(key) for key in values} == values
    assert recipe.network.kind() == NETWORKS.get(name, "fully_connected")
    assert recipe.objective.kind() == OBJECTIVES.get(name, "reconstruction")
    if sizes:
        assert tuple(layer.size for layer in Architecture(recipe, MNIST).layers) == sizes
    if name == "shallow-l2":
        assert recipe.value("weight_penalty") > 0


@pytest.mark.parametrize("recipe", shipped_recipes(), ids=lambda recipe: recipe.name)
def test_shipped_recipe_can_be_shown(recipe: Recipe) -> None:
    assert recipe.title
    assert recipe.purpose.endswith((".", "?", "!"))
    assert "\n" not in recipe.purpose
    assert recipe.essential
    for name in recipe.essential:
        assert recipe.info(name).title


def test_gallery_order_is_settled() -> None:
    orders = [recipe.order for recipe in shipped_recipes()]
    assert orders == sorted(orders)
    assert len(set(orders)) == len(orders), "no two recipes share a position"


def test_unknown_recipe_lists_the_names() -> None:
    with pytest.raises(BadChoice) as caught:
        find_recipe("deepae")
    assert caught.value.subject == "recipe"
    assert caught.value.value == "deepae"
    assert {recipe.name for recipe in shipped_recipes()} == set(caught.value.allowed.split(", "))


def test_no_user_folder_is_no_problem() -> None:
    assert not user_recipes_folder().exists()
    assert all_recipes() == shipped_recipes()


def test_user_recipes_come_after_the_shipped() -> None:
    mine = find_recipe("vae").with_settings({"beta": 4.0}).model_copy(update={"name": "mine", "order": 0})
    write_recipe(mine, user_recipes_folder() / "mine.json")
    assert all_recipes() == (*shipped_recipes(), mine)
    assert find_recipe("mine") == mine


def test_a_users_recipe_does_not_hide_a_shipped_one() -> None:
    shipped = find_recipe("vae")
    write_recipe(shipped.with_settings({"beta": 4.0}), user_recipes_folder() / "vae.json")
    assert find_recipe("vae") == shipped
    assert all_recipes() == shipped_recipes()
    (problem,) = user_recipes()[1]
    assert problem.what == "The name vae is that of a shipped recipe"
    assert problem.where == str(user_recipes_folder() / "vae.json")


def test_two_recipes_of_one_name_are_not_both_used() -> None:
    mine = find_recipe("vae").model_copy(update={"name": "mine"})
    for file in ("a", "b"):
        write_recipe(mine, user_recipes_folder() / f"{file}.json")
    recipes, (problem,) = user_recipes()
    assert recipes == (mine,)
    assert problem.what == "The name mine is that of another of your recipes"
    assert problem.where == str(user_recipes_folder() / "b.json")


def test_a_recipe_without_a_name_is_refused() -> None:
    write_recipe(find_recipe("vae").model_copy(update={"name": " "}), user_recipes_folder() / "a.json")
    assert user_recipes()[1][0].what == "This recipe has no name"


def test_an_unknown_name_says_that_files_cannot_be_used() -> None:
    user_recipes_folder().mkdir(parents=True)
    (user_recipes_folder() / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadChoice, match="1 of your files cannot be used: `aestudio recipes` says why"):
        find_recipe("mine")


def test_a_recipe_with_an_own_network_says_what_to_do() -> None:
    parts = {"network": {"kind": "wide"}, "objective": {"kind": "reconstruction"}}
    text = json.dumps({"name": "mine", "title": "T", "purpose": "P.", **parts})
    path = user_recipes_folder() / "mine.json"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudioError, match="There is no network 'wide' here") as caught:
        find_recipe("mine")
    assert caught.value.where == str(path)
    assert "Put its folder there, or install the package that has it" in caught.value.advice


def test_damaged_user_recipe_is_named_and_hides_no_other() -> None:
    path = user_recipes_folder() / "broken.json"
    path.parent.mkdir(parents=True)
    path.write_text("{", encoding="utf-8")
    assert all_recipes() == shipped_recipes()
    assert find_recipe("vae").name == "vae"
    (problem,) = user_recipes()[1]
    assert problem.where == str(path)
    with pytest.raises(StudioError) as caught:
        find_recipe("broken")
    assert caught.value.where == str(path)


def test_files_of_shipped_recipes_hold_only_what_differs_from_the_defaults() -> None:
    for path in sorted((resources_folder() / "recipes").glob("*.json")):
        table, recipe = json.loads(path.read_text(encoding="utf-8")), read_recipe(path)
        for section in ("network", "objective", "training", "augmentation"):
            written = {name: value for name, value in table.get(section, {}).items() if name != "kind"}
            settings = getattr(recipe, section)
            assert written == json.loads(settings.model_dump_json(exclude_defaults=True)), path.name


def test_a_saved_recipe_is_found_by_its_name() -> None:
    changed = find_recipe("vae").with_settings({"beta": 4.0})
    saved = save_recipe(changed, "  My  recipe, n° 2 ")
    assert (saved.name, saved.title) == ("my-recipe-n-2", "My recipe, n° 2")
    assert find_recipe("my-recipe-n-2") == saved
    assert saved.objective == changed.objective
    assert [path.name for path in user_recipes_folder().iterdir()] == ["my-recipe-n-2.json"]


@pytest.mark.parametrize("title", ["VAE", "mine", "broken"])
def test_a_saved_recipe_replaces_none(title: str) -> None:
    save_recipe(find_recipe("vae"), "Mine")
    (user_recipes_folder() / "broken.json").write_text("{", encoding="utf-8")
    before = {path: path.read_bytes() for path in user_recipes_folder().iterdir()}
    with pytest.raises(StudioError, match="There is a recipe of this name"):
        save_recipe(find_recipe("conv-vae"), title)
    assert {path: path.read_bytes() for path in user_recipes_folder().iterdir()} == before


@pytest.mark.parametrize("title", ["", " ", "…", "/../"])
def test_a_title_without_letters_is_refused(title: str) -> None:
    with pytest.raises(StudioError, match="needs a title"):
        save_recipe(find_recipe("vae"), title)
    assert not user_recipes_folder().exists()


def test_a_recipe_that_cannot_be_written_is_a_problem() -> None:
    user_recipes_folder().parent.mkdir(parents=True)
    user_recipes_folder().write_text("", encoding="utf-8")
    with pytest.raises(StudioError):
        save_recipe(find_recipe("vae"), "Mine")


def test_a_recipe_that_is_told_factors_is_found() -> None:
    """MNIST has no factors of variation, the built-in digits have."""
    source = Path(conditional.__file__).parent / "factor_autoencoder"
    folder = user_parts_folder("objectives") / source.name
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
    allow("objectives", source.name)
    path = user_recipes_folder() / "told.json"
    path.parent.mkdir(parents=True)
    table = json.loads((resources_folder() / "recipes" / "vae.json").read_text(encoding="utf-8"))
    table |= {"name": "told", "objective": {"kind": source.name}, "essential": ["epochs"]}
    path.write_text(json.dumps(table), encoding="utf-8")
    assert user_recipes()[1] == ()
    assert find_recipe("told").objective.condition == "factors"


@pytest.mark.parametrize("what", ["name", "title"])
def test_a_name_fits_into_a_list(what: str) -> None:
    """One of a million characters made every line of the list as wide."""
    path = user_recipes_folder() / "long.json"
    path.parent.mkdir(parents=True)
    table = json.loads((resources_folder() / "recipes" / "vae.json").read_text(encoding="utf-8"))
    path.write_text(json.dumps(table | {"name": "long", what: "x" * 201}), encoding="utf-8")
    (problem,) = user_recipes()[1]
    assert "has 201 characters, more than 200" in problem.what
    assert problem.where == str(path)
    path.write_text(json.dumps(table | {"name": "long", what: "x" * 200}), encoding="utf-8")
    assert user_recipes()[1] == ()
