"""Images with known labels that a step gets besides its batch, where the labels of others are hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from aestudio.objectives.objective_module import Labelled

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.recipes.recipe import Recipe
    from aestudio.training.batches import Examples, ResidentImages


@dataclass(frozen=True)
class LabelledImages:
    """Draws them, each as likely; the seed and the number of the step fix which.

    known: the indices of all images whose labels the model is told, int64 (M,); count: drawn for each step
    """

    known: Tensor
    count: int
    seed: int

    @classmethod
    def of(cls, images: ResidentImages, recipe: Recipe) -> LabelledImages | None:
        """None if the objective asks for none, if no label is hidden, or if all are."""
        count = recipe.objective.labelled_images
        if not count or images.labels is None or not recipe.images.hidden_labels:
            return None
        known = (images.labels >= 0).nonzero()[:, 0]
        return cls(known, count, recipe.training.seed) if 0 < len(known) < len(images) else None

    def of_step(self, step: int) -> Tensor:
        """The indices of those of a step, int64 (count,); drawn on the CPU, the same on every device."""
        generator = torch.Generator().manual_seed((self.seed + 1) * 1_000_033 + step)
        drawn = torch.randint(len(self.known), (self.count,), generator=generator)
        return self.known[drawn.to(self.known.device)]


def divided(examples: Examples, labelled: int) -> tuple[Examples, Labelled | None]:
    """The examples of the batch, and the last ones, whose labels are known; None for none."""
    if not labelled or examples.labels is None:
        return examples, None
    own, further = slice(None, -labelled), slice(-labelled, None)
    factors = None if examples.factors is None else examples.factors[own]
    batch = examples._replace(images=examples.images[own], labels=examples.labels[own], factors=factors)
    return batch, Labelled(examples.images[further], examples.labels[further])
