"""AE Studio's own trainer without a window: every event of it, snapshots and metrics included."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from aestudio.datasets.catalogue import load_dataset
from aestudio.recipes.library import find_recipe
from aestudio.training.commands import Commands
from aestudio.training.events import TrainingProgress
from aestudio.training.spec import RunSpec
from aestudio.training.threads import ENVIRONMENT as THREADS
from aestudio.training.trainer import train
from benchmarks.contestant import Ready, Task, serve

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe

ENDLESS_EPOCHS = 1000
WARM_PULSES = 3


def endless(recipe: Recipe, batch: int) -> Recipe:
    """The recipe with that batch size, and more epochs than a benchmark lasts."""
    return recipe.with_settings({"batch_size": batch, "epochs": ENDLESS_EPOCHS})


def prepare(task: Task) -> Ready:
    """The training, warmed up until its third progress."""
    os.environ[THREADS] = str(task.threads)
    recipe = endless(find_recipe(task.model), task.batch)
    dataset = load_dataset("mnist", data_dir=task.data)
    events = train(RunSpec("benchmark", recipe, "mnist"), dataset, Commands())
    share = (len(dataset.train) - 2000) / (-(-(len(dataset.train) - 2000) // task.batch))

    def until_pulse() -> int:
        for event in events:
            if isinstance(event, TrainingProgress):
                return event.step
        raise RuntimeError("the training ended")

    def race(seconds: float) -> tuple[int, float]:
        first, began = until_pulse(), time.perf_counter()
        while True:
            step = until_pulse()
            passed = time.perf_counter() - began
            if passed >= seconds:
                return round((step - first) * share), passed

    for _ in range(WARM_PULSES):
        until_pulse()
    return Ready(race, recipe.parameter_count)


if __name__ == "__main__":
    serve(prepare)
