"""The images that a run learns from are those that its settings say, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import aestudio
from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.reading import Reading
from aestudio.errors import BadChoice, StudioError
from aestudio.objectives.labelled_terms import labelled_terms
from aestudio.recipes.image_choice import ImageChoice
from aestudio.training.chosen_images import HIDDEN, chosen_images, told_labels
from aestudio.training.preparation import split_images

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES = ("zero", "one", "two", "three")
COUNTS = (100, 50, 40, 20)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def data() -> Dataset:
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(4), COUNTS))
    images = np.zeros((len(labels), 1, 28, 28), np.uint8)
    images[:, 0, 5, 5] = np.arange(len(labels))
    part = ImageSet(images, labels, NAMES)
    return Dataset("mine", "Mine", part, part)


def numbers(chosen: ImageSet) -> NDArray[np.int64]:
    """Which images were chosen: each has its number in a pixel."""
    return chosen.images[:, 0, 5, 5].astype(np.int64)


def counts(chosen: ImageSet) -> list[int]:
    assert chosen.labels is not None
    return np.bincount(chosen.labels, minlength=4).tolist()


def test_nothing_set_is_all_of_them(data: Dataset) -> None:
    assert chosen_images(ImageChoice(), data) is data.train


def test_classes(data: Dataset) -> None:
    chosen = chosen_images(ImageChoice(classes_used="two, zero"), data)
    expected = np.flatnonzero(np.isin(data.train.labels, (0, 2)))  # type: ignore[arg-type]
    assert numbers(chosen).tolist() == expected.tolist()
    assert chosen.class_names == NAMES


def test_a_balanced_draw_has_as_many_as_the_smallest(data: Dataset) -> None:
    assert counts(chosen_images(ImageChoice(class_draw="balanced"), data)) == [20, 20, 20, 20]
    fewer = ImageChoice(class_draw="balanced", classes_used="zero,one,two")
    assert counts(chosen_images(fewer, data)) == [40, 40, 40, 0]


def test_an_imbalanced_draw_falls_by_the_same_factor(data: Dataset) -> None:
    chosen = chosen_images(ImageChoice(class_draw="imbalanced", imbalance=125.0), data)
    assert counts(chosen) == [100, 20, 4, 1]


def test_the_first_images_in_their_order(data: Dataset) -> None:
    assert numbers(chosen_images(ImageChoice(first_images=30), data)).tolist() == list(range(30))


def test_the_choice_does_not_depend_on_the_seed_and_is_in_order(data: Dataset) -> None:
    one, two = (numbers(chosen_images(ImageChoice(class_draw="balanced"), data)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert (np.diff(one) > 0).all()


def test_hidden_and_wrong_labels_are_of_their_shares() -> None:
    labels = np.repeat(np.arange(5), 200)
    told = told_labels(ImageChoice(hidden_labels=0.25), labels, np.arange(5))
    assert (told == HIDDEN).sum() == 250
    np.testing.assert_array_equal(told[told != HIDDEN], labels[told != HIDDEN])
    wrong = told_labels(ImageChoice(wrong_labels=0.4), labels, np.arange(5))
    changed = wrong != labels
    assert changed.sum() == 400
    moves = (wrong - labels)[changed] % 5
    assert np.bincount(moves, minlength=5)[1:].min() > 70  # 100 of each are expected


def test_wrong_labels_stay_among_the_classes_that_are_used() -> None:
    told = told_labels(ImageChoice(wrong_labels=1.0), np.array([3, 7, 3, 7]), np.array([3, 7]))
    assert told.tolist() == [7, 3, 7, 3]


def test_validation_images_keep_their_labels(data: Dataset) -> None:
    choice = ImageChoice(hidden_labels=1.0)
    training, validation = split_images(data, 20, CPU, choice)
    assert training.labels is not None
    assert validation.labels is not None
    assert (training.labels == HIDDEN).all()
    assert validation.labels.tolist() == data.train.labels[-20:].tolist()  # type: ignore[index]


def test_what_is_held_back_of_sorted_images_is_of_all_classes(data: Dataset) -> None:
    """A folder's images are sorted by class: the last ones would be of one class only."""
    order = np.argsort(data.train.labels, kind="stable")  # type: ignore[arg-type]
    train = ImageSet(data.train.images[order], data.train.labels[order], NAMES)  # type: ignore[index]
    own = replace(data, train=train, reading=Reading())
    training, validation = split_images(own, 21, CPU)
    assert validation.labels is not None
    assert set(validation.labels.tolist()) == {0, 1, 2, 3}
    assert sorted([*training.images[:, 0, 5, 5].tolist(), *validation.images[:, 0, 5, 5].tolist()]) == list(
        range(210)
    )
    for rules in (1, 2):
        earlier = replace(own, reading=Reading(rules=rules))
        np.testing.assert_array_equal(split_images(earlier, 21, CPU)[1].images.numpy(), train.images[-21:])


def test_a_class_that_there_is_not(data: Dataset) -> None:
    with pytest.raises(BadChoice, match="zero, one, two, three"):
        chosen_images(ImageChoice(classes_used="nine"), data)


def test_images_without_labels(data: Dataset) -> None:
    bare = replace(data, train=ImageSet(data.train.images), test=ImageSet(data.test.images))
    assert len(chosen_images(ImageChoice(first_images=5), bare)) == 5
    with pytest.raises(StudioError, match="these images have none"):
        chosen_images(ImageChoice(class_draw="balanced"), bare)


def test_hidden_labels_count_for_neither_loss_nor_accuracy() -> None:
    logits, labels = torch.randn(6, 4, generator=torch.Generator().manual_seed(1)), torch.arange(6) % 4
    loss, accuracy = labelled_terms(logits, labels, some_hidden=False)
    same, equal = labelled_terms(logits, labels, some_hidden=True)
    torch.testing.assert_close((same, equal), (loss, accuracy))
    hidden = torch.where(torch.arange(6) < 2, -1, labels)
    expected = labelled_terms(logits[2:], labels[2:], some_hidden=False)
    torch.testing.assert_close(labelled_terms(logits, hidden, some_hidden=True), expected)
    nothing = labelled_terms(logits, torch.full((6,), -1), some_hidden=True)
    assert [float(value) for value in nothing] == [0.0, 0.0]


def test_a_run_keeps_its_choice(few_digits: Dataset) -> None:
    settings: dict[str, Any] = {"hidden": (8,), "latent_size": 2, "epochs": 1, "device": "cpu"}
    run = aestudio.train("supervised-ae", few_digits, classes_used="3, 5", hidden_labels=0.5, **settings)
    again = aestudio.open_run(run.name)
    assert again.kept.recipe.images == ImageChoice(classes_used="3, 5", hidden_labels=0.5)
    chosen = np.isin(few_digits.train.labels, (3, 5)).sum()  # type: ignore[arg-type]
    record = again.kept.require_record()
    assert record.training_images == chosen - chosen // 10
