"""A model that draws from torch's global generators is resumed bit for bit, and leaves them alone."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.training.commands import Commands
from aestudio.training.events import Checkpoint, CheckpointTaken, MetricPoint, Paused
from aestudio.training.global_draws import draws_globally, seeded_by
from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.recorded_steps import RecordedSteps, recorded
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.phased_recipes import two_phases
from tests.training.conftest import small_spec
from tests.training.test_own_part_errors import recipe_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Event

GOOD_CODE = "return Code(self.head(features))"
CODE = "code = self.head(features)\n        import torch\n        return Code({})"
# Each draws in training; the first and the last also when losses are measured.
DRAWS = {
    "module": "torch.nn.Dropout(0.3)(code)",
    "function": "torch.nn.functional.dropout(code, 0.3, self.training)",
    "method": "code * torch.empty_like(code).bernoulli_(0.7) if self.training else code",
    "always": "code + 0.1 * torch.randn_like(code)",
}


@pytest.fixture(params=DRAWS)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    """A recipe of the user's own, whose objective draws in one of these ways."""
    return recipe_with(GOOD_CODE, CODE.format(DRAWS[request.param]))[0].with_settings({"epochs": 2})


def spec(recipe: Recipe) -> RunSpec:
    return RunSpec("run", recipe, "builtin", "cpu")


def trained(
    recipe: Recipe, digits: Dataset, stop_at: int = 0, checkpoint: Checkpoint | None = None
) -> list[Event]:
    commands = Commands()
    if stop_at:
        commands.advance(stop_at)
    events: list[Event] = []
    for event in train(spec(recipe), digits, commands, checkpoint):
        events.append(event)
        if isinstance(event, Paused):
            commands.stop()
    return events


def last_checkpoint(events: list[Event]) -> Checkpoint:
    return [event for event in events if isinstance(event, CheckpointTaken)][-1].checkpoint


def points(events: list[Event]) -> dict[tuple[str, int], dict[str, float]]:
    return {
        (event.split, event.step): dict(event.terms) for event in events if isinstance(event, MetricPoint)
    }


def test_resumed_is_the_same_as_straight(recipe: Recipe, few_digits: Dataset) -> None:
    """Whatever else has drawn from the global generator meanwhile."""
    with torch.random.fork_rng():
        straight = trained(recipe, few_digits)
        torch.manual_seed(5)
        halted = trained(recipe, few_digits, stop_at=5)
        torch.manual_seed(6)
        resumed = trained(recipe, few_digits, checkpoint=last_checkpoint(halted))
    mine, theirs = last_checkpoint(resumed), last_checkpoint(straight)
    assert mine.snapshot.step == theirs.snapshot.step == 18
    for name, weights in theirs.snapshot.weights.items():
        assert np.array_equal(mine.snapshot.weights[name], weights), name
    assert np.array_equal(mine.noise, theirs.noise)
    assert points(halted) | points(resumed) == points(straight)


def test_each_step_draws_other_numbers(recipe: Recipe, few_digits: Dataset) -> None:
    """A seed for each step, not the same for all: the weights of two of them would agree."""
    loop = TrainingLoop(spec(recipe), few_digits)
    drawn = []
    for _ in range(3):
        with loop.learner.global_draws:
            drawn.append(float(torch.rand(())))
    assert len(set(drawn)) == 3


def test_the_global_generator_is_left_alone(recipe: Recipe, few_digits: Dataset) -> None:
    before = torch.random.get_rng_state()
    loop = TrainingLoop(spec(recipe), few_digits)
    kept = torch.random.get_rng_state()
    for _ in range(3):
        loop.advance()
    loop.validate()
    assert torch.equal(torch.random.get_rng_state(), kept)
    torch.random.set_rng_state(before)


def test_losses_are_measured_with_the_same_numbers_every_time(recipe: Recipe, few_digits: Dataset) -> None:
    loop = TrainingLoop(spec(recipe), few_digits)
    loop.advance()
    assert loop.validate().terms == loop.validate().terms


@pytest.mark.parametrize("make", [lambda: recipe_with()[0], two_phases])
def test_models_that_draw_as_they_should_are_not_changed(
    make: Callable[[], Recipe], few_digits: Dataset
) -> None:
    """Dropout of the program's own, noise from the batch's generator: nothing is drawn in addition."""
    loop = TrainingLoop(spec(make()), few_digits)
    assert not draws_globally(loop.spec.recipe, loop.device, loop._trial_step)
    before = loop.noise.get_state()
    with loop.learner.global_draws:
        pass
    assert torch.equal(loop.noise.get_state(), before)


def test_shipped_models_are_not_tried(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aestudio.training.global_draws._states", None)
    TrainingLoop(small_spec("vae"), few_digits).advance()


def test_such_steps_are_not_recorded(few_digits: Dataset) -> None:
    """A graph repeats the numbers that the seed gave, or draws from a state that no checkpoint keeps."""
    loop = TrainingLoop(small_spec(), few_digits)
    gpu: Any = SimpleNamespace(device=torch.device("cuda"))
    on_gpu = replace(loop.learner, noise=gpu)
    assert isinstance(recorded(train_steps, on_gpu), RecordedSteps)
    assert recorded(train_steps, replace(on_gpu, global_draws=seeded_by(loop.noise))) is None
