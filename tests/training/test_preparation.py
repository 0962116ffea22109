"""What is checked before a training begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.errors import BadChoice, StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.image_choice import ImageChoice
from aestudio.recipes.library import find_recipe
from aestudio.recipes.memory_estimate import memory_needed
from aestudio.training import preparation
from aestudio.training.preparation import (
    check_free_memory,
    check_images,
    fold_indices,
    held_out_images,
    split_images,
)

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

CPU = torch.device("cpu")


def test_images_that_fit(few_digits: Dataset) -> None:
    for name in ("vae", "digit-classifier"):
        check_images(find_recipe(name).objective, few_digits, few_digits.shape)


def test_images_of_another_shape(few_digits: Dataset) -> None:
    with pytest.raises(StudioError, match="trained on 12 × 9"):
        check_images(find_recipe("vae").objective, few_digits, DataShape(ImageShape(1, 12, 9)))


def test_images_without_labels(few_digits: Dataset) -> None:
    unlabelled = replace(few_digits, train=ImageSet(few_digits.train.images))
    with pytest.raises(StudioError, match="needs labels"):
        check_images(find_recipe("digit-classifier").objective, unlabelled, MNIST)
    check_images(find_recipe("vae").objective, unlabelled, MNIST)


def test_more_classes_than_the_model_knows(few_digits: Dataset) -> None:
    with pytest.raises(StudioError, match="knows 7 classes, and these images have 10"):
        check_images(find_recipe("digit-classifier").objective, few_digits, replace(MNIST, classes=7))


def test_the_last_images_are_held_back(few_digits: Dataset) -> None:
    training, validation = split_images(few_digits, 12, CPU)
    assert np.array_equal(training.images.numpy(), few_digits.train.images[:-12])
    assert np.array_equal(validation.images.numpy(), few_digits.train.images[-12:])
    assert validation.labels is not None
    assert np.array_equal(validation.labels.numpy(), few_digits.train.labels[-12:])  # type: ignore[index]


@pytest.mark.parametrize(("wanted", "held_back"), [(0, 0), (30, 30), (2000, 30)])
def test_at_most_a_tenth_is_held_back(few_digits: Dataset, wanted: int, held_back: int) -> None:
    training, validation = split_images(few_digits, wanted, CPU)
    assert (len(training), len(validation)) == (300 - held_back, held_back)


def test_no_image(few_digits: Dataset) -> None:
    nothing = replace(few_digits, train=ImageSet(np.zeros((0, 1, 28, 28), np.uint8)))
    with pytest.raises(StudioError, match="no image to train on"):
        split_images(nothing, 10, CPU)


def test_memory_of_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    architecture = Architecture(find_recipe("vae"), MNIST)
    need = memory_needed(architecture, gpu=False).device
    monkeypatch.setattr(preparation, "memory_free", lambda _: need + 1)
    assert check_free_memory(architecture, CPU) == need
    monkeypatch.setattr(preparation, "memory_free", lambda _: need - 1)
    with pytest.raises(StudioError, match="are free"):
        check_free_memory(architecture, CPU)


def test_memory_beside_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    architecture, gpu = Architecture(find_recipe("vae"), MNIST), torch.device("cuda")
    monkeypatch.setattr(preparation, "memory_free", lambda _: 10**12)
    need = memory_needed(architecture, gpu=True)
    monkeypatch.setattr(preparation, "available_memory", lambda: need.host)
    assert check_free_memory(architecture, gpu) == need.device
    monkeypatch.setattr(preparation, "available_memory", lambda: need.host - 1)
    with pytest.raises(StudioError, match="beside the GPU's"):
        check_free_memory(architecture, gpu)


@settings(max_examples=60, deadline=None)
@given(
    labels=st.lists(st.integers(0, 4), min_size=2, max_size=80),
    folds=st.integers(2, 10),
    draw=st.integers(1, 1000),
)
def test_every_image_is_in_one_fold_and_classes_are_spread(labels: list[int], folds: int, draw: int) -> None:
    count, given_labels = len(labels), np.array(labels, np.int64)
    folds = min(folds, count)
    choices = [ImageChoice(folds=folds, fold=fold, fold_draw=draw) for fold in range(1, folds + 1)]
    parts = [fold_indices(given_labels, count, choice) for choice in choices]
    assert sorted(np.concatenate(parts).tolist()) == list(range(count))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    for label in set(labels):
        own = [int((given_labels[part] == label).sum()) for part in parts]
        assert max(own) - min(own) <= 1
    again = fold_indices(given_labels, count, choices[0])
    assert again.tolist() == parts[0].tolist()


def test_another_draw_cuts_other_folds(few_digits: Dataset) -> None:
    labels, count = few_digits.train.labels, len(few_digits.train)
    first, second = (fold_indices(labels, count, ImageChoice(folds=5, fold_draw=draw)) for draw in (1, 2))
    assert len(first) == len(second) == count // 5
    assert first.tolist() != second.tolist()


def test_a_fold_is_held_back_and_nothing_else(few_digits: Dataset) -> None:
    choice = ImageChoice(folds=4, fold=3)
    training, validation = split_images(few_digits, 12, CPU, choice)
    held = fold_indices(few_digits.train.labels, len(few_digits.train), choice)
    assert np.array_equal(validation.images.numpy(), few_digits.train.images[held])
    others = np.setdiff1d(np.arange(len(few_digits.train)), held)
    assert np.array_equal(training.images.numpy(), few_digits.train.images[others])
    out = held_out_images(few_digits, 12, choice)
    assert np.array_equal(out.images, few_digits.train.images[held])
    assert out.labels is not None
    assert np.array_equal(out.labels, few_digits.train.labels[held])  # type: ignore[index]


def test_without_folds_the_last_images_are_held_out(few_digits: Dataset) -> None:
    out = held_out_images(few_digits, 12, ImageChoice())
    assert np.array_equal(out.images, few_digits.train.images[-12:])
    assert len(held_out_images(few_digits, 0, ImageChoice())) == 0


@pytest.mark.parametrize(
    ("choice", "allowed"),
    [
        (ImageChoice(folds=1), "from 2 to the 300 images"),
        (ImageChoice(folds=3, fold=4), "from 1 to the 3 folds"),
    ],
)
def test_folds_that_cannot_be(few_digits: Dataset, choice: ImageChoice, allowed: str) -> None:
    with pytest.raises(BadChoice, match=allowed):
        split_images(few_digits, 12, CPU, choice)
    with pytest.raises(BadChoice, match="to the 60 images"):
        fold_indices(None, 60, ImageChoice(folds=61))
