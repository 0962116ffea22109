"""Weights and states of another recipe are reported without a traceback."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.inference.frozen_model import FrozenModel
from aestudio.training.events import Checkpoint, CheckpointTaken
from aestudio.training.initial import initial_snapshot
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

RECIPE = quick_recipe(epochs=1)
SPEC = RunSpec("run", RECIPE, "builtin", "cpu")


@pytest.fixture(scope="module")
def checkpoint(few_digits: Dataset) -> Checkpoint:
    """The last state of a small training."""
    return [event.checkpoint for event in train(SPEC, few_digits) if isinstance(event, CheckpointTaken)][-1]


@pytest.mark.parametrize("change", ["shape", "name", "missing"])
def test_weights_of_another_shape_are_reported(change: str) -> None:
    weights = dict(initial_snapshot(RECIPE, MNIST).weights)
    name = next(iter(weights))
    array = weights.pop(name)
    if change != "missing":
        weights["other" if change == "name" else name] = np.zeros((*array.shape, 2), np.float32)
    with pytest.raises(StudioError, match="do not fit the recipe"):
        FrozenModel(replace(initial_snapshot(RECIPE, MNIST), weights=weights))


@pytest.mark.parametrize(
    ("counter", "value"),
    [("step", None), ("first_loss", None), ("last_validation", None), ("steps_summed", None)]
    + [(name, float("inf")) for name in ("step", "last_validation", "steps_summed")],
)
def test_a_state_without_its_counters_is_reported(
    checkpoint: Checkpoint, few_digits: Dataset, counter: str, value: float | None
) -> None:
    counters = {name: number for name, number in checkpoint.counters.items() if name != counter}
    if value is not None:
        counters[counter] = value
    with pytest.raises(StudioError, match=r"does not fit the recipe: run\."):
        next(train(SPEC, few_digits, checkpoint=replace(checkpoint, counters=counters)))


@pytest.mark.parametrize("threads", [0, -3, 1e9])
def test_an_impossible_number_of_threads_is_brought_into_bounds(
    checkpoint: Checkpoint, few_digits: Dataset, threads: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AESTUDIO_THREADS")
    counters = dict(checkpoint.counters) | {"threads": threads}
    events = train(SPEC, few_digits, checkpoint=replace(checkpoint, counters=counters))
    assert next(events).step == 9  # type: ignore[union-attr]
    events.close()  # type: ignore[attr-defined]


def test_an_optimiser_of_another_shape_is_reported(checkpoint: Checkpoint, few_digits: Dataset) -> None:
    name = next(iter(checkpoint.optimiser))
    optimiser = dict(checkpoint.optimiser) | {name: np.zeros((5, 7, 3), np.float32)}
    with pytest.raises(StudioError, match="does not fit the recipe"):
        next(train(SPEC, few_digits, checkpoint=replace(checkpoint, optimiser=optimiser)))
