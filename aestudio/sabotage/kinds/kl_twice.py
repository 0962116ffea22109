"""The KL is added twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import no_negative_elbo
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture


class KlTwice(Sabotage):
    """Loss = reconstruction + 2 beta KL."""

    title: ClassVar[str] = "KL counted twice"
    summary: ClassVar[str] = "The KL is added to the loss a second time."
    symptom: ClassVar[str] = "Reconstructions are blurred a little, and everything looks healthy."
    diagnostic: ClassVar[str] = "elbo"
    distractors: ClassVar[tuple[str, str, str]] = ("steps", "layers", "probe")
    explanation: ClassVar[str] = (
        "It is a training with twice the β, which no picture gives away. With β = 1 loss and negative ELBO "
        "are the same number; from here on the training loss lies above, by exactly the KL. It happens "
        "where a layer adds the KL to the loss by itself, and the loss function adds it again."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_negative_elbo(architecture)

    def plan(self, live: dict[str, float], rate: float, since: int) -> float:  # noqa: ARG002
        live["beta"] = 2 * live["beta"]
        return rate
