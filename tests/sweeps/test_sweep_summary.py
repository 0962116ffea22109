"""What is drawn of a sweep, against scipy and against regressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import partial_dependence
from sklearn.linear_model import LinearRegression

from aestudio.sweeps.importance import importances
from aestudio.sweeps.setting_axes import setting_axes
from aestudio.sweeps.sweep_folder import TrialResult
from aestudio.sweeps.sweep_results import sweep_results
from aestudio.sweeps.sweep_summary import summary_of
from aestudio.sweeps.variation import combinations, parse_variation
from tests.sweeps.test_plan import plan_of

if TYPE_CHECKING:
    from aestudio.sweeps.plan import SweepPlan
    from aestudio.sweeps.sweep_results import SweepResults

SIZES, BETAS = (2, 8, 32), (0.5, 2.0)
BOTH = ("latent_size=8,2,32", "beta=0.5,2")


def planned(
    count: int | None = None, vary: tuple[str, ...] = ("latent_size=8,2,32", "beta=0.5,2")
) -> SweepPlan:
    recipe = plan_of().recipe
    return plan_of(folds=3, settings=combinations([parse_variation(one, recipe) for one in vary], count))


def scored(plan: SweepPlan, seed: int = 1, missing: tuple[int, ...] = ()) -> SweepResults:
    """Every run has a random score but those of these numbers."""
    draw = np.random.default_rng(seed)
    known = {
        one.number: TrialResult(
            one.number, f"s {one.number}", {"squared_error": float(draw.normal())}, 1.0, 9
        )
        for one in plan.trials
    }
    return sweep_results(plan, {number: one for number, one in known.items() if number not in missing})


def runs_with(results: SweepResults, **wanted: Any) -> list[float]:
    return [
        score
        for one in results.candidates
        if all(one.settings[name] == value for name, value in wanted.items())
        for score in one.scores
    ]


def test_values_are_in_order_and_far_ones_on_a_logarithmic_axis() -> None:
    vary = ("latent_size=8,2,128", "beta=1,0.5,2", "hidden=16;64,32")
    axes = {one.name: one for one in setting_axes(planned(vary=vary))}
    size, beta, hidden = axes["latent_size"], axes["beta"], axes["hidden"]
    assert size.values == (2, 8, 128)
    assert size.logarithmic
    assert size.places == pytest.approx((0.0, np.log(4) / np.log(64), 1.0))
    assert not beta.logarithmic
    assert beta.places == pytest.approx((0.0, 1 / 3, 1.0))
    assert (hidden.values, hidden.texts, hidden.places) == (((16,), (64, 32)), ("16", "64, 32"), (0.0, 1.0))
    assert not hidden.numeric
    assert hidden.number_of({"hidden": [64, 32]}) == 1  # as a kept plan has it


def test_curves_are_the_means_of_all_runs_with_a_value() -> None:
    results = scored(planned(), missing=(4,))
    first, second = summary_of(planned(), results).curves
    for value, mean, error, count in zip(SIZES, first.means, first.errors, first.counts, strict=True):
        scores = runs_with(results, latent_size=value)
        assert mean == pytest.approx(np.mean(scores))
        assert error == pytest.approx(stats.sem(scores))
        assert count == len(scores)
    assert sum(second.counts) == 17


def test_without_runs_there_is_no_mean_and_with_one_no_error() -> None:
    plan = planned(vary=("latent_size=2,8",))
    results = scored(plan, missing=(1, 3, 4, 5, 6))  # of the first candidate the runs are 1, 3 and 5
    (curve,) = summary_of(plan, results).curves
    assert curve.means[0] is None
    assert curve.means[1] is not None
    assert curve.errors == (None, None)
    assert curve.counts == (0, 1)


def test_the_heat_map_has_the_mean_of_each_pair() -> None:
    results = scored(planned())
    (heat_map,) = summary_of(planned(), results).heat_maps
    assert (heat_map.across.name, heat_map.down.name) == ("latent_size", "beta")
    for row, beta in enumerate(BETAS):
        for place, size in enumerate(SIZES):
            scores = runs_with(results, latent_size=size, beta=beta)
            assert heat_map.means[row][place] == pytest.approx(np.mean(scores))
            assert heat_map.counts[row][place] == 3


def test_a_line_goes_through_the_values_of_its_candidate() -> None:
    plan = planned()
    results = scored(plan)
    summary = summary_of(plan, results)
    means = np.array([one.mean for one in results.candidates])
    assert summary.span == (means.min(), means.max())
    assert [line.candidate for line in summary.lines] == list(range(6))
    for line, one in zip(summary.lines, results.candidates, strict=True):
        values = (one.settings["latent_size"], one.settings["beta"])
        assert line.places[:2] == pytest.approx((np.log2(values[0] / 2) / 4, (values[1] - 0.5) / 1.5))
        assert line.places[2] == pytest.approx((one.mean - means.min()) / np.ptp(means))


def test_of_every_combination_the_share_is_that_of_a_regression() -> None:
    plan = planned()
    results = scored(plan)
    means = np.array([one.mean for one in results.candidates])
    for name, found in zip(("latent_size", "beta"), importances(plan, results), strict=True):
        levels = sorted({one.settings[name] for one in results.candidates})
        inputs = np.array([[one.settings[name] == level for level in levels] for one in results.candidates])
        explained = LinearRegression().fit(inputs.astype(float), means).score(inputs.astype(float), means)
        assert found.name == name
        assert found.share == pytest.approx(explained)


def test_of_drawn_ones_the_share_is_that_of_a_forests_partial_dependence() -> None:
    plan = planned(count=14, vary=("latent_size=2:32:lin6", "beta=0.5:8:lin5"))
    results = scored(plan)
    axes = setting_axes(plan)  # drawn ones need not reach the ends of what was given
    inputs = np.array(
        [[axis.places[axis.number_of(one.settings)] for axis in axes] for one in results.candidates]
    )
    means = np.array([one.mean for one in results.candidates])
    forest = RandomForestRegressor(200, random_state=0).fit(inputs, means)
    for column, found in enumerate(importances(plan, results)):
        part = partial_dependence(forest, inputs, [column], method="brute", grid_resolution=100)
        at = dict(zip(part["grid_values"][0], part["average"][0], strict=True))
        marginal = np.array([at[value] for value in inputs[:, column]])
        assert found.share == pytest.approx(min(1.0, marginal.var() / forest.predict(inputs).var()), rel=1e-6)


def test_a_setting_that_does_nothing_has_no_share() -> None:
    plan = planned()
    known = {
        one.number: TrialResult(one.number, "", {"squared_error": float(one.settings["beta"])})
        for one in plan.trials
    }
    shares = [one.share for one in importances(plan, sweep_results(plan, known))]
    assert shares == pytest.approx([0.0, 1.0], abs=1e-12)
    equal = {number: TrialResult(number, "", {"squared_error": 1.0}) for number in known}
    assert [one.share for one in importances(plan, sweep_results(plan, equal))] == [0.0, 0.0]
    assert importances(plan, sweep_results(plan, {})) == ()
