"""Augmentation as a section of every recipe: files, names, branches and comparisons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.augmentation_settings import Augmentation
from aestudio.recipes.branching import branchable, branched
from aestudio.recipes.differences import compared_recipes, differences, suggested_values
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.memory_estimate import memory_needed
from aestudio.recipes.recipe import Recipe, read_recipe, write_recipe
from aestudio.recipes.setting import describe

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.recipes.setting import SettingInfo

NAMES = [info.name for info in describe(Augmentation)]


def test_everything_is_off_in_every_recipe() -> None:
    assert not Augmentation().active
    for recipe in shipped_recipes():
        assert recipe.augmentation == Augmentation()
        assert all(recipe.value(name) == 0.0 for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_setting_can_be_switched_on_by_its_name(name: str) -> None:
    recipe = find_recipe("vae").with_flags([f"{name}=0.05"])
    assert recipe.augmentation.active
    assert recipe.value(name) == 0.05
    assert recipe.with_settings({name: 0.0}) == find_recipe("vae")


@pytest.mark.parametrize("info", describe(Augmentation), ids=lambda info: info.name)
def test_values_out_of_bounds_are_refused(info: SettingInfo) -> None:
    assert info.maximum is not None
    for value in (-0.001, info.maximum * 1.001, float("nan")):
        with pytest.raises(BadChoice) as caught:
            find_recipe("vae").with_settings({info.name: value})
        assert caught.value.subject == info.name
    assert find_recipe("vae").with_settings({info.name: info.maximum}).augmentation.active


def test_a_file_without_it_is_as_before_and_one_with_it_has_the_differences(tmp_path: Path) -> None:
    recipe, path = find_recipe("conv-vae"), tmp_path / "mine.json"
    write_recipe(recipe, path)
    assert "augmentation" not in json.loads(path.read_text(encoding="utf-8"))
    assert read_recipe(path) == recipe
    chosen = recipe.with_settings({"augment_noise": 0.25, "augment_shear": 5.0})
    write_recipe(chosen, path)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["augmentation"] == {"augment_shear": 5.0, "augment_noise": 0.25}
    assert read_recipe(path) == chosen
    assert Recipe.model_validate(chosen.model_dump(mode="json")) == chosen
    assert Recipe.model_validate_json(chosen.model_dump_json()) == chosen


@pytest.mark.parametrize("name", NAMES)
def test_a_branch_may_change_it(name: str) -> None:
    recipe = find_recipe("deep-ae")
    assert name in [info.name for info in branchable(recipe, MNIST)]
    assert branched(recipe, {name: 0.1}, MNIST).value(name) == 0.1


@pytest.mark.parametrize("name", NAMES)
def test_compared_runs_may_differ_in_it(name: str) -> None:
    recipe = find_recipe("vae")
    info = next(info for info in differences(recipe) if info.name == name)
    values = suggested_values(recipe, info)
    assert values[0] == 0.0
    assert len(values) >= 2
    compared = compared_recipes(recipe, name, values)
    assert [one.value(name) for one in compared] == list(values)
    assert len({one.with_settings({name: 0.0}) for one in compared}) == 1


def test_its_memory_counts() -> None:
    plain = find_recipe("compress-ae").with_settings({"batch_size": 10_000})
    noisy = plain.with_settings({"augment_noise": 0.1})
    bent = plain.with_settings({"augment_elastic": 0.05})
    needs = [memory_needed(Architecture(recipe, MNIST)).device for recipe in (plain, noisy, bent)]
    assert needs == sorted(set(needs))
