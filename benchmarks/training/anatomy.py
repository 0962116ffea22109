"""Where the time of a training step goes: AE Studio's and the plain loop's, part by part and in turn.

`python -m benchmarks.training.anatomy --model vae --batch 128 --data FOLDER` prints the median CPU time of
each part in microseconds. What the first column adds up to less than is bookkeeping between the parts.
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


class Watch:
    """Notes the CPU time of the thread since the last note."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._since = time.thread_time()

    def note(self, part: str) -> None:
        """What was done since the last note was this part."""
        now = time.thread_time()
        self._times[part].append(now - self._since)
        self._since = time.thread_time()


def plain_steps(model: str, loop: TrainingLoop, times: Times) -> None:
    """Steps of the plain loop on the same images."""
    images = loop.training.images.float() / 255
    network = MODELS[model]()
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    for chosen in torch.randperm(len(images)).split(loop.settings.batch_size)[:STEPS]:
        watch = Watch(times)
        batch = images[chosen]
        watch.note("batch")
        optimiser.zero_grad()
        loss = network.loss(batch)
        watch.note("forward")
        loss.backward()
        watch.note("backward")
        optimiser.step()
        watch.note("optimiser")


def studio_steps(loop: TrainingLoop, times: Times) -> None:
    """The same parts of AE Studio's step."""
    for chosen in torch.randperm(len(loop.training)).split(loop.settings.batch_size)[:STEPS]:
        watch = Watch(times)
        images, labels = loop.training.gather(chosen)
        watch.note("batch")
        terms = loop.model.terms(Batch(images, labels, loop.noise, loop.live))
        watch.note("forward")
        gradients = gradients_of(terms["loss"], loop.optimiser.parameters)
        watch.note("backward")
        loop.optimiser.step(gradients, 1e-3)
        watch.note("optimiser")
        loop.terms.add(loop.step + 1, {name: value.detach() for name, value in terms.items()})
        watch.note("terms")
    loop.terms.take_points()
    watch = Watch(times)
    loop.validate()
    watch.note("a validation")


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
