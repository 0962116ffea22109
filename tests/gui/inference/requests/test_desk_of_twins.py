"""The desk at hand for several models at once: a module for each of the last few, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.inference.cache import MOST_AT_ONCE, InferenceCache
from aestudio.progress import silent
from tests.gui.conftest import tiny_recipe

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def snapshot_of(latent: int, run: str, seed: int = 0) -> Snapshot:
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    recipe = tiny_recipe("hidden-256").with_settings({"latent_size": latent})
    return Snapshot(run, recipe, 0, 0.0, weights_of(build_model(recipe, seed)))


def test_a_module_of_each_recipe_stays_and_shows_the_newest_weights() -> None:
    desk = InferenceCache()
    first, second = snapshot_of(2, "a"), snapshot_of(3, "b")
    one, other = desk.viewer(first), desk.viewer(second)
    assert one is not other
    newer = snapshot_of(2, "a", seed=5)
    assert desk.viewer(newer) is one
    assert one.snapshot is newer
    assert other.snapshot is second


def test_no_more_modules_than_twins_and_the_oldest_goes() -> None:
    desk = InferenceCache()
    viewers = [desk.viewer(snapshot_of(size, "a")) for size in range(2, 3 + MOST_AT_ONCE)]
    assert desk.viewer(snapshot_of(2 + MOST_AT_ONCE, "a")) is viewers[-1]
    assert desk.viewer(snapshot_of(2, "a")) is not viewers[0]


def test_codes_of_the_newest_snapshot_of_each_run(few_digits: Dataset) -> None:
    desk = InferenceCache()
    twins = [snapshot_of(2 + number, f"run {number}") for number in range(MOST_AT_ONCE)]
    kept = [desk.codes(one, few_digits.test, 20, silent) for one in twins]
    assert all(
        desk.codes(one, few_digits.test, 20, silent) is codes for one, codes in zip(twins, kept, strict=True)
    )
    newer = snapshot_of(2, "run 0", seed=7)
    codes = desk.codes(newer, few_digits.test, 20, silent)
    assert not np.array_equal(codes.mean, kept[0].mean)
    assert desk.codes(twins[1], few_digits.test, 20, silent) is kept[1]
    assert desk.codes(twins[0], few_digits.test, 20, silent) is not kept[0]
    desk.codes(snapshot_of(9, "another"), few_digits.test, 20, silent)
    assert len(desk._codes) == 1
