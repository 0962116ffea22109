"""What a kind of sabotage is: one mistake that is put over a recipe while it is trained.

The recipe stays as it is. The mistake acts from one step on, in the training steps only: validations and
everything that is shown are computed with the right formulas. All of it follows from the name and the step,
which checkpoints and the run's record keep, so that a resumed run goes on with the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor, nn

    from aestudio.objectives.objective_module import NetworkFunctions
    from aestudio.recipes.architecture import Architecture

_COUNTER = "sabotage/"


@dataclass(frozen=True)
class AppliedSabotage:
    """A sabotage of a run. step: how many steps were done before it began"""

    name: str
    step: int

    def counters(self) -> dict[str, float]:
        """What a checkpoint keeps of it."""
        return {f"{_COUNTER}{self.name}": self.step}


def sabotage_of_counters(counters: Mapping[str, float]) -> AppliedSabotage | None:
    """The sabotage that a checkpoint with these counters is under; None for none."""
    for name, step in counters.items():
        if name.startswith(_COUNTER):
            return AppliedSabotage(name.removeprefix(_COUNTER), int(step))
    return None


class Sabotage:
    """One kind. Its name is that of its file; a subclass overrides what it does.

    title:       a few words; summary: what is done, one sentence
    symptom:     what is seen then, one sentence
    diagnostic:  the name of the diagnostic that catches it (`diagnostics.py`)
    distractors: three that do not
    explanation: why the diagnostic shows it, and where the mistake is met
    """

    title: ClassVar[str]
    summary: ClassVar[str]
    symptom: ClassVar[str]
    diagnostic: ClassVar[str]
    distractors: ClassVar[tuple[str, str, str]]
    explanation: ClassVar[str]

    @property
    def name(self) -> str:
        """That of its file."""
        return type(self).__module__.rpartition(".")[2]

    def applies_to(self, architecture: Architecture) -> str:
        """Why it cannot be done to this model, a sentence; "" if it can."""
        if architecture.recipe.objective.exact:
            return "This recipe computes its weights at once, without gradients"
        return self.refuses(architecture)

    def refuses(self, architecture: Architecture) -> str:  # noqa: ARG002 - for kinds that need something
        """The same, of a model that is trained by gradients."""
        return ""

    def plan(self, live: dict[str, float], rate: float, since: int) -> float:  # noqa: ARG002 - see subclasses
        """Change the live values of a step in place; returns its learning rate.

        since: steps done since the sabotage began
        """
        return rate

    def images(self, images: Tensor, labels: Tensor | None, noise: torch.Generator) -> Tensor:  # noqa: ARG002
        """The images (B, C, H, W) of a training step instead of these in [0, 1]. labels: (B,) int64 or None.

        noise: the run's generator, from which everything random comes
        """
        return images

    def network(self, functions: NetworkFunctions) -> NetworkFunctions:
        """Encoder and decoder as the loss of a training step gets them."""
        return functions

    def change_weights(self, encoder: nn.Module, decoder: nn.Module | None) -> None:
        """Change weights in place, without gradients, after each step.

        It may be recorded as a CUDA graph, and what it has done it must leave as it is.
        """
