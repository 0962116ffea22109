"""What a sweep takes, before it begins: runs, minutes on this machine, room on the disk."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.progress import go_on
from aestudio.recipes.architecture import Architecture
from aestudio.training.checkpoint_history import empty_history, next_history_checkpoint
from aestudio.training.loop import TrainingLoop
from aestudio.training.preparation import ordered_images
from aestudio.training.spec import RunSpec
from aestudio.training.threads import temporary_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.recipes.recipe import Recipe
    from aestudio.sweeps.plan import SweepPlan

_NUMBER = 4  # bytes of a float32
_STATES = 4  # of a run's folder: weights, and weights and the two numbers of Adam for each in the checkpoint
_ALL_BUT_ONE = 10_000  # cores left free: a run of a sweep has one thread
_TRIAL_SECONDS = 1.5  # of training, of the smallest and of the largest model


@dataclass(frozen=True)
class SweepCost:
    """runs; seconds: with all jobs busy; bytes: on the disk, at most"""

    runs: int
    seconds: float
    bytes: int


def sweep_cost(plan: SweepPlan, dataset: Dataset, jobs: int, check: Callable[[], None] = go_on) -> SweepCost:
    """The cost of a whole sweep, from short trainings of its smallest and its largest model on this machine.

    The seconds of a step of the models between are taken to lie between, by their number of parameters.
    check: called between steps; may raise Cancelled.
    Raises what a training raises, for every candidate that cannot be trained.
    """
    recipes = [plan.recipe_of(trial) for trial in plan.trials[: len(plan.settings)]]
    sizes = [Architecture(recipe, dataset.shape).parameter_count for recipe in recipes]
    ends = {sizes.index(min(sizes)), sizes.index(max(sizes))}
    measured = sorted((sizes[index], _seconds_of_step(recipes[index], dataset, check)) for index in ends)
    repeats = len(plan.trials) // len(recipes)
    seconds, bytes_ = 0.0, 0
    for recipe, size in zip(recipes, sizes, strict=True):
        images, held = ordered_images(dataset, recipe.training.validation_images, recipe.images)
        steps = math.ceil((len(images) - held) / recipe.training.batch_size) * recipe.training.epochs
        seconds += steps * _between(measured, size)
        bytes_ += _bytes(size, steps)
    return SweepCost(len(plan.trials), seconds * repeats / jobs, bytes_ * repeats)


def _between(measured: list[tuple[int, float]], size: int) -> float:
    (low, first), (high, last) = measured[0], measured[-1]
    return first if high == low else first + (last - first) * (size - low) / (high - low)


def _bytes(parameters: int, steps: int) -> int:
    state, history = parameters * _NUMBER, empty_history()
    checkpoints, step = 1, 0
    while (step := next_history_checkpoint(step)) <= steps:
        checkpoints += 1
    return _STATES * state + min(checkpoints * state, history.budget)


def _seconds_of_step(recipe: Recipe, dataset: Dataset, check: Callable[[], None]) -> float:
    """Of a training that is thrown away, without preparation and validations."""
    with temporary_threads():
        loop = TrainingLoop(RunSpec("trial", recipe, dataset.origin, spare_cores=_ALL_BUT_ONE), dataset)
        loop.advance()  # the first is slower
        began, first = time.monotonic(), loop.step
        while loop.step < loop.total_steps and time.monotonic() - began < _TRIAL_SECONDS:
            check()
            loop.advance()
        return (time.monotonic() - began) / max(1, loop.step - first)
