"""The training images that a recipe chooses, and the labels that it is told of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aestudio.errors import BadChoice, StudioError
from aestudio.printable import shortened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset, ImageSet
    from aestudio.recipes.image_choice import ImageChoice

HIDDEN = -1
"""The label of an image of which the model is not told the class."""
_SEED = 20
_MOST_NAMED = 40


def chosen_images(choice: ImageChoice, dataset: Dataset) -> ImageSet:
    """The training images of the data set that the recipe learns from, in their order.

    Raises BadChoice for a class that there is not, StudioError for a choice by classes without labels, and if
    no image is left.
    """
    train = dataset.train
    if not choice.active:
        return train
    if choice.needs_labels and train.labels is None:
        raise StudioError(
            "The recipe chooses by labels, and these images have none",
            where=dataset.title,
            advice="Choose images with labels, or set Classes and the like to their defaults.",
        )
    chosen = np.arange(len(train))
    if train.labels is not None:
        kept = np.isin(train.labels, class_numbers(choice.classes_used, train.class_names))
        chosen = drawn(choice, train.labels, np.flatnonzero(kept))
    chosen = chosen[: choice.first_images or None]
    if not len(chosen):
        raise StudioError("No image is left to train on", where=dataset.title, advice="Choose more classes.")
    return replace(
        train,
        images=train.images[chosen],
        labels=None if train.labels is None else train.labels[chosen],
        factors=None if train.factors is None else train.factors[chosen],
    )


def class_numbers(text: str, names: tuple[str, ...]) -> NDArray[np.int64]:
    """The numbers int64 (k,) of the classes of these names, with commas between; of all for an empty text."""
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in names]
    if unknown:
        known = ", ".join(shortened(name, 40) for name in names[:_MOST_NAMED])
        raise BadChoice("classes_used", unknown[0], known)
    return np.array([names.index(name) for name in wanted or names], np.int64)


def drawn(choice: ImageChoice, labels: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those int64 (m,) of the chosen images int64 (n,) that the draw leaves of each class, ascending.

    labels: int64 (N,), of all images
    """
    if choice.class_draw == "all" or not len(chosen):
        return chosen
    generator = np.random.default_rng(_SEED)
    classes, counts = np.unique(labels[chosen], return_counts=True)
    least = int(counts.min())
    shares = np.ones(len(classes))
    if choice.class_draw == "imbalanced":
        # n_k = n * ratio^(-k / (K - 1)), the long tail of Cui et al. (2019), with at least one image.
        least = int(counts.max())
        shares = choice.imbalance ** (-np.arange(len(classes)) / max(1, len(classes) - 1))
    pieces: list[NDArray[np.int64]] = []
    for number, share in zip(classes, shares, strict=True):
        own = chosen[labels[chosen] == number]
        most = max(1, round(least * float(share)))
        pieces.append(generator.permutation(own)[:most])
    return np.sort(np.concatenate(pieces))


def told_labels(choice: ImageChoice, labels: NDArray[np.int64], used: NDArray[np.int64]) -> NDArray[np.int64]:
    """The labels int64 (n,) that the model is told of labels int64 (n,): some of other classes, some HIDDEN.

    used: int64 (k,), the classes among which wrong ones are drawn; with a single class there is no wrong one
    """
    generator = np.random.default_rng(_SEED + 1)
    told = labels.copy()
    order = generator.permutation(len(labels))
    wrong = order[: round(choice.wrong_labels * len(labels))]
    if len(used) > 1:
        place = np.searchsorted(used, labels[wrong])
        step = generator.integers(1, len(used), len(wrong))
        told[wrong] = used[(place + step) % len(used)]
    hidden = generator.permutation(len(labels))[: round(choice.hidden_labels * len(labels))]
    told[hidden] = HIDDEN
    return told
