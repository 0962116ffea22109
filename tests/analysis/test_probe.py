"""The probe finds separable classes, gives confidence intervals, and is reproducible."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from aestudio.analysis.probe import (
    Labelled,
    ProbeSettings,
    classifier,
    probe,
    train_and_test,
    wilson_interval,
)
from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import Cancelled, StudioError
from aestudio.progress import silent
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.recipes.training_settings import Training
from aestudio.training.model import build_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot

SETTINGS = ProbeSettings((32,), 0.2, Training(epochs=5, batch_size=32, learning_rate=1e-2))


@pytest.mark.parametrize(("correct", "images"), [(0, 50), (7, 50), (50, 50), (9756, 10_000)])
def test_the_confidence_interval_is_scipys(correct: int, images: int) -> None:
    expected = binomtest(correct, images).proportion_ci(method="wilson")
    assert wilson_interval(correct, images) == pytest.approx((expected.low, expected.high), abs=1e-7)


def clusters(count: int, seed: int, apart: float) -> Labelled:
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 10, count)
    values = apart * np.eye(10, 12)[labels] + draw.normal(size=(count, 12))
    return Labelled(torch.tensor(values, dtype=torch.float32), labels.astype(np.int64))


def test_separable_inputs_are_classified_and_noise_is_not() -> None:
    good = train_and_test(clusters(1000, 0, 8), clusters(500, 1, 8), SETTINGS, silent, "")
    none = train_and_test(clusters(1000, 0, 0), clusters(500, 1, 0), SETTINGS, silent, "")
    assert good.accuracy > 0.98
    assert none.accuracy < 0.2
    low, high = good.interval
    assert low < good.accuracy <= high


def test_the_classifier_on_pixels_has_the_recipes_parameters() -> None:
    recipe = find_recipe("digit-classifier")
    model = classifier(784, 10, ProbeSettings((128,), 0.2, recipe.training))
    assert sum(p.numel() for p in model.parameters()) == Architecture(recipe, MNIST).parameter_count
    first = next(iter(build_model(Architecture(recipe, MNIST)).parameters()))
    assert torch.equal(next(iter(model.parameters())), first)


def test_all_inputs_are_scored(trained: Snapshot, few_digits: Dataset, counter: type) -> None:
    progress = counter()
    report = probe(trained, few_digits, progress, epochs=12)
    assert list(report.scores) == ["pixels", "codes", "reconstructions"]
    assert (report.training_images, report.epochs, report.seed) == (300, 12, 0)
    for score in report.scores.values():
        assert score.images == 60
        assert score.accuracy > 0.3  # chance is 0.1
    assert {"Probing pixels", "Probing codes", "Probing reconstructions"} <= {c[2] for c in progress.calls}
    assert probe(trained, few_digits, epochs=12) == report
    table = json.loads(json.dumps(report.to_json()))
    assert table["scores"]["codes"]["accuracy"] == report.scores["codes"].accuracy
    assert table["scores"]["codes"]["interval_95"] == list(report.scores["codes"].interval)
    assert table["training_images"] == 300


def test_fewer_training_images_are_reported(trained: Snapshot, few_digits: Dataset) -> None:
    assert probe(trained, few_digits, images=64, epochs=1).training_images == 64
    assert probe(trained, few_digits, images=10**6, epochs=1, seed=3).seed == 3


def test_collapsed_dimensions_do_not_disturb_the_probe(trained: Snapshot, few_digits: Dataset) -> None:
    weights = dict(trained.weights)
    head = weights["objective.head.weight"].copy()
    head[1] = 0
    weights["objective.head.weight"] = head
    report = probe(replace(trained, weights=weights), few_digits, epochs=12)
    assert report.scores["codes"].accuracy > 0.3


def test_a_classifier_is_probed_without_reconstructions(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset
) -> None:
    report = probe(snapshot_of("digit-classifier"), few_digits, epochs=1)
    assert list(report.scores) == ["pixels", "codes"]


def test_missing_labels_are_refused_and_probing_can_be_cancelled(
    trained: Snapshot, few_digits: Dataset, counter: type
) -> None:
    unlabelled = replace(few_digits, train=ImageSet(few_digits.train.images))
    with pytest.raises(StudioError, match="labelled"):
        probe(trained, unlabelled)
    with pytest.raises(Cancelled):
        probe(trained, few_digits, counter(cancel_after=6))


@pytest.mark.slow
@pytest.mark.mnist
def test_five_epochs_on_pixels_reach_97_percent(mnist: Dataset) -> None:
    recipe = find_recipe("digit-classifier")
    settings = ProbeSettings((128,), 0.2, recipe.training)
    assert mnist.train.labels is not None
    assert mnist.test.labels is not None
    train, test = (
        Labelled(torch.tensor(split.images.reshape(-1, 784)), labels)
        for split, labels in ((mnist.train, mnist.train.labels), (mnist.test, mnist.test.labels))
    )
    assert train_and_test(train, test, settings, silent, "").accuracy >= 0.97
