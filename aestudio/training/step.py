"""One step of gradient descent as tensors: the phases that are due, each with its loss, gradients, clipping
and optimiser. No clock, no counting."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import torch

from aestudio.objectives.objective_module import Batch
from aestudio.recipes.part import building
from aestudio.training.augmentation import augment, prepare_augmentation
from aestudio.training.optimisers import build_optimisers, clip, gradients_of
from aestudio.training.phase_terms import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from aestudio.training.batches import Examples
    from aestudio.training.model import Model


class Step:
    """Updates the model's weights in place.

    It may be captured in a CUDA graph, so nothing here waits for the device.

    noise:        the run's random generator
    global_draws: what torch's global generators are in a step; nothing unless the model draws from them
    """

    def __init__(self, model: Model, noise: torch.Generator) -> None:
        self.model = model
        self.noise = noise
        self.phases = model.phases
        self.settings = model.recipe.training
        self.augmentation = model.recipe.augmentation
        self.global_draws: AbstractContextManager[None] = nullcontext()
        with building(model.recipe.objective):
            self.optimisers = build_optimisers(model, self.phases, self.settings)
        prepare_augmentation(self.augmentation)  # a torchvision that cannot be used is known before the start

    def __call__(
        self,
        examples: Examples,
        rate: float | Tensor,
        live: Mapping[str, float | Tensor],
        phases: Sequence[int] = (0,),
    ) -> dict[str, Tensor]:
        """Examples of B images -> loss terms of this batch, before each phase's update: scalars.

        rate:   learning rate; phases: the numbers of the phases that are due, in order
        """
        images = augment(examples.images, self.augmentation, self.noise)
        batch = Batch(images, examples.labels, self.noise, live, self.model.condition_of(examples))
        with self.global_draws:
            terms = joined(
                {self.phases[number].name: self.execute_phase(number, batch, rate) for number in phases}
            )
            with torch.no_grad():
                self.model.objective.after_step()
        return terms

    def execute_phase(self, number: int, batch: Batch, rate: float | Tensor) -> dict[str, Tensor]:
        """One phase of the step, by its number, on a batch of images (B, C, H, W); returns its terms."""
        phase, optimiser = self.phases[number], self.optimisers[number]
        terms = self.model.phase_terms(phase.name, batch)
        alone = len(self.phases) == 1 and not phase.parameters
        gradients = gradients_of(terms[phase.loss], optimiser.parameters, alone)
        if self.settings.gradient_clip > 0:
            clip(gradients, self.settings.gradient_clip)
        optimiser.step(gradients, rate if phase.learning_rate == 1.0 else rate * phase.learning_rate)
        return {name: value.detach() for name, value in terms.items()}
