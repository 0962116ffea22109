"""Models of every recipe with random weights everywhere, also where a new model has zeros and ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from aestudio.training.events import Snapshot
from aestudio.training.initial import weights_of
from aestudio.training.model import build_model

if TYPE_CHECKING:
    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.recipe import Recipe

BUFFERS = ("mixture", "counts", "sums")  # their numbers belong together


def snapshot_like_trained(recipe: Recipe, data: DataShape = MNIST) -> Snapshot:
    """A snapshot of the recipe: biases, slopes and running statistics are no round numbers."""
    draws = np.random.default_rng(0)
    weights = dict(weights_of(build_model(Architecture(recipe, data))))
    for name, array in weights.items():
        if not any(word in name for word in BUFFERS):
            moved = array + 0.05 * draws.standard_normal(array.shape).astype(np.float32)
            weights[name] = np.abs(moved) if name.endswith("running_var") else moved.astype(np.float32)
    return Snapshot(recipe.name, recipe, 1200, 2.0, weights, data=data)
