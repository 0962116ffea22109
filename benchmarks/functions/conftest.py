"""What the functions are given: random digits as many as MNIST has, and a run on them."""

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
    """Times a function and gives back what it gave; the note says what it does."""

    def __call__(self, note: str, function: Callable[..., Result], *arguments: object) -> Result: ...


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def digits() -> ImageSet:
    """60,000 images of noise."""
    noise = np.random.default_rng(0)
    images = noise.integers(0, 256, (60_000, 1, 28, 28), dtype=np.uint8)
    return ImageSet(images, noise.integers(0, 10, 60_000))


@pytest.fixture(scope="session")
def dataset(digits: ImageSet) -> Dataset:
    """They train and test alike."""
    return Dataset("noise", "Noise", digits, digits)


@pytest.fixture
def loop(dataset: Dataset) -> TrainingLoop:
    """A run of `deep-ae` before its first step, on the CPU."""
    recipe = find_recipe("deep-ae").with_settings({"batch_size": 64, "epochs": 1000})
    return TrainingLoop(RunSpec("benchmark", recipe, "noise", device="cpu"), dataset)


@pytest.fixture
def measured(benchmark) -> Measured:
    """pytest-benchmark's fixture, told in one line what the function does."""

    def run(note: str, function: Callable[..., Result], *arguments: object) -> Result:
        benchmark.extra_info["note"] = note
        return benchmark(function, *arguments)

    return run
