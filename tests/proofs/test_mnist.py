"""Each proof model learns from real MNIST within an epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.sampling import nearest_images
from aestudio.inference.frozen_model import FrozenModel
from aestudio.training.events import MetricPoint, SnapshotTaken
from aestudio.training.initial import initial_snapshot
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.proofs.proofs import PROOFS, recipe_of

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Event, Snapshot

# The largest validation loss after an epoch: three quarters of what a model that shows the mean image has.
MEAN_IMAGE = {"reconstruction": 52.7, "cross entropy": 206.0}
LARGEST = {
    "vector-quantised": ("reconstruction", 0.75 * MEAN_IMAGE["cross entropy"]),
    "residual": ("reconstruction", 0.75 * MEAN_IMAGE["reconstruction"]),
    "conditional": ("negative_elbo", 0.75 * MEAN_IMAGE["cross entropy"]),
    "two-level": ("loss", 0.75 * MEAN_IMAGE["cross entropy"]),
    "wake-sleep": ("negative_elbo", MEAN_IMAGE["cross entropy"]),
}


def epoch_of(name: str, mnist: Dataset) -> list[Event]:
    recipe = recipe_of(name, epochs=1, batch_size=128, validation_images=2_000)
    return list(train(RunSpec("run", recipe, "mnist", "cpu"), mnist))


@pytest.mark.slow
@pytest.mark.mnist
@pytest.mark.parametrize("name", LARGEST)
def test_an_epoch_is_better_than_the_mean_image(name: str, mnist: Dataset) -> None:
    points = [event for event in epoch_of(name, mnist) if isinstance(event, MetricPoint)]
    losses = [point.terms for point in points if point.split == "validation"]
    term, largest = LARGEST[name]
    assert losses[-1][term] < largest


@pytest.mark.slow
@pytest.mark.mnist
def test_an_epoch_brings_a_gans_samples_near_to_digits(mnist: Dataset) -> None:
    events = epoch_of("gan", mnist)
    trained = [event.snapshot for event in events if isinstance(event, SnapshotTaken)][-1]
    before = distance_to_digits(initial_snapshot(trained.recipe, trained.data), mnist)
    after = distance_to_digits(trained, mnist)
    assert after < 0.75 * before


def distance_to_digits(snapshot: Snapshot, mnist: Dataset) -> float:
    """The mean distance of 200 samples to the nearest of 5,000 digits."""
    prior = snapshot.architecture.latent.prior
    assert prior is not None
    images = FrozenModel(snapshot).decode(prior.sample(200, np.random.default_rng(0)))
    nearest = nearest_images(images, mnist.train.images[:5_000], 1)
    return float(nearest.distances.mean())


def test_every_proof_is_tried() -> None:
    assert {*LARGEST, "gan"} == set(PROOFS)
