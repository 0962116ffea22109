"""The classes of a model's samples: always of the same codes, named by a classifier."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.mode_coverage_request import CountClasses
from aestudio.progress import silent
from aestudio.runs.sample_classifier import sample_classifier
from tests.latent_models import snapshot_of

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def test_it_counts_what_the_classifier_says_of_the_samples(few_digits: Dataset) -> None:
    cache, snapshot = InferenceCache(), snapshot_of("gan")
    found = CountClasses(snapshot, (few_digits.test, few_digits.train), 300).compute(cache, silent)
    assert found is not None
    assert found.samples == 300
    frozen_model = cache.frozen_model(snapshot)
    images = frozen_model.decode(frozen_model.sample_prior(300, np.random.default_rng(0)))
    classifier = sample_classifier(few_digits.test, None)
    assert classifier is not None
    named = classifier(images).argmax(1)
    assert found.counts == tuple(int((named == number).sum()) for number in range(10))
    assert CountClasses(snapshot, (few_digits.test,), 300).compute(InferenceCache(), silent) == found


def test_images_without_labels_have_no_classes_to_count(few_digits: Dataset) -> None:
    test = replace(few_digits.test, labels=None)
    assert CountClasses(snapshot_of("gan"), (test,), 5).compute(InferenceCache(), silent) is None
