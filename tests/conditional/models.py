"""Untrained snapshots of the small conditional models, with weights that make every class visible."""

from __future__ import annotations

import numpy as np

from aestudio.datasets.dataset import Dataset, ImageSet
from aestudio.datasets.image_shape import MNIST, DataShape
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot
from aestudio.training.initial import weights_of
from aestudio.training.model import build_model
from tests.conditional.factor_autoencoder.config import FactorAutoencoder
from tests.conditional.label_vae.config import LabelVAE

FACTORS = ("slant", "width")


def _snapshot(objective: object, data: DataShape, run: str, latent_size: int = 6) -> Snapshot:
    recipe = find_recipe("hidden-256").with_settings({"latent_size": latent_size, "hidden": (32,)})
    recipe = recipe.model_copy(update={"objective": objective})
    weights = weights_of(build_model(Architecture(recipe, data), 1))
    loud = {
        name: np.asarray(5 * array if "decoder" in name else array, np.float32)
        for name, array in weights.items()
    }
    return Snapshot(run, recipe, 0, 0.0, loud, data=data)


def class_conditional(run: str = "conditional", data: DataShape = MNIST, latent_size: int = 6) -> Snapshot:
    """A model that is told the class; another class changes the image by many grey levels."""
    return _snapshot(LabelVAE(), data, run, latent_size)


def factor_conditional(run: str = "factors") -> Snapshot:
    """A model that is told two factors."""
    return _snapshot(FactorAutoencoder(), DataShape(MNIST.image, 10, len(FACTORS)), run)


def with_factors(dataset: Dataset) -> Dataset:
    """The data set with two random factors for each image, the second from -10 to 30."""

    def told(image_set: ImageSet, seed: int) -> ImageSet:
        random = np.random.default_rng(seed).uniform(0, 1, (len(image_set), 2))
        factors = (random * (1, 40) - (0, 10)).astype(np.float32)
        return ImageSet(image_set.images, image_set.labels, image_set.class_names, factors, FACTORS)

    return Dataset(dataset.name, dataset.title, told(dataset.train, 0), told(dataset.test, 1))


def without_labels(dataset: Dataset) -> Dataset:
    """The data set without its labels."""
    return Dataset(dataset.name, dataset.title, ImageSet(dataset.train.images), ImageSet(dataset.test.images))
