"""What the training loop works on, and what each of its steps is told."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import torch

from aestudio.layers.dropout import lend_generator
from aestudio.recipes.part import building
from aestudio.training.augmentation import prepare_augmentation
from aestudio.training.model import Model, build_model
from aestudio.training.optimisers import Optimiser, build_optimisers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from aestudio.recipes.architecture import Architecture
    from aestudio.sabotage.sabotage import Sabotage
    from aestudio.training.batches import ResidentImages


class PlannedStep(NamedTuple):
    """A coming step. Rate and live settings are scalar tensors on the device in a recorded step.

    number:  counted from 0
    rate:    the learning rate, by the schedule; live: the values of all live settings
    phases:  the numbers of the phases that are due, in order
    indices: of its images, int64 (B,), and of the further ones with labels that the objective asks for
    labelled: how many these are, the last ones
    last:    whether it is the last of its epoch
    """

    number: int
    rate: float | Tensor
    live: Mapping[str, float | Tensor]
    phases: tuple[int, ...]
    indices: Tensor
    last: bool = False
    labelled: int = 0


@dataclass
class Learner:
    """A model, the optimiser of each of its phases, the images, and a random generator, on one device.

    global_draws: what torch's global generators are in a step; nothing unless the model draws from them
    sabotage: what is done wrong on purpose in its steps; None for nothing
    """

    model: Model
    optimisers: tuple[Optimiser, ...]
    images: ResidentImages
    noise: torch.Generator
    global_draws: AbstractContextManager[None] = field(default_factory=nullcontext)
    sabotage: Sabotage | None = None

    @classmethod
    def build(cls, architecture: Architecture, images: ResidentImages, noise_seed: int) -> Learner:
        """With initial weights. Raises StudioError if a user's objective or torchvision cannot be used."""
        recipe, device = architecture.recipe, images.images.device
        model = build_model(architecture).to(device)
        noise = torch.Generator(device).manual_seed(noise_seed)
        lend_generator(model, noise)
        with building(recipe.objective):
            optimisers = build_optimisers(model, model.phases, recipe.training)
        prepare_augmentation(recipe.augmentation)
        return cls(model, optimisers, images, noise)
