"""AE Studio's trainer in the whole window: one view in front, and everything visible updating."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack

from aestudio.recipes.library import find_recipe
from aestudio.training.threads import ENVIRONMENT as THREADS
from benchmarks.contestant import Ready, Task, serve
from benchmarks.training.studio import endless
from benchmarks.window.stage import open_presentation, start_training, turn, turn_until

VIEW = os.environ.get("BENCHMARK_VIEW", "train")
WARM_SECONDS = 3.0


def prepare(task: Task) -> Ready:
    """The window at work for some seconds, then paused; each race goes on from the pause."""
    os.environ["AESTUDIO_DATA"] = str(task.data)
    os.environ[THREADS] = str(task.threads)
    window = stack.enter_context(open_presentation())
    window.show_view(VIEW)
    session = window.session
    start_training(window, endless(find_recipe(task.model), task.batch))
    training = session.training

    def paused_at() -> int:
        training.pause()
        turn_until(lambda: session.state.training.phase == "paused", "the pause")
        progress = session.state.training.progress
        assert progress is not None
        return progress.step

    def race(seconds: float) -> tuple[int, float]:
        first, began = paused_at(), time.perf_counter()
        training.resume()
        turn(seconds)
        steps = paused_at() - first
        return steps * task.batch, time.perf_counter() - began

    turn(WARM_SECONDS)
    paused_at()
    return Ready(race, session.state.recipe.parameter_count)


if __name__ == "__main__":
    with ExitStack() as stack:
        serve(prepare)
