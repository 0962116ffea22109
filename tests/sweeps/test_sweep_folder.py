"""The folder of a sweep is read back as it was written, also after a crash."""

from __future__ import annotations

import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.sweeps.sweep_folder import (
    PLAN,
    RESULTS,
    TrialResult,
    add_result,
    allow_to_go_on,
    ask_to_stop,
    find_sweep,
    is_to_stop,
    keep_plan,
    read_results,
    sweep_names,
)
from tests.sweeps.test_plan import plan_of


def test_a_plan_is_found_again() -> None:
    assert sweep_names() == ()
    plan = plan_of(folds=3)
    folder = keep_plan(plan)
    assert sweep_names() == ("s",)
    assert find_sweep("s") == (plan, folder)
    with pytest.raises(BadChoice, match="no other sweep has"):
        keep_plan(plan)
    with pytest.raises(BadChoice, match="Allowed: s"):
        find_sweep("t")


def test_a_damaged_plan_is_named() -> None:
    folder = keep_plan(plan_of())
    (folder / PLAN).write_bytes((folder / PLAN).read_bytes()[:100])
    with pytest.raises(StudioError, match="This sweep cannot be read"):
        find_sweep("s")


def test_results_survive_a_line_that_was_cut() -> None:
    folder = keep_plan(plan_of())
    first = TrialResult(1, "s 1", {"squared_error": 0.1 + 0.2}, 3.5, 100)
    add_result(folder, first)
    whole = (folder / RESULTS).read_bytes()
    second, newer = TrialResult(2, "s 2", problem="It diverged: ü"), TrialResult(1, "s 1", {"ssim": 1.0})
    for cut in range(len(whole)):
        (folder / RESULTS).write_bytes(whole + whole[:cut])
        add_result(folder, second)
        assert read_results(folder) == {1: first, 2: second}
    add_result(folder, newer)
    assert read_results(folder)[1] == newer


def test_stopping() -> None:
    folder = keep_plan(plan_of())
    assert not is_to_stop(folder)
    ask_to_stop(folder)
    assert is_to_stop(folder)
    allow_to_go_on(folder)
    allow_to_go_on(folder)
    assert not is_to_stop(folder)
