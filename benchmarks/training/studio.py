"""AE Studio's trainer without a window, with all its events, snapshots and metrics."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.commands import Commands
from aestudio.training.events import TrainingProgress
from aestudio.training.spec import RunSpec
from aestudio.training.threads import ENVIRONMENT as THREADS
from aestudio.training.trainer import train
from benchmarks.candidate import Ready, Task, serve

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe

ENDLESS_EPOCHS = 1000
WARM_UP_EVENTS = 3


def endless(recipe: Recipe, batch: int) -> Recipe:
    """The recipe with that batch size, and more epochs than a benchmark lasts."""
    return recipe.with_settings({"batch_size": batch, "epochs": ENDLESS_EPOCHS})


def prepare(task: Task) -> Ready:
    """The training after a warm-up until its third progress event."""
    os.environ[THREADS] = str(task.threads)
    recipe = endless(find_recipe(task.model), task.batch)
    dataset = load_dataset("mnist", data_dir=task.data)
    events = train(RunSpec("benchmark", recipe, "mnist"), dataset, Commands())
    images_per_step = (len(dataset.train) - 2000) / (-(-(len(dataset.train) - 2000) // task.batch))

    def run_to_progress() -> int:
        for event in events:
            if isinstance(event, TrainingProgress):
                return event.step
        raise RuntimeError("the training ended")

    def timed(seconds: float) -> tuple[int, float]:
        first, began = run_to_progress(), time.perf_counter()
        while True:
            step = run_to_progress()
            passed = time.perf_counter() - began
            if passed >= seconds:
                return round((step - first) * images_per_step), passed

    for _ in range(WARM_UP_EVENTS):
        run_to_progress()
    return Ready(timed, Architecture(recipe, MNIST).parameter_count)


if __name__ == "__main__":
    serve(prepare)
