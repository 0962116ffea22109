"""Means, standard errors and choices, against numbers computed by hand and by scipy."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from scipy import stats

from aestudio.errors import BadChoice
from aestudio.recipes.library import find_recipe
from aestudio.sweeps.sweep_folder import TrialResult
from aestudio.sweeps.sweep_results import default_metric, metric_names, sweep_results, to_csv
from tests.sweeps.test_plan import plan_of

SCORES = ((4.0, 5.0, 6.0), (4.1, 5.3, 5.9), (9.0, 9.5, 9.1))
PARAMETERS = (900, 300, 100)


def known(scores: tuple[tuple[float, ...], ...] = SCORES) -> dict[int, TrialResult]:
    plan = plan_of(folds=3, settings=tuple({"latent_size": size} for size in (32, 8, 2)))
    return {
        trial.number: TrialResult(
            trial.number,
            plan.run_name(trial),
            {"squared_error": scores[trial.candidate][trial.fold - 1], "ssim": 0.1 * trial.candidate},
            1.5,
            PARAMETERS[trial.candidate],
        )
        for trial in plan.trials
    }


PLAN = plan_of(folds=3, settings=tuple({"latent_size": size} for size in (32, 8, 2)))


def test_mean_and_standard_error_are_scipys() -> None:
    results = sweep_results(PLAN, known())
    for candidate, scores in zip(results.candidates, SCORES, strict=True):
        assert candidate.scores == scores
        assert candidate.mean == pytest.approx(np.mean(scores))
        assert candidate.standard_error == pytest.approx(stats.sem(scores))


def test_the_simplest_within_one_standard_error_is_chosen() -> None:
    results = sweep_results(PLAN, known())
    assert [one.title for one in results.ranked] == ["latent 32", "latent 8", "latent 2"]
    assert results.best is results.candidates[0]
    assert results.chosen is results.candidates[1]  # 5.1 <= 5.0 + 0.577, with fewer parameters


def test_of_a_similarity_the_highest_is_best() -> None:
    results = sweep_results(PLAN, known(), "ssim")
    assert results.higher
    assert results.best is results.candidates[2]


def test_an_incomplete_candidate_is_never_the_best() -> None:
    part = known()
    del part[1]
    part[4] = TrialResult(4, "s 4", problem="The training diverged.")  # the first fold of "latent 32" is 1
    results = sweep_results(PLAN, part)
    first = results.candidates[0]
    assert (first.missing, first.problems, first.complete) == (1, ("The training diverged.",), False)
    assert results.best is results.candidates[1]
    assert results.ranked[-1] is first


def test_a_stopped_run_is_missing() -> None:
    part = known() | {1: TrialResult(1, "s 1", stopped=True)}
    assert sweep_results(PLAN, part).candidates[0].missing == 1


def test_nothing_is_known_yet() -> None:
    results = sweep_results(PLAN, {})
    assert results.best is None
    assert results.chosen is None
    assert [one.missing for one in results.candidates] == [3, 3, 3]


def test_an_unknown_metric_names_those_that_there_are() -> None:
    with pytest.raises(BadChoice, match="squared_error, ssim"):
        sweep_results(PLAN, known(), "accuracy")
    assert metric_names(known()) == ("squared_error", "ssim")


def test_the_table_for_programs_has_every_score_exactly() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(PLAN, sweep_results(PLAN, known())))))
    assert [row["latent_size"] for row in rows] == ["32", "8", "2"]
    for row, scores in zip(rows, SCORES, strict=True):
        assert tuple(float(row[f"squared_error {fold}"]) for fold in (1, 2, 3)) == scores
        assert float(row["squared_error"]) == float(np.mean(scores))


def test_what_candidates_are_compared_by() -> None:
    assert default_metric(find_recipe("vae")) == "squared_error"
    assert default_metric(find_recipe("digit-classifier")) == "accuracy"
    assert default_metric(find_recipe("gan")) in {term.name for term in find_recipe("gan").objective.terms()}
