"""The time of each part of a training step, in AE Studio and in the plain loop.

`python -m benchmarks.training.anatomy --model vae --batch 128 --data FOLDER` prints the median CPU time of
each part in microseconds. A whole step takes longer than their sum: the rest is bookkeeping between them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections import defaultdict
from pathlib import Path

import torch

from aestudio.datasets.catalogue import load_dataset
from aestudio.objectives.objective_module import Batch
from aestudio.recipes.library import find_recipe
from aestudio.training.loop import TrainingLoop
from aestudio.training.optimisers import gradients_of
from aestudio.training.spec import RunSpec
from aestudio.training.threads import ENVIRONMENT as THREADS
from benchmarks.training.models import MODELS
from benchmarks.training.studio import endless

ROUNDS, STEPS = 5, 80
Times = dict[str, list[float]]


class Stopwatch:
    """Records the CPU time of the thread between laps."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._since = time.thread_time()

    def lap(self, part: str) -> None:
        """Record the time since the previous lap as that of this part."""
        now = time.thread_time()
        self._times[part].append(now - self._since)
        self._since = time.thread_time()


def plain_steps(model: str, loop: TrainingLoop, times: Times) -> None:
    """Time steps of the plain loop on the same images."""
    images = loop.training.images.float() / 255
    network = MODELS[model]()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    for indices in torch.randperm(len(images)).split(loop.settings.batch_size)[:STEPS]:
        stopwatch = Stopwatch(times)
        batch = images[indices]
        stopwatch.lap("batch")
        optimiser.zero_grad()
        loss = network.loss(batch)
        stopwatch.lap("forward")
        loss.backward()
        stopwatch.lap("backward")
        optimiser.step()
        stopwatch.lap("optimiser")


def studio_steps(loop: TrainingLoop, times: Times) -> None:
    """Time the same parts of AE Studio's steps, and a validation."""
    for indices in torch.randperm(len(loop.training)).split(loop.settings.batch_size)[:STEPS]:
        (optimiser,) = loop.learner.optimisers
        stopwatch = Stopwatch(times)
        examples = loop.training.gather(indices)
        stopwatch.lap("batch")
        terms = loop.model.terms(Batch(examples.images, examples.labels, loop.noise, loop.live))
        stopwatch.lap("forward")
        gradients = gradients_of(terms["loss"], optimiser.parameters)
        stopwatch.lap("backward")
        optimiser.step(gradients, 1e-3)
        stopwatch.lap("optimiser")
        loop.terms.add(loop.step + 1, {name: value.detach() for name, value in terms.items()})
        stopwatch.lap("terms")
    loop.terms.take_points()
    stopwatch = Stopwatch(times)
    loop.validate()
    stopwatch.lap("a validation")


def main() -> None:
    """`--model`, `--batch`, `--data`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    os.environ[THREADS] = "1"
    recipe = endless(find_recipe(given.model), given.batch)
    dataset = load_dataset("mnist", data_dir=given.data)
    loop = TrainingLoop(RunSpec("benchmark", recipe, "mnist", "cpu"), dataset)
    plain, studio = defaultdict(list), defaultdict(list)
    for _ in range(ROUNDS):
        plain_steps(given.model, loop, plain)
        studio_steps(loop, studio)
    print(f"{given.model}, batch {given.batch}: microseconds of CPU, medians of {ROUNDS * STEPS} steps")
    print(f"{'':14}{'AE Studio':>12}{'plain loop':>12}")
    for part, seconds in studio.items():
        other = f"{1e6 * statistics.median(plain[part]):12,.0f}" if part in plain else ""
        print(f"{part:14}{1e6 * statistics.median(seconds):12,.0f}{other}")


if __name__ == "__main__":
    main()
