"""The steps of the history's checkpoints, which of them are kept, and their budget."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.checkpoint_history import (
    DEFAULT_BUDGET,
    FEWEST,
    LARGEST_BUDGET,
    CheckpointHistory,
    HistoryCheckpoint,
    empty_history,
    is_history_checkpoint,
    next_history_checkpoint,
)

sizes = some.integers(1, 40)
steps = some.lists(some.integers(0, 100_000), unique=True, max_size=60).map(sorted)


def scheduled(end: int) -> list[int]:
    found = [0]
    while found[-1] < end:
        found.append(next_history_checkpoint(found[-1]))
    return found


def history(taken: list[int], size: int, budget: int) -> CheckpointHistory:
    result = CheckpointHistory(budget=budget)
    for step in taken:
        result = result.with_checkpoint(HistoryCheckpoint(step, step / 9, size))
    return result


def test_checkpoints_are_at_every_step_first_and_then_12_percent_apart() -> None:
    found = scheduled(20_000)
    assert found[:18] == list(range(18))
    ratios = [after / before for before, after in pairwise(found[20:])]
    assert min(ratios) > 1.04
    assert max(ratios) < 1.121
    assert 60 < len(found) < 100


@given(some.integers(0, 10**7))
def test_the_next_checkpoint_is_later_with_none_between(step: int) -> None:
    after = next_history_checkpoint(step)
    assert step < after <= step + 1 + step * 0.12
    assert is_history_checkpoint(after)
    assert all(not is_history_checkpoint(between) for between in range(max(step + 1, after - 50), after))


@given(steps, sizes, some.integers(0, 600))
def test_bounded_ordered_and_the_ends_stay(taken: list[int], size: int, budget: int) -> None:
    found = history(taken, size, budget)
    kept = [checkpoint.step for checkpoint in found.history_checkpoints]
    assert found.size <= budget
    assert kept == sorted(set(kept))
    assert set(kept) <= set(taken)
    if taken and 2 * size <= budget:
        assert kept[0] == taken[0]
        assert kept[-1] == taken[-1]
        assert len(kept) == min(len(taken), budget // size)
    else:
        assert kept == []


@given(some.lists(sizes, min_size=2, max_size=60), some.integers(80, 400))
def test_bounded_whatever_the_sizes(taken: list[int], budget: int) -> None:
    found = CheckpointHistory(budget=budget)
    for step, size in enumerate(taken):
        found = found.with_checkpoint(HistoryCheckpoint(step, 0.0, size))
        assert found.size <= budget


@given(some.integers(8, 40), some.integers(2_000, 200_000))
def test_kept_checkpoints_are_even_in_the_logarithm_of_the_step(room: int, end: int) -> None:
    found = history(scheduled(end), 1, room)
    gaps = [
        math.log1p(after.step) - math.log1p(before.step)
        for before, after in pairwise(found.history_checkpoints)
    ]
    even = math.log1p(found.history_checkpoints[-1].step) / (room - 1)
    assert len(gaps) == room - 1
    # The first steps lie wider than that by themselves: log 2, log 1.5, ...
    assert max(gaps) <= 2.2 * max(even, math.log(2))
    assert sorted(gaps)[len(gaps) // 2] >= 0.4 * even


def test_thinning_drops_the_least_useful_checkpoint() -> None:
    found = history([0, 1, 2, 100, 101, 200], 1, 6)
    assert [
        checkpoint.step
        for checkpoint in found.with_checkpoint(HistoryCheckpoint(400, 0, 1)).history_checkpoints
    ] == [
        0,
        1,
        2,
        100,
        200,
        400,
    ]


@given(steps, some.integers(0, 100_000))
def test_until_and_nearest(taken: list[int], step: int) -> None:
    found = history(taken, 1, 1000)
    assert [checkpoint.step for checkpoint in found.until(step).history_checkpoints] == [
        one for one in taken if one <= step
    ]
    index = found.nearest(step)
    if not taken:
        assert index is None
    else:
        assert index is not None
        assert abs(taken[index] - step) == min(abs(one - step) for one in taken)


def test_a_checkpoint_replaces_those_of_its_step_or_later() -> None:
    found = history([0, 5, 9], 2, 100).with_checkpoint(HistoryCheckpoint(5, 0.5, 3))
    assert [(checkpoint.step, checkpoint.size) for checkpoint in found.history_checkpoints] == [
        (0, 2),
        (5, 3),
    ]


def test_the_budget_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AESTUDIO_MOMENTS_MB", raising=False)
    assert empty_history() == CheckpointHistory((), 52_000_000, 256_000_000)
    monkeypatch.setenv("AESTUDIO_MOMENTS_MB", "7")
    assert empty_history() == CheckpointHistory((), 7_000_000, 0)
    for text in ("much", "-1", "1.5", "99999999"):
        monkeypatch.setenv("AESTUDIO_MOMENTS_MB", text)
        with pytest.raises(BadChoice, match="AESTUDIO_MOMENTS_MB"):
            empty_history()


def filled(size: int, history: CheckpointHistory | None = None) -> CheckpointHistory:
    """A long history of checkpoints of this many bytes."""
    result = CheckpointHistory(largest=LARGEST_BUDGET) if history is None else history
    for step in range(60):
        result = result.with_checkpoint(HistoryCheckpoint(step, 0.0, size))
    return result


@pytest.mark.parametrize(("recipe", "checkpoints"), [("vae", 10), ("conv-vae", 10), ("deep-ae", 19)])
def test_a_run_of_a_shipped_recipe_takes_at_most_64_megabytes(recipe: str, checkpoints: int) -> None:
    """A state has weights and two numbers of Adam for each; beside the history lie the newest and weights."""
    weights = 4 * Architecture(find_recipe(recipe), MNIST).parameter_count
    state = 3 * weights
    found = filled(state)
    assert len(found.history_checkpoints) == checkpoints == DEFAULT_BUDGET // state
    assert found.limit == DEFAULT_BUDGET
    assert found.size + state + weights < 62_000_000  # 2 MB are left for curves and record


def test_the_budget_grows_for_large_models_only() -> None:
    assert filled(FEWEST * 1_000_000).limit == DEFAULT_BUDGET
    large = filled(20_000_000)
    assert (len(large.history_checkpoints), large.limit) == (FEWEST, 120_000_000)
    assert filled(100_000_000).limit == LARGEST_BUDGET
    assert filled(200_000_000).history_checkpoints == ()


def test_an_earlier_larger_history_keeps_its_size() -> None:
    """A run that was kept with more room is resumed: nothing of it goes but what makes room for the new."""
    before = filled(5_000_000, CheckpointHistory(budget=256_000_000))
    resumed = CheckpointHistory(before.history_checkpoints, largest=LARGEST_BUDGET)
    assert resumed.limit == before.size == 255_000_000
    later = resumed.with_checkpoint(HistoryCheckpoint(60, 0.0, 5_000_000))
    assert len(later.history_checkpoints) == len(before.history_checkpoints) == 51
    assert later.history_checkpoints[-1].step == 60


@given(some.sets(some.integers(0, 500), min_size=1), some.integers(0, 600), some.sets(some.integers(0, 500)))
def test_thinned_drops_the_least_useful_and_never_the_first(
    there: set[int], coming: int, stay: set[int]
) -> None:
    history = CheckpointHistory(tuple(HistoryCheckpoint(step, 0.0, 1) for step in sorted(there)))
    thinner = history.thinned(coming, stay)
    dropped = set(history.history_checkpoints) - set(thinner.history_checkpoints)
    before = sorted(step for step in there if step < coming)
    may = [step for step in before[1:] if step not in stay]
    assert len(dropped) == min(1, len(may))
    for checkpoint in dropped:
        around = [*before, coming]

        def gap(step: int) -> float:
            index = around.index(step)  # noqa: B023 - used within this turn
            return math.log1p(around[index + 1]) - math.log1p(around[index - 1])  # noqa: B023

        assert checkpoint.step in may
        assert gap(checkpoint.step) == min(map(gap, may))
