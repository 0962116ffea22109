"""What the user chose for each run is remembered, of the newest runs."""

from __future__ import annotations

from typing import Any

from aestudio.gui.state.chosen_by_run import MOST_RUNS, remembered


def test_the_newest_choice_of_each_run_is_remembered() -> None:
    chosen: Any = {}
    for run, choice in (("a", 1), ("b", 2), ("a", 3)):
        chosen = remembered(chosen, run, choice)  # type: ignore[arg-type]
    assert dict(chosen) == {"b": 2, "a": 3}
    assert dict(remembered(chosen, "b", None)) == {"a": 3}  # type: ignore[arg-type]


def test_of_many_runs_those_chosen_last_are_remembered() -> None:
    chosen: Any = {}
    for run in range(3 * MOST_RUNS):
        chosen = remembered(chosen, run, -run)  # type: ignore[arg-type]
        chosen = remembered(chosen, 0, 7)  # type: ignore[arg-type]
    assert len(chosen) == MOST_RUNS
    assert chosen[0] == 7, "chosen again and again"
    assert chosen[3 * MOST_RUNS - 1] == 1 - 3 * MOST_RUNS
    assert 1 not in chosen
