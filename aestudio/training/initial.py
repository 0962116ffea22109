"""The weights that a recipe starts from, before any step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aestudio.models.model import build_model
from aestudio.training.events import Snapshot

if TYPE_CHECKING:
    from torch import nn

    from aestudio.recipes.recipe import Recipe


def weights_of(model: nn.Module) -> dict[str, np.ndarray]:
    """A copy of the model's weights: float32 arrays by name, not writeable."""
    weights = {}
    for name, tensor in model.state_dict().items():
        array = tensor.detach().cpu().numpy().astype(np.float32, copy=True)
        array.setflags(write=False)
        weights[name] = array
    return weights


def initial_snapshot(recipe: Recipe, run: str = "") -> Snapshot:
    """Step 0 of a run with this recipe: fixed by its seed."""
    return Snapshot(run, recipe, 0, 0.0, weights_of(build_model(recipe)))
