"""The weights that a recipe starts from, before any step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from aestudio.memory import available_memory
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.memory_estimate import check_memory
from aestudio.training.events import Snapshot
from aestudio.training.model import build_model

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor, nn

    from aestudio.datasets.image_shape import DataShape
    from aestudio.recipes.recipe import Recipe


def weights_of(model: nn.Module) -> dict[str, np.ndarray]:
    """A copy of the model's weights: float32 arrays by name, each in its own shape, not writeable."""
    return weights_of_flat(model, flat_weights(model).cpu())


def flat_weights(model: nn.Module) -> Tensor:
    """A copy of the P weights as one float32 tensor (P,) on their device: one transfer instead of many."""
    return torch.cat([tensor.detach().float().flatten() for tensor in model.state_dict().values()])


def weights_of_flat(model: nn.Module, flat: Tensor) -> dict[str, np.ndarray]:
    """The parts of `flat_weights` (P,) on the CPU, by name, each in its own shape.

    They share the tensor's memory and are not writeable.
    """
    array = flat.numpy()
    array.setflags(write=False)
    weights: dict[str, np.ndarray] = {}
    start = 0
    for name, tensor in model.state_dict().items():
        weights[name] = array[start : start + tensor.numel()].reshape(tensor.shape)
        start += tensor.numel()
    return weights


def initial_snapshot(recipe: Recipe, data: DataShape, run: str = "") -> Snapshot:
    """Step 0 of a run with this recipe on such data: fixed by its seed.

    Raises StudioError if the model is too large to be trained on this machine.
    """
    architecture = Architecture(recipe, data)
    check_memory([architecture], available_memory())
    return Snapshot(run, recipe, 0, 0.0, weights_of(build_model(architecture)), data=data)
