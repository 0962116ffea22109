"""The images of the preview: drawn from the training set, changed as a training changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.augmentation_request import AugmentedImages
from aestudio.gui.state.subject import Subject
from aestudio.progress import silent
from aestudio.recipes.augmentation_settings import Augmentation
from aestudio.training.augmentation import augment

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset, ImageSet


def computed(settings: Augmentation, images: ImageSet, seed: int = 3, count: int = 8) -> np.ndarray:
    return AugmentedImages(settings, images, count, seed).compute(InferenceCache(), silent)


def test_the_images_are_training_images_as_augment_changes_them(few_digits: Dataset) -> None:
    settings = Augmentation(augment_rotation=20.0, augment_noise=0.2)
    found = computed(settings, few_digits.train)
    chosen = np.random.default_rng(3).choice(len(few_digits.train), 8, replace=False)
    images = torch.tensor(few_digits.train.images[chosen]).float() / 255
    expected = augment(images, settings, torch.Generator().manual_seed(3)).numpy() * 255
    assert found.dtype == np.uint8
    assert found.shape == (8, 1, 28, 28)
    assert np.abs(found - expected).max() <= 0.51


def test_a_seed_decides_images_and_changes(few_digits: Dataset) -> None:
    settings = Augmentation(augment_elastic=0.05)
    first, again, other = (computed(settings, few_digits.train, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_small_set_gives_fewer_images(few_digits: Dataset) -> None:
    from aestudio.datasets.dataset import part_of

    few = part_of(few_digits.train, slice(3))
    assert len(computed(Augmentation(augment_shift=0.1), few)) == 3


def test_the_subject_is_the_training_images_whatever_model_is_shown(few_digits: Dataset) -> None:
    request = AugmentedImages(Augmentation(), few_digits.train, 8, 0)
    assert request.subject == Subject((), None, (few_digits.train,), of_images=True)
    assert request == AugmentedImages(Augmentation(), few_digits.train, 8, 0)
    assert hash(request) is not None
