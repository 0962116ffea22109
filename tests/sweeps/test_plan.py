"""What a sweep carries out, in which order, under which names."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.library import find_recipe
from aestudio.sweeps.plan import SweepPlan


def plan_of(**changes: Any) -> SweepPlan:
    given: dict[str, Any] = {
        "name": "s",
        "recipe": find_recipe("vae"),
        "origin": "builtin",
        "settings": ({"latent_size": 2}, {"latent_size": 8}),
        "metric": "squared_error",
        **changes,
    }
    return SweepPlan(**given)


def test_every_candidate_is_tried_before_the_next_fold() -> None:
    trials = plan_of(folds=3, repeats=2).trials
    assert len(trials) == 2 * 3 * 2
    assert [trial.number for trial in trials] == list(range(1, 13))
    assert [(one.candidate, one.fold, one.repeat) for one in trials[:4]] == [
        *((0, 1, 1), (1, 1, 1), (0, 2, 1), (1, 2, 1)),
    ]
    assert (trials[-1].candidate, trials[-1].fold, trials[-1].repeat) == (1, 3, 2)


def test_the_recipe_of_a_run_holds_its_fold_back() -> None:
    plan = plan_of(folds=3, repeats=2)
    recipe = plan.recipe_of(plan.trials[-1])
    names = ("latent_size", "folds", "fold", "fold_draw")
    assert [recipe.value(name) for name in names] == [8, 3, 3, 2]
    single = plan_of()
    assert single.recipe_of(single.trials[0]).images.folds == 0


def test_names_sort_as_numbers() -> None:
    plan = plan_of(folds=5)
    assert [plan.run_name(trial) for trial in plan.trials][:2] == ["s 01", "s 02"]


def test_it_is_the_same_from_a_file() -> None:
    plan = plan_of(folds=3, settings=({"hidden": (64, 32), "beta": 0.1},))
    again = SweepPlan.model_validate_json(plan.model_dump_json())
    assert again.trials[0].fold == 1
    assert again.recipe_of(again.trials[0]) == plan.recipe_of(plan.trials[0])
    with pytest.raises(ValidationError, match="version"):
        SweepPlan.model_validate(plan.model_dump(mode="json") | {"version": 2})


@pytest.mark.parametrize(
    "changes",
    [{"folds": 1}, {"folds": -1}, {"repeats": 0, "folds": 2}, {"repeats": 2}, {"settings": ({"latent": 2},)}],
)
def test_what_cannot_be_carried_out(changes: dict[str, Any]) -> None:
    with pytest.raises(BadChoice):
        plan_of(**changes)


def test_too_many_runs() -> None:
    settings = tuple({"seed": seed} for seed in range(500))
    with pytest.raises(StudioError, match="at most 10,000 runs, and this has 12,500"):
        plan_of(settings=settings, folds=25)
