"""Kept sweeps with results that nobody has trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.recipes.library import find_recipe
from aestudio.sweeps.new_plan import new_plan
from aestudio.sweeps.sweep_folder import TrialResult, add_result, keep_plan
from aestudio.sweeps.variation import parse_variation

if TYPE_CHECKING:
    from aestudio.sweeps.plan import SweepPlan

VARY = ("latent_size=2,8,32", "beta=0.5,2")


def score_of(latent_size: int, beta: float, fold: int) -> float:
    """Lowest for 8 numbers and a small beta."""
    return 30 + abs(float(np.log2(latent_size)) - 3) + beta + fold / 10


def keep_scored(
    name: str = "mine", vary: tuple[str, ...] = VARY, folds: int = 2, missing: int = 0
) -> SweepPlan:
    """Keep a sweep of `vae` whose runs have these scores, but for the last `missing` ones."""
    recipe = find_recipe("vae").with_settings({"epochs": 1})
    plan = new_plan(recipe, [parse_variation(one, recipe) for one in vary], name=name, folds=folds)
    folder = keep_plan(plan)
    for trial in plan.trials[: len(plan.trials) - missing]:
        size = trial.settings["latent_size"]
        score = score_of(size, trial.settings.get("beta", 1.0), trial.fold)
        metrics = {"squared_error": score, "ssim": 1 / score}
        add_result(folder, TrialResult(trial.number, plan.run_name(trial), metrics, 30.0, 1000 * size))
    return plan
