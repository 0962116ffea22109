"""Which images a run learns from: settings of the recipe that are kept only where they are set."""

from __future__ import annotations

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.recipes.branching import branchable
from aestudio.recipes.image_choice import ImageChoice
from aestudio.recipes.library import find_recipe
from aestudio.recipes.recipe import Recipe
from aestudio.recipes.run_titles import run_title


def test_files_of_recipes_have_them_only_where_they_are_set() -> None:
    plain = find_recipe("compress-ae")
    assert "images" not in plain.model_dump(mode="json")
    changed = plain.with_flags(["classes_used=0, 1", "hidden_labels=0.5"])
    table = changed.model_dump(mode="json")
    assert table["images"] == {"classes_used": "0, 1", "hidden_labels": 0.5}
    assert Recipe.model_validate(table) == changed
    assert run_title(changed) != run_title(plain)


def test_what_needs_labels() -> None:
    assert not ImageChoice().active
    assert not ImageChoice(first_images=10).needs_labels
    for settings in ({"classes_used": "1"}, {"class_draw": "balanced"}, {"wrong_labels": 0.1}):
        assert ImageChoice.model_validate(settings).needs_labels


def test_a_share_is_from_0_to_1() -> None:
    with pytest.raises(BadChoice, match="hidden_labels"):
        find_recipe("compress-ae").with_settings({"hidden_labels": 1.5})


def test_a_branch_keeps_its_images() -> None:
    names = {info.name for info in branchable(find_recipe("compress-ae"), MNIST)}
    assert not names & {"classes_used", "class_draw", "first_images"}
