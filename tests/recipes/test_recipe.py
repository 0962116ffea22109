"""Recipes as values and as files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice, StudioError
from aestudio.networks.convolutional.config import Convolutional
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.classification.config import Classification
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.objectives.sparse.config import Sparse
from aestudio.objectives.variational.config import Variational
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.recipe import Recipe, read_recipe, write_recipe
from aestudio.recipes.setting import setting

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.recipes.network import Network
    from aestudio.recipes.part import Part

RECIPES = shipped_recipes()
EACH = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)


@pytest.fixture
def small() -> Recipe:
    return Recipe(
        name="small",
        title="Small",
        purpose="To test with.",
        network=Convolutional(latent_size=2, channels=(4,)),
        objective=Reconstruction(),
    )


@EACH
def test_json_round_trip(recipe: Recipe, tmp_path: Path) -> None:
    assert Recipe.model_validate(recipe.model_dump(mode="json")) == recipe
    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe
    path = tmp_path / "new folder" / "mine.json"
    write_recipe(recipe, path)
    again = read_recipe(path)
    assert again == recipe
    assert type(again.network) is type(recipe.network)
    assert type(again.objective) is type(recipe.objective)
    assert [file.name for file in path.parent.iterdir()] == ["mine.json"]


@EACH
def test_names_of_settings_are_unique_across_sections(recipe: Recipe) -> None:
    names = [row.name for rows in recipe.settings().values() for row in rows]
    assert len(names) == len(set(names)), "a flag must mean one setting"


def test_unknown_setting_lists_the_known(small: Recipe) -> None:
    for ask in (small.value, small.info, lambda name: small.with_settings({name: 1})):
        with pytest.raises(BadChoice) as caught:
            ask("latentsize")
        assert caught.value.value == "latentsize"
        assert {"latent_size", "distance", "epochs"} <= set(caught.value.allowed.split(", "))


def test_flags(small: Recipe) -> None:
    changed = small.with_flags(["channels=8,16", "epochs=3", "output=linear", "learning_rate = 1e-2"])
    assert changed.network == Convolutional(latent_size=2, channels=(8, 16))
    assert changed.training.epochs == 3
    assert changed.training.learning_rate == 0.01
    assert changed.value("output") == "linear"
    with pytest.raises(BadChoice, match="name=value"):
        small.with_flags(["epochs"])
    with pytest.raises(BadChoice, match="epochs cannot be 'many'"):
        small.with_flags(["epochs=many"])


def test_the_first_bad_value_is_named(small: Recipe) -> None:
    with pytest.raises(BadChoice, match=r"^epochs cannot be 0\. Allowed: whole number from 1 up to 10000"):
        small.with_settings({"latent_size": 4, "epochs": 0})


def test_cross_entropy_needs_a_sigmoid_output(small: Recipe) -> None:
    with pytest.raises(BadChoice) as caught:
        small.with_settings({"distance": "cross_entropy", "output": "linear"})
    assert (caught.value.subject, caught.value.value) == ("output", "linear")
    assert "sigmoid" in caught.value.allowed
    assert small.with_settings({"output": "linear"}).value("distance") == "squared_error"


def test_kl_sparsity_needs_a_sigmoid_code(small: Recipe) -> None:
    sparse = small.combined(objective=Sparse())
    with pytest.raises(BadChoice) as caught:
        sparse.with_settings({"code_activation": "relu"})
    assert (caught.value.subject, caught.value.value) == ("code_activation", "relu")
    relaxed = sparse.with_settings({"code_activation": "relu", "sparsity": "l1"})
    with pytest.raises(BadChoice, match="code_activation cannot be 'relu'"):
        relaxed.with_settings({"sparsity": "kl"})


def test_at_most_four_convolutions(small: Recipe) -> None:
    assert small.with_settings({"channels": (1, 2, 3, 4)}).value("channels") == (1, 2, 3, 4)
    with pytest.raises(BadChoice, match=r"channels cannot be .* Allowed: at most 4 whole numbers"):
        small.with_settings({"channels": (1, 2, 3, 4, 5)})


def test_combined_keeps_what_it_can(small: Recipe) -> None:
    recipe = small.model_copy(update={"essential": ("channels", "latent_size", "output", "epochs")})
    other = recipe.combined(network=FullyConnected(hidden=(9,)))
    assert other.network == FullyConnected(hidden=(9,))
    assert other.objective == recipe.objective
    assert other.essential == ("latent_size", "output", "epochs")
    assert other.combined(objective=Variational()).essential == ("latent_size", "epochs")
    for name in other.essential:
        assert other.info(name).name == name


class OnlyConvolutions(Reconstruction):
    """An objective that says why not."""

    def refuses(self, network: Part) -> str:
        return "" if isinstance(network, Convolutional) else "a convolutional network"


def test_an_objective_may_refuse_a_network(small: Recipe) -> None:
    picky = small.combined(objective=OnlyConvolutions())
    with pytest.raises(BadChoice, match="Allowed: a convolutional network"):
        picky.combined(network=FullyConnected())
    with pytest.raises(ValueError, match="a convolutional network"):
        Recipe(name="x", title="x", purpose="x", network=FullyConnected(), objective=OnlyConvolutions())


class EvenCodes(Reconstruction):
    """An objective that takes codes of an even length only."""

    def refuses(self, network: Network) -> str:
        return "" if network.latent_size % 2 == 0 else "an even number"


def test_an_objective_may_refuse_a_setting_of_the_network(small: Recipe) -> None:
    even = small.with_settings({"latent_size": 4}).combined(objective=EvenCodes())
    assert even.with_settings({"latent_size": 6, "epochs": 3}).value("latent_size") == 6
    with pytest.raises(BadChoice, match=r"latent_size cannot be 7\. Allowed: an even number"):
        even.with_settings({"latent_size": 7})


def test_classifier_has_no_decoder_stages(small: Recipe) -> None:
    layers = Architecture(small.combined(objective=Classification()), MNIST).layers
    assert layers[-1].kind == "classes"
    assert layers[-1].shape == (10,)


def spoiled(recipe: Recipe, **changes: Any) -> str:
    return json.dumps(recipe.model_dump(mode="json") | changes)


DAMAGED = {
    "empty": ("", "line 1"),
    "not JSON": ('{"name": ', "line 1"),
    "not a table": ("[]", "dictionary"),
    "nothing in it": ("{}", "name"),
    "endless": ("[" * 100_000, "nested"),
    "unknown network": (spoiled(RECIPES[0], network={"kind": "transformer"}), "'transformer'"),
    "kind is a list": (spoiled(RECIPES[0], network={"kind": []}), "network cannot be"),
    "no kind": (spoiled(RECIPES[0], objective={}), "objective cannot be None"),
    "network is a number": (spoiled(RECIPES[0], network=3), "network"),
    "size out of bounds": (
        spoiled(RECIPES[0], network={"kind": "fully_connected", "hidden": [0]}), "hidden must be",
    ),
    "bad value": (spoiled(RECIPES[0], training={"epochs": 0}), "training.epochs"),
    "unknown setting": (spoiled(RECIPES[0], training={"epohcs": 1}), "training.epohcs"),
    "unknown field": (spoiled(RECIPES[0], colour="red"), "colour"),
    "essential setting unknown": (spoiled(RECIPES[0], essential=["depth"]), "depth"),
    "contradiction": (
        spoiled(
            RECIPES[0],
            objective={"kind": "reconstruction", "distance": "cross_entropy", "output": "linear"},
        ),
        "output must be sigmoid",
    ),
}  # a table  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), DAMAGED.values(), ids=DAMAGED)
def test_damaged_file(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudioError) as caught:
        read_recipe(path)
    assert caught.value.where == str(path)
    assert problem in caught.value.what
    assert caught.value.advice
    assert "\n" not in str(caught.value)


def test_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b'{"name": "\xff"}')
    for name in ("missing.json", "latin.json"):
        with pytest.raises(StudioError, match=name):
            read_recipe(tmp_path / name)


def test_writing_leaves_nothing_half_written(tmp_path: Path) -> None:
    target = tmp_path / "mine.json"
    target.mkdir()
    with pytest.raises(StudioError, match="mine"):
        write_recipe(RECIPES[0], target)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]


def test_writing_touches_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "mine.part").write_text("a download")
    write_recipe(RECIPES[0], tmp_path / "mine.json")
    assert (tmp_path / "mine.part").read_text() == "a download"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("network", [Convolutional(channels=()), FullyConnected(hidden=())], ids=str)
def test_no_hidden_layers_at_all(small: Recipe, network: Network) -> None:
    layers = Architecture(small.combined(network=network), MNIST).layers
    assert layers[0].shape == (1, 28, 28)
    assert layers[-1].size == 784


def test_two_settings_of_one_name_are_refused() -> None:
    """A setting is found by its name, in a flag as in a form: it must not mean two things."""

    class Hidden(Reconstruction):
        hidden: int = setting(3, title="Hidden", help="As the network's.")

    small = find_recipe("deep-ae")
    with pytest.raises(BadChoice, match="two settings called hidden"):
        small.combined(objective=Hidden())


def test_a_setting_of_the_augmentation_is_not_declared_again() -> None:
    class Noisy(Reconstruction):
        augment_noise: float = setting(0.0, title="Noise", help="As the augmentation's.")

    with pytest.raises(BadChoice, match="augmentation have two settings called augment_noise"):
        find_recipe("deep-ae").combined(objective=Noisy())
