"""Fixtures: as many random images as MNIST has, and a training loop on them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
import pytest
import torch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.recipes.library import find_recipe
from aestudio.training.loop import TrainingLoop
from aestudio.training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


class Measured(Protocol):
    """Times a function and returns its result; note: what the function does"""

    def __call__(self, note: str, function: Callable[..., Result], *arguments: object) -> Result: ...


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def images() -> ImageSet:
    """60,000 images of noise, with random labels."""
    noise = np.random.default_rng(0)
    pixels = noise.integers(0, 256, (60_000, 1, 28, 28), dtype=np.uint8)
    return ImageSet(pixels, noise.integers(0, 10, 60_000))


@pytest.fixture(scope="session")
def dataset(images: ImageSet) -> Dataset:
    """A data set with these images as its training and its test set."""
    return Dataset("noise", "Noise", images, images)


@pytest.fixture
def loop(dataset: Dataset) -> TrainingLoop:
    """A run of `deep-ae` before its first step, on the CPU."""
    recipe = find_recipe("deep-ae").with_settings({"batch_size": 64, "epochs": 1000})
    return TrainingLoop(RunSpec("benchmark", recipe, "noise", device="cpu"), dataset)


@pytest.fixture
def measured(benchmark) -> Measured:
    """pytest-benchmark's fixture with a note."""

    def run(note: str, function: Callable[..., Result], *arguments: object) -> Result:
        benchmark.extra_info["note"] = note
        return benchmark(function, *arguments)

    return run
