"""The classifier of samples: the shipped one for digits, one that learns for other images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.runs.kept_run import KeptRun
from aestudio.runs.sample_classifier import GOOD, sample_classifier, shipped_folder

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset


def test_the_shipped_one_names_digits(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "aestudio.analysis.class_probabilities.train_class_probabilities",
        lambda *_: pytest.fail("it learned"),
    )
    classifier = sample_classifier(few_digits.test, few_digits.train)
    assert classifier is not None
    numbers = classifier(few_digits.train.images)
    assert numbers.shape == (len(few_digits.train), 10)
    assert float((numbers.argmax(1) == few_digits.train.labels).mean()) >= GOOD
    record = KeptRun.at(shipped_folder(), shipped=True).require_record()
    assert record.dataset == "mnist"
    assert sum(path.stat().st_size for path in shipped_folder().iterdir()) < 500_000


def test_images_that_it_does_not_know_have_one_of_their_own(few_digits: Dataset) -> None:
    """Digits turned by 180 degrees, called by other names."""
    turned = [
        replace(part, images=np.ascontiguousarray(part.images[:, :, ::-1, ::-1]), labels=9 - part.labels)
        for part in (few_digits.test, few_digits.train)
        if part.labels is not None
    ]
    test, train = turned
    assert sample_classifier(test, None) is None, "nothing to learn from"
    classifier = sample_classifier(test, train)
    assert classifier is not None
    assert classifier(test.images).shape == (len(test), 10)


def test_without_labels_there_are_no_classes(few_digits: Dataset) -> None:
    assert sample_classifier(replace(few_digits.test, labels=None), few_digits.train) is None


@pytest.mark.mnist
def test_its_accuracy_on_mnist(mnist: Dataset) -> None:
    classifier = sample_classifier(mnist.test, None)
    assert classifier is not None
    right = classifier(mnist.test.images).argmax(1) == mnist.test.labels
    assert float(right.mean()) == pytest.approx(0.9905, abs=0.0005)
