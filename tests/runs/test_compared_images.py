"""The same images through several runs: as each reconstructs them alone, and why not where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.dataset import ImageSet
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe
from aestudio.runs.compared_images import compared_images
from tests.runs.conftest import quick_recipe, train_and_keep

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.runs.kept_run import KeptRun


@pytest.fixture
def runs(few_digits: Dataset, tmp_path: Path) -> list[KeptRun]:
    """A VAE, an autoencoder without a prior, and a classifier."""
    settings = {"epochs": 1, "hidden": (16,), "batch_size": 32, "validation_images": 30}
    others = []
    for name in ("deep-ae", "digit-classifier"):
        recipe = find_recipe(name)
        known = {info.name for rows in recipe.settings().values() for info in rows}
        others.append(recipe.with_settings({key: settings[key] for key in settings.keys() & known}))
    recipes = [quick_recipe(), *others]
    return [train_and_keep(few_digits, tmp_path / str(n), recipe) for n, recipe in enumerate(recipes)]


def test_each_run_reconstructs_the_same_images(runs: list[KeptRun], few_digits: Dataset) -> None:
    found = compared_images(runs, few_digits.test, 6)
    np.testing.assert_array_equal(found.originals, few_digits.test.images[:6])
    for number in (0, 1):
        alone = FrozenModel(runs[number].snapshot()).reconstruct(few_digits.test.images[:6])
        np.testing.assert_array_equal(found.reconstructions[number], alone)
    assert found.reconstructions[2] is None
    assert found.no_reconstructions == ("", "", "This model reconstructs nothing")


def test_samples_are_of_the_prior_and_the_same_every_time(runs: list[KeptRun], few_digits: Dataset) -> None:
    first, again = (compared_images(runs, few_digits.test, 4) for _ in range(2))
    assert first.samples[0] is not None
    assert again.samples[0] is not None
    np.testing.assert_array_equal(first.samples[0], again.samples[0])
    model = FrozenModel(runs[0].snapshot())
    codes = model.sample_prior(4, np.random.default_rng(0))
    np.testing.assert_array_equal(first.samples[0], model.decode(codes))
    assert first.samples[1] is None
    assert first.no_samples[1] == "This recipe has no prior to sample from"
    assert first.no_samples[2] == "This model decodes nothing"


def test_images_of_another_shape_are_said_so(runs: list[KeptRun]) -> None:
    colour = ImageSet(np.zeros((3, 3, 32, 32), np.uint8))
    found = compared_images(runs[:2], colour)
    assert found.reconstructions == (None, None)
    assert all("takes images of" in reason for reason in found.no_reconstructions)
    assert found.samples[0] is not None
