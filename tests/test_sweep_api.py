"""Sweeps from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import aestudio
from aestudio.errors import BadChoice, Cancelled, StudioError
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.sweeps.new_plan import new_plan
from aestudio.sweeps.sweep_folder import TrialResult, add_result, keep_plan, sweep_names
from aestudio.sweeps.variation import Variation, given_variation

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

SMALL: dict[str, Any] = {"epochs": 1, "hidden": (16,), "batch_size": 64, "device": "cpu"}


@pytest.fixture
def digits_file(few_digits: Dataset, tmp_path: Path) -> str:
    path = tmp_path / "digits.npz"
    train, test = few_digits.train, few_digits.test
    assert train.labels is not None
    assert test.labels is not None
    np.savez(path, x_train=train.images, y_train=train.labels, x_test=test.images, y_test=test.labels)
    return str(path)


def test_values_are_given_as_a_list_or_as_a_text() -> None:
    recipe = find_recipe("vae")
    assert given_variation("latent_size", [2, 8, 2], recipe) == Variation("latent_size", (2, 8))
    assert given_variation("hidden", [[64, 32], (16,)], recipe).values == ((64, 32), (16,))
    assert given_variation("beta", "0.5:8:log5", recipe).values == (0.5, 1.0, 2.0, 4.0, 8.0)
    for name, values in (("latent_size", [2, -1]), ("latent_size", []), ("fold", [1, 2]), ("nothing", [1])):
        with pytest.raises(BadChoice):
            given_variation(name, values, recipe)


def test_a_sweep_that_was_kept_is_opened() -> None:
    recipe = find_recipe("vae")
    plan = new_plan(recipe, [Variation("latent_size", (2, 8))], name="mine", folds=2)
    folder = keep_plan(plan)
    opened = aestudio.open_sweep("mine")
    assert (opened.name, opened.unfinished, opened.best, opened.importance) == ("mine", 4, None, {})
    with pytest.raises(StudioError, match="No candidate"):
        _ = opened.chosen_recipe
    with pytest.raises(StudioError, match="No candidate"):
        opened.open_best()
    for number, score in enumerate((5.0, 3.0, 7.0, 4.0), 1):
        add_result(folder, TrialResult(number, f"mine {number}", {"squared_error": score}, 1.0, 10 * number))
    assert opened.unfinished == 0
    assert opened.best is not None
    assert (opened.best.settings, opened.best.mean, opened.best.standard_error) == (
        {"latent_size": 8},
        3.5,
        0.5,
    )
    assert opened.chosen_recipe.value("latent_size") == 8
    assert opened.importance == {"latent_size": pytest.approx(1.0)}
    assert opened.to_csv().splitlines()[2].startswith("8,3.5,0.5,40,2.000,3.0,4.0")
    with pytest.raises(BadChoice):
        aestudio.open_sweep("yours")


def test_a_name_that_nobody_gave_is_free() -> None:
    variations = [Variation("latent_size", (2, 8))]
    first = new_plan(find_recipe("vae"), variations)
    keep_plan(first)
    second = new_plan(find_recipe("vae"), variations)
    assert second.name != first.name
    keep_plan(second)
    assert set(sweep_names()) == {first.name, second.name}


@pytest.mark.thorough
def test_a_sweep_is_stopped_and_goes_on(digits_file: str) -> None:
    told: list[tuple[float, float | None, str]] = []

    def stop(done: float, total: float | None, what: str) -> None:
        told.append((done, total, what))
        if done == 1:
            raise Cancelled

    vary = {"latent_size": [2, 4]}
    with pytest.raises(Cancelled):
        aestudio.sweep("compress-ae", vary, digits_file, folds=2, jobs=1, name="mine", progress=stop, **SMALL)
    assert told[0] == (0, 4, "")
    assert told[-1] == (1, 4, "latent 2")
    kept = aestudio.open_sweep("mine")
    assert 1 <= kept.unfinished <= 3
    assert kept.resume(jobs=2) is kept
    assert kept.unfinished == 0
    best = kept.best
    assert best is not None
    run = kept.open_best()
    assert run.folder == runs_folder() / best.runs[0]
    assert run.recipe.value("latent_size") == best.settings["latent_size"]
    with pytest.raises(BadChoice):
        kept.resume(jobs=0)
