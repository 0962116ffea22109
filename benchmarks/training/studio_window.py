"""AE Studio's trainer in the whole window: one view in front, and everything visible is updated."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.threads import ENVIRONMENT as THREADS
from benchmarks.candidate import Ready, Task, serve
from benchmarks.training.studio import endless
from benchmarks.window.driver import open_window, run_for, start_training, wait_until

VIEW = os.environ.get("BENCHMARK_VIEW", "train")
WARM_UP_SECONDS = 3.0
# After a pause, in which the other candidates run: everything on the screen is brought up to date at once.
SETTLING_SECONDS = 1.5


def prepare(task: Task) -> Ready:
    """Train for some seconds of warm-up, then pause; each round resumes from the pause."""
    os.environ["AESTUDIO_DATA"] = str(task.data)
    os.environ[THREADS] = str(task.threads)
    window = stack.enter_context(open_window())
    window.show_view(VIEW)
    session = window.session
    start_training(window, endless(find_recipe(task.model), task.batch))
    training = session.training

    def step() -> int:
        progress = session.state.training.progress
        assert progress is not None
        return progress.step

    def pause() -> int:
        training.pause()
        wait_until(lambda: session.state.training.phase == "paused", "the pause")
        return step()

    def train(seconds: float) -> tuple[int, float]:
        training.resume()
        run_for(SETTLING_SECONDS)
        before = step()
        wait_until(lambda: step() != before, "the next progress")
        first, began = step(), time.perf_counter()
        run_for(seconds)
        steps = pause() - first
        return steps * task.batch, time.perf_counter() - began

    run_for(WARM_UP_SECONDS)
    pause()
    return Ready(train, Architecture(session.state.recipe, MNIST).parameter_count)


if __name__ == "__main__":
    with ExitStack() as stack:
        serve(prepare)
