"""The cache with several models: a module for each of the last few, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.inference.cache import MOST_AT_ONCE, InferenceCache
from aestudio.progress import silent
from aestudio.recipes.architecture import Architecture
from tests.gui.conftest import tiny_recipe

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def snapshot_of(latent: int, run: str, seed: int = 0) -> Snapshot:
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    recipe = tiny_recipe("hidden-256").with_settings({"latent_size": latent})
    return Snapshot(
        run, recipe, 0, 0.0, weights_of(build_model(Architecture(recipe, MNIST), seed)), data=MNIST
    )


def test_a_module_of_each_recipe_stays_and_shows_the_newest_weights() -> None:
    cache = InferenceCache()
    first, second = snapshot_of(2, "a"), snapshot_of(3, "b")
    one, other = cache.frozen_model(first), cache.frozen_model(second)
    assert one is not other
    newer = snapshot_of(2, "a", seed=5)
    assert cache.frozen_model(newer) is one
    assert one.snapshot is newer
    assert other.snapshot is second


def test_no_more_modules_than_compared_runs_and_the_oldest_goes() -> None:
    cache = InferenceCache()
    frozen_models = [cache.frozen_model(snapshot_of(size, "a")) for size in range(2, 3 + MOST_AT_ONCE)]
    assert cache.frozen_model(snapshot_of(2 + MOST_AT_ONCE, "a")) is frozen_models[-1]
    assert cache.frozen_model(snapshot_of(2, "a")) is not frozen_models[0]


def test_codes_of_the_newest_snapshot_of_each_run(few_digits: Dataset) -> None:
    cache = InferenceCache()
    comparison = [snapshot_of(2 + number, f"run {number}") for number in range(MOST_AT_ONCE)]
    kept = [cache.codes(one, few_digits.test, 20, silent) for one in comparison]
    assert all(
        cache.codes(one, few_digits.test, 20, silent) is codes
        for one, codes in zip(comparison, kept, strict=True)
    )
    newer = snapshot_of(2, "run 0", seed=7)
    codes = cache.codes(newer, few_digits.test, 20, silent)
    assert not np.array_equal(codes.mean, kept[0].mean)
    assert cache.codes(comparison[1], few_digits.test, 20, silent) is kept[1]
    assert cache.codes(comparison[0], few_digits.test, 20, silent) is not kept[0]
    cache.codes(snapshot_of(9, "another"), few_digits.test, 20, silent)
    assert sum(map(len, cache._codes.values())) == 1
