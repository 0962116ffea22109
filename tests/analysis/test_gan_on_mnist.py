"""A GAN shows all ten digits after four minutes of one core."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.mode_coverage import SAMPLES, mode_coverage
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe
from aestudio.runs.sample_classifier import sample_classifier
from aestudio.training.events import SnapshotTaken
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

SECONDS = 240.0
LEAST = 0.03


@pytest.mark.slow
@pytest.mark.mnist
@pytest.mark.timeout(1800)  # four minutes of one core, longer beside other programs
def test_no_class_is_under_three_per_cent(mnist: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AESTUDIO_THREADS", "1")
    began = time.process_time()
    snapshot = None
    for event in train(RunSpec("run", find_recipe("gan"), "mnist", "cpu"), mnist):
        if isinstance(event, SnapshotTaken):
            snapshot = event.snapshot
    assert time.process_time() - began < SECONDS
    assert snapshot is not None
    model, classifier = FrozenModel(snapshot), sample_classifier(mnist.test, None)
    assert classifier is not None
    images = model.decode(model.sample_prior(SAMPLES, np.random.default_rng(0)))
    assert min(mode_coverage(classifier(images), mnist.test.class_names).shares) >= LEAST
