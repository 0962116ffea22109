"""What is checked before a training begins: images, memory, and which images are held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import part_of
from aestudio.datasets.split import digests_of
from aestudio.errors import StudioError
from aestudio.memory import available_memory, in_words
from aestudio.recipes.image_choice import ImageChoice
from aestudio.recipes.memory_estimate import check_memory, memory_needed
from aestudio.training.batches import ResidentImages, to_tensor
from aestudio.training.chosen_images import chosen_images, told_labels
from aestudio.training.device import memory_free

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.objective import Objective


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

    choice: of the recipe; what is held back keeps its labels
    """
    choice = choice or ImageChoice()
    train = chosen_images(choice, dataset)
    images = len(train)
    held_back = min(validation_images, images // 10)
    if images - held_back < 1:
        raise StudioError("There is no image to train on", where=dataset.title)
    if dataset.reading is not None and dataset.reading.validates_by_content and held_back:
        train = part_of(train, last_by_content(train.images, held_back))
    labels = train.labels
    resident = ResidentImages.of(train, device)
    training, validation = resident.split(held_back)
    if labels is not None and (choice.hidden_labels or choice.wrong_labels):
        told = told_labels(choice, labels[: len(training)], np.unique(labels))
        training = ResidentImages(training.images, to_tensor(told, device), training.factors)
    return training, validation


def last_by_content(images: NDArray[np.uint8], count: int) -> NDArray[np.int64]:
    """An order int64 (N,) in which `count` images with the least digests are last; the others keep theirs."""
    digests = digests_of(images)
    held = np.zeros(len(images), np.bool_)
    held[np.argsort(digests, kind="stable")[:count]] = True
    return np.concatenate([np.flatnonzero(~held), np.flatnonzero(held)])
