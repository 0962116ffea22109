"""Every recipe has a group, from its own parts."""

from __future__ import annotations

import pytest

from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.recipe_groups import GROUPS, group_of


@pytest.mark.parametrize(
    ("recipe", "group"),
    [
        *(("pca", "linear"), ("linear-ae", "linear"), ("deep-ae", "point"), ("tied-ae", "point")),
        *(("sparse-ae", "robust"), ("denoising-conv-ae", "robust"), ("vae", "variational")),
        *(
            ("wae-mmd", "variational"),
            ("ladder-vae", "hierarchical"),
            ("vq-vae", "discrete"),
            ("aae", "adversarial"),
        ),
        *(("gan", "adversarial"), ("vae-gan", "adversarial"), ("info-gan", "adversarial")),
        *(("made", "point"), ("masked-transformer-ae", "robust"), ("digit-classifier", "supervised")),
        *(("semi-supervised-vae", "supervised"), ("conditional-vae", "variational")),
        *(("wake-sleep", "variational"), ("mixture-vae", "variational"), ("flow-vae", "variational")),
    ],
)
def test_a_recipe_is_where_one_looks_for_it(recipe: str, group: str) -> None:
    assert group_of(find_recipe(recipe)) == group


def test_a_linear_autoencoder_with_a_hidden_layer_is_none() -> None:
    linear = find_recipe("linear-ae")
    assert group_of(linear.with_settings({"hidden": (64,)})) == "point"
    assert group_of(linear.with_settings({"code_activation": "tanh"})) == "point"
    assert group_of(linear.with_settings({"output": "sigmoid"})) == "point"


def test_groups_are_named_once_and_every_recipe_is_in_one() -> None:
    names = [group.name for group in GROUPS]
    assert len(set(names)) == len(names)
    assert {group_of(recipe) for recipe in shipped_recipes()} <= set(names)
    assert all(group.summary.endswith(".") for group in GROUPS)
