"""The summary of a data set agrees with numpy, and shows every class."""

from __future__ import annotations

import numpy as np
import pytest

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.summary import BINS, shown_images, summary_of
from tests.datasets.own_forms import numbers


def test_counts_greys_and_pictures() -> None:
    labels = np.arange(60) % 7
    train = ImageSet(numbers(60, 28, 28)[:, None], labels, tuple("abcdefg"))
    test = ImageSet(numbers(9, 28, 28)[:, None], np.arange(9) % 2, tuple("abcdefg"))
    summary = summary_of(Dataset("x", "X", train, test))
    assert summary.train_counts == tuple(np.bincount(labels))
    assert summary.test_counts == (5, 4, 0, 0, 0, 0, 0)
    expected, _ = np.histogram(train.images, BINS, (0, 256))
    assert summary.histogram == tuple(expected)
    assert summary.least == train.images.min()
    assert summary.greatest == train.images.max()
    assert summary.mean == pytest.approx(train.images.mean())
    assert len(summary.images) == len(summary.captions) == 40


def test_each_class_is_shown_as_often_as_there_are_images() -> None:
    labels = np.array([0] * 100 + [1] * 3 + [2] * 50)
    shown = labels[shown_images(labels, len(labels))]
    assert np.bincount(shown).tolist() == [19, 3, 18]
    assert (np.diff(shown) >= 0).all()


@pytest.mark.parametrize("labels", [None, np.arange(100)])
def test_without_classes_images_stand_at_equal_distances(labels: np.ndarray | None) -> None:
    chosen = shown_images(labels, 100)
    assert (len(chosen), chosen[0], chosen[-1]) == (40, 0, 99)
    assert set(np.diff(chosen)) <= {2, 3}


def test_few_images_are_all_shown() -> None:
    assert shown_images(None, 3).tolist() == [0, 1, 2]
