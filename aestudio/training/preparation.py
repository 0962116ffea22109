"""What is checked before a training begins: images, memory, and which images are held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.datasets.split import digests_of
from aestudio.errors import BadChoice, StudioError
from aestudio.memory import available_memory, in_words
from aestudio.recipes.image_choice import ImageChoice
from aestudio.recipes.memory_estimate import check_memory, memory_needed
from aestudio.training.batches import ResidentImages, to_tensor
from aestudio.training.chosen_images import chosen_images, told_labels
from aestudio.training.device import memory_free

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.objective import Objective

_FOLD_SEED = 5


def check_images(objective: Objective, dataset: Dataset, shape: DataShape) -> None:
    """Raises StudioError if the images lack what the objective needs, or are not those of a kept run.

    shape: what the model is built for
    """
    if dataset.shape.image != shape.image:
        raise StudioError(
            f"These images are {dataset.shape.image}, and the run was trained on {shape.image}",
            where=dataset.title,
            advice="Choose the run's own data set, or start a new run.",
        )
    lacking = objective.lacking(dataset.shape)
    if lacking:
        raise StudioError(
            f"This recipe needs {lacking}, and these images have none",
            where=dataset.title,
            advice=f"Choose a data set with {lacking}, or another recipe.",
        )
    labels = dataset.train.labels
    if objective.needs_labels and labels is not None and len(labels) and int(labels.max()) >= shape.classes:
        raise StudioError(
            f"The model knows {shape.classes} classes, and these images have {int(labels.max()) + 1}",
            where=dataset.title,
            advice="Choose the run's own data set, or start a new run.",
        )


def check_free_memory(architecture: Architecture, device: torch.device) -> int:
    """Bytes that a training needs on its device. Raises StudioError if fewer are free."""
    gpu = device.type == "cuda"
    check_memory([architecture], memory_free(device), gpu=gpu)
    need = memory_needed(architecture, gpu=gpu)
    free = available_memory()
    if gpu and 0 < free < need.host:
        raise StudioError(
            f"This model needs about {in_words(need.host)} of memory beside the GPU's, "
            f"and {in_words(free)} are free",
            where=architecture.recipe.title,
            advice="Choose fewer or smaller layers, or close other programs.",
        )
    return need.device


def split_images(
    dataset: Dataset, validation_images: int, device: torch.device, choice: ImageChoice | None = None
) -> tuple[ResidentImages, ResidentImages]:
    """Images to train on, and at most a tenth held back for validation; raises StudioError for none.

    Those held back are the last, as in MNIST, whose images are mixed. A user's own are often sorted by class,
    so that the digests of their pixels say which.

    choice: of the recipe; what is held back keeps its labels. With folds, the chosen one is held back.
    """
    choice = choice or ImageChoice()
    train, held_back = ordered_images(dataset, validation_images, choice)
    labels = train.labels
    resident = ResidentImages.of(train, device)
    training, validation = resident.split(held_back)
    if labels is not None and (choice.hidden_labels or choice.wrong_labels):
        told = told_labels(choice, labels[: len(training)], np.unique(labels))
        training = ResidentImages(training.images, to_tensor(told, device), training.factors)
    return training, validation


def ordered_images(dataset: Dataset, validation_images: int, choice: ImageChoice) -> tuple[ImageSet, int]:
    """The chosen training images in an order in which those held back are last, and how many these are.

    Raises as `split_images` does.
    """
    train = chosen_images(choice, dataset)
    if choice.folds:
        held = np.isin(np.arange(len(train)), fold_indices(train.labels, len(train), choice))
        order = np.concatenate([np.flatnonzero(~held), np.flatnonzero(held)])
        return part_of(train, order), int(held.sum())
    held_back = min(validation_images, len(train) // 10)
    if len(train) - held_back < 1:
        raise StudioError("There is no image to train on", where=dataset.title)
    if dataset.reading is not None and dataset.reading.validates_by_content and held_back:
        train = part_of(train, last_by_content(train.images, held_back))
    return train, held_back


def held_out_images(dataset: Dataset, validation_images: int, choice: ImageChoice) -> ImageSet:
    """The training images that a run of this choice does not learn from; raises as `split_images` does."""
    train, held_back = ordered_images(dataset, validation_images, choice)
    return part_of(train, slice(len(train) - held_back, None))


def fold_indices(labels: NDArray[np.int64] | None, count: int, choice: ImageChoice) -> NDArray[np.int64]:
    """The indices int64 (n,) of the images of the fold that is held back, ascending.

    labels: int64 (count,), or None

    Stratified: of each class, in a drawn order, the images go to the folds in turn, and the next class goes
    on where the one before ended. So the sizes of two folds, and of a class in two folds, differ by one at
    most. It is drawn by numpy alone and not by scikit-learn's StratifiedKFold: a run that is resumed with
    another version of that must not find other images held back.

    Raises BadChoice for folds that cannot be.
    """
    if choice.folds < 2 or choice.folds > count:
        raise BadChoice("folds", choice.folds, f"0, or a whole number from 2 to the {count:,} images")
    if choice.fold > choice.folds:
        raise BadChoice("fold", choice.fold, f"a whole number from 1 to the {choice.folds} folds")
    generator = np.random.default_rng([_FOLD_SEED, choice.fold_draw])
    groups = (
        [np.arange(count)] if labels is None else [np.flatnonzero(labels == k) for k in np.unique(labels)]
    )
    order = np.concatenate([generator.permutation(group) for group in groups])
    return np.sort(order[choice.fold - 1 :: choice.folds]).astype(np.int64)


def last_by_content(images: NDArray[np.uint8], count: int) -> NDArray[np.int64]:
    """An order int64 (N,) in which `count` images with the least digests are last; the others keep theirs."""
    digests = digests_of(images)
    held = np.zeros(len(images), np.bool_)
    held[np.argsort(digests, kind="stable")[:count]] = True
    return np.concatenate([np.flatnonzero(~held), np.flatnonzero(held)])
