"""A sweep as the command line prints it."""

from __future__ import annotations

import pytest

from aestudio.cli.sweep_table import results_json, results_table
from aestudio.sweeps.sweep_folder import TrialResult
from aestudio.sweeps.sweep_results import sweep_results
from tests.sweeps.test_plan import plan_of


def test_what_each_setting_explains_is_named() -> None:
    settings = tuple({"latent_size": size, "beta": beta} for size in (2, 8) for beta in (1.0, 4.0))
    plan = plan_of(settings=settings)
    scores = (1.0, 2.0, 5.0, 6.0)  # latent: 1.5 and 5.5, beta: 3 and 4; variances 4, 0.25, whole 4.25
    known = {
        number: TrialResult(number, f"s {number}", {"squared_error": score})
        for number, score in enumerate(scores, 1)
    }
    results = sweep_results(plan, known)
    assert "squared_error: Latent size 94%, β 6%" in results_table(plan, results)
    assert results_json(plan, results)["importance"] == pytest.approx(
        {"latent_size": 4 / 4.25, "beta": 0.25 / 4.25}
    )
    one = plan_of()
    known = {number: TrialResult(number, "", {"squared_error": 1.0 * number}) for number in (1, 2)}
    assert "explains" not in results_table(one, sweep_results(one, known))
