"""Metric points as growing columns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aestudio.gui.state.series import Series
from aestudio.training.events import MetricPoint


def points(first: int, count: int, *names: str) -> list[MetricPoint]:
    """Points whose every number is known from the step and the term's place."""
    return [
        MetricPoint("training", step, step / 10, {name: step + place / 8 for place, name in enumerate(names)})
        for step in range(first, first + count)
    ]


def test_an_empty_series_has_no_values() -> None:
    series = Series()
    assert len(series) == len(series.step) == len(series.term("loss")) == 0
    assert series.names == ()
    assert series.last("loss") is None


def test_points_are_read_back_by_term() -> None:
    series = Series().with_points(points(1, 3, "loss", "kl"))
    assert series.names == ("loss", "kl")
    np.testing.assert_array_equal(series.step, [1, 2, 3])
    np.testing.assert_array_equal(series.epoch, [0.1, 0.2, 0.3])
    np.testing.assert_array_equal(series.term("kl"), [1.125, 2.125, 3.125])
    assert series.last("loss") == 3
    assert series.term("unknown").size == 0


def test_nothing_new_gives_the_same_series() -> None:
    series = Series().with_points(points(0, 2, "loss"))
    assert series.with_points([]) is series


def test_a_term_that_is_missing_once_is_no_number_there() -> None:
    series = Series().with_points(points(0, 1, "loss", "kl")).with_points(points(1, 1, "loss"))
    assert series.term("kl")[0] == 0.125
    assert np.isnan(series.term("kl")[1])


def test_the_curve_of_a_term_has_only_the_points_that_have_it() -> None:
    """Every second point has the term; the first one lacks it."""
    series = Series().with_points(points(0, 1, "loss"))
    first = series
    for step in range(1, 600):
        series = series.with_points(points(step, 1, *(("loss", "critic") if step % 2 else ("loss",))))
    epochs, values = series.curve("critic")
    np.testing.assert_array_equal(epochs, np.arange(1, 600, 2) / 10)
    np.testing.assert_array_equal(values, np.arange(1, 600, 2) + 0.125)
    assert [len(part) for part in series.curve("loss")] == [600, 600]
    assert series.lineage is first.lineage
    assert [len(part) for part in first.curve("critic")] == [0, 0]
    assert [len(part) for part in series.curve("unknown")] == [0, 0]


def test_the_newest_value_is_that_of_the_newest_point_that_has_it() -> None:
    series = Series().with_points(points(0, 4, "loss", "critic")).with_points(points(4, 3, "loss"))
    assert series.last("critic") == 3.125
    assert series.last("critic", until=2) == 2.125
    assert series.last("loss") == 6
    alone = Series().with_points(points(0, 1, "critic")).with_points(points(1, 1, "loss"))
    assert alone.last("loss", until=0) is None
    assert alone.last("loss") == 1


def test_a_value_that_is_no_number_stays_one() -> None:
    """A loss that became NaN is not a missing one."""
    series = Series().with_points(points(0, 2, "loss"))
    series = series.with_points([MetricPoint("training", 2, 0.2, {"loss": np.nan})])
    assert np.isnan(series.last("loss") or 0.0)
    assert len(series.curve("loss")[0]) == 3


def test_many_points_are_appended_without_copies() -> None:
    series = Series().with_points(points(0, 300, "loss"))
    table = series.step.base
    grown = series.with_points(points(300, 50, "loss"))
    assert grown.step.base is table, "there was room for 50 more in the memory of the older one"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 400)), min_size=1, max_size=12))
def test_growing_any_series_changes_no_older_one(growths: list[tuple[int, int]]) -> None:
    """Each growth starts from any series made so far, the newest or an old one: a branch."""
    made: list[tuple[Series, list[int]]] = [(Series(), [])]
    for which, count in growths:
        parent, steps = made[which % len(made)]
        first = 1000 * len(made)
        made.append(
            (parent.with_points(points(first, count, "loss")), [*steps, *range(first, first + count)])
        )
    for series, steps in made:
        assert series.step.tolist() == steps
        assert series.term("loss").tolist() == steps
        for other, longer in made:
            if other.lineage is series.lineage:
                shared = min(len(steps), len(longer))
                assert steps[:shared] == longer[:shared], "of one lineage, and they do not begin alike"


def test_a_branch_is_of_another_lineage() -> None:
    full = Series().with_points(points(0, 10, "loss"))
    full = full.with_points(points(10, len(full.step.base) - 10, "loss"))
    first, second = full.with_points(points(900, 5, "loss")), full.with_points(points(800, 5, "loss"))
    assert first.lineage is full.lineage, "it goes on, in a larger memory"
    assert second.lineage is not full.lineage
    shorter = first.until(5)
    assert shorter.lineage is first.lineage
    assert shorter.with_points(points(6, 1, "loss")).lineage is not first.lineage
