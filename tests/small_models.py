"""Fixtures: small snapshots, untrained ones and a briefly trained one, and their frozen models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot, SnapshotTaken
from aestudio.training.model import build_model
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset

SMALL = {"latent_size": 6, "hidden": (32,)}


def untrained(name: str, **settings: Any) -> Snapshot:
    """The recipe's initial weights as a snapshot."""
    recipe = find_recipe(name).with_settings(settings)
    weights = {
        key: value.numpy().astype(np.float32)
        for key, value in build_model(Architecture(recipe, MNIST)).state_dict().items()
    }
    return Snapshot("untrained", recipe, 0, 0.0, weights, data=MNIST)


@pytest.fixture(scope="session")
def snapshot_of() -> Callable[..., Snapshot]:
    """`snapshot_of(recipe name, setting=value, ...)`: initial weights."""
    return untrained


@pytest.fixture(scope="session")
def trained(few_digits: Dataset) -> Snapshot:
    """An autoencoder that has seen 300 digits forty times: rough images, codes that are not noise."""
    recipe = find_recipe("deep-ae").with_settings(
        {
            **SMALL,
            "epochs": 40,
            "batch_size": 32,
            "validation_images": 0,
            "learning_rate": 3e-3,
            "output": "sigmoid",
        }
    )
    spec = RunSpec(run="little", recipe=recipe, dataset="builtin", device="cpu")
    *_, last = (event for event in train(spec, few_digits) if isinstance(event, SnapshotTaken))
    return last.snapshot


@pytest.fixture
def frozen_model(trained: Snapshot) -> FrozenModel:
    """The frozen model of the trained snapshot."""
    return FrozenModel(trained)


@pytest.fixture
def gaussian_model() -> FrozenModel:
    """A frozen model of an untrained variational autoencoder with six latents."""
    return FrozenModel(untrained("vae", **SMALL))


@pytest.fixture
def classifier_model() -> FrozenModel:
    """A frozen model of an untrained classifier, which decodes nothing."""
    return FrozenModel(untrained("digit-classifier"))


class Counter:
    """A progress callback that records its calls, and cancels after `cancel_after` of them."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.calls: list[tuple[float, float | None, str]] = []
        self.cancel_after = cancel_after

    def __call__(self, done: float, total: float | None, what: str) -> None:
        from aestudio.errors import Cancelled

        self.calls.append((done, total, what))
        if self.cancel_after is not None and len(self.calls) > self.cancel_after:
            raise Cancelled


@pytest.fixture
def counter() -> type[Counter]:
    """The progress callback for tests."""
    return Counter


@pytest.fixture
def few_measured_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """The axes are named with two images instead of 48: whoever shows the Latent view would measure a
    thousand decoded images, which takes seconds. Tests of the names measure them all."""
    measure_few_images(monkeypatch)


def measure_few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name the axes with two images, until the patch is undone."""
    naming = "aestudio.gui.inference.requests.axis_names_request"
    monkeypatch.setattr(f"{naming}.LEVELS", (1, 2))
    monkeypatch.setattr(f"{naming}.IMAGES_FOR_SCALES", 8)
