"""Replayed steps of the proof models do what single steps do; on the CPU through the same code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.recorded_steps import RecordedSteps
from aestudio.training.spec import RunSpec
from tests.proofs.proofs import PROOFS, recipe_of

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def loop_with(replayed: bool, name: str, dataset: Dataset) -> TrainingLoop:
    recipe = recipe_of(name, batch_size=16, learning_rate=0.0005)
    if name == "gan":
        recipe = recipe.with_settings({"critic_steps": 3})
    loop = TrainingLoop(RunSpec("run", recipe, "builtin", "cpu"), dataset)
    loop.recorded = RecordedSteps(train_steps, loop.learner) if replayed else None
    return loop


@pytest.mark.parametrize("name", PROOFS)
def test_replayed_steps_are_the_single_steps(
    name: str, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not bit for bit: live settings and rate are single precision on the device."""
    monkeypatch.setattr(RecordedSteps, "longest", 4)
    single, replayed = (loop_with(one, name, few_digits) for one in (False, True))
    for loop in (single, replayed):
        while loop.step < loop.steps_per_epoch:
            loop.advance()
    expected, found = list(single.fetch_points()), list(replayed.fetch_points())
    assert [point.step for point in found] == [point.step for point in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.terms.keys() == theirs.terms.keys()
        assert mine.terms == pytest.approx(theirs.terms, rel=2e-2, abs=1e-2)
    ours, others = replayed.snapshot().weights, single.snapshot().weights
    assert all(np.allclose(ours[key], others[key], rtol=1e-2, atol=1e-2) for key in ours)
