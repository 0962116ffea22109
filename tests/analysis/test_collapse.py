"""Which dimensions collapsed and when: sequences of validations whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.analysis.axis_statistics import ACTIVE, active_dimensions
from aestudio.analysis.collapse import CollapseChange, CollapseReport, collapse_report
from aestudio.training.events import CodeUse, MetricPoint

GOOD, CONSTANT = 0.02, 0.06  # errors of a model that tells images apart, and of their mean


def report(
    *rows: tuple[float, ...], first: int = 400, every: int = 200, error: float = GOOD, normal: bool = True
) -> CollapseReport:
    """A report of validations with these variances, one row each; 200 steps an epoch."""
    points = [
        MetricPoint(
            "validation",
            first + every * number,
            (first + every * number) / 200,
            {},
            CodeUse(row, (), error, CONSTANT, 512),
        )
        for number, row in enumerate(rows)
    ]
    return collapse_report(points, normal_prior=normal)


def test_a_dimension_collapses_at_the_first_of_two_validations_below_the_threshold() -> None:
    found = report((1.0, 0.5, 0.4), (1.0, 0.005, 0.4), (1.0, 0.004, 0.004), (1.0, 0.003, 0.002))
    assert found.changes == (CollapseChange(600, "collapsed", (1,)), CollapseChange(800, "collapsed", (2,)))
    assert found.dimensions == ((1, 600), (2, 800))
    assert found.since is None


def test_one_validation_below_it_is_no_collapse() -> None:
    assert report((0.005,), (0.5,), (0.005,), (0.5,), (0.005,)).changes == ()


def test_several_at_the_same_step_are_one_change() -> None:
    assert report((0.001, 1.0, 0.002), (0.001, 1.0, 0.002)).changes == (
        CollapseChange(400, "collapsed", (0, 2)),
    )


def test_it_is_active_again_only_well_above_the_threshold() -> None:
    at_the_threshold = report((0.005,), (0.005,), (0.015,), (0.012,), (0.019,), (0.011,))
    assert at_the_threshold.dimensions == ((0, 400),)
    again = report((0.005,), (0.005,), (0.015,), (0.03,), (0.04,), (0.5,))
    assert again.changes == (
        CollapseChange(400, "collapsed", (0,)),
        CollapseChange(1000, "active again", (0,)),
    )
    assert again.dimensions == ()


def test_an_untrained_network_has_not_collapsed() -> None:
    early = report(*[(1e-6,)] * 5, first=10, every=10, error=CONSTANT)  # the first epoch
    assert early == CollapseReport(newest=early.newest)
    assert early.newest is not None
    few_steps = [
        MetricPoint("validation", step, step / 10, {}, CodeUse((1e-6,), (), CONSTANT, CONSTANT, 512))
        for step in (100, 200, 290)  # of a small set: many epochs, few steps
    ]
    assert not collapse_report(few_steps, normal_prior=True).judged
    long_epoch = [
        MetricPoint("validation", step, step / 9000, {}, CodeUse((1e-6,), (), GOOD, CONSTANT, 512))
        for step in (500, 1500, 2500)
    ]
    found = collapse_report(long_epoch, normal_prior=True)
    assert found.changes == (CollapseChange(1500, "collapsed", (0,)),)


def test_the_whole_model_is_compared_with_the_mean_image() -> None:
    errors = (0.02, 0.059, 0.058, 0.0565, 0.05, 0.049)
    points = [
        MetricPoint("validation", 400 + 100 * number, 2.0, {}, CodeUse((1.0,), (), error, CONSTANT, 512))
        for number, error in enumerate(errors)
    ]
    assert collapse_report(points[:3], normal_prior=True).since == 500
    assert collapse_report(points[:4], normal_prior=True).since == 500, "5 % better is not clearly better"
    found = collapse_report(points, normal_prior=True)
    assert found.changes == (CollapseChange(500, "no better"), CollapseChange(800, "better again"))
    assert found.since is None


def test_codes_without_a_prior_are_compared_with_the_largest_variance() -> None:
    rows = ((1000.0, 5.0, 20.0), (1000.0, 5.0, 20.0))
    assert report(*rows, normal=False).dimensions == ((1, 400),)
    assert report(*rows, normal=True).dimensions == ()
    dead = report((0.0, 0.0), (0.0, 0.0), normal=False)
    assert dead.dimensions == ((0, 400), (1, 400)), "a code that never varies"


def test_validations_without_such_numbers_are_passed_over() -> None:
    bare = MetricPoint("validation", 900, 4.0, {"loss": 1.0})
    assert collapse_report([bare, bare], normal_prior=True) == CollapseReport()


@pytest.mark.parametrize("normal", [True, False])
def test_the_criterion_is_that_of_the_sliders(normal: bool) -> None:
    variance = np.array([0.5, ACTIVE, 0.0101, 0.004, 1.7, 0.016])
    found = report(tuple(variance), tuple(variance), normal=normal)
    collapsed = {dimension for dimension, _ in found.dimensions}
    assert collapsed == set(np.flatnonzero(~active_dimensions(variance, normal)))
