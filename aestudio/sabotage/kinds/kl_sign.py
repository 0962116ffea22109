"""The KL is subtracted instead of added."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import no_weighted_kl
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture


class KlSign(Sabotage):
    """Loss = reconstruction - beta KL."""

    title: ClassVar[str] = "KL sign"
    summary: ClassVar[str] = "The KL is subtracted from the loss instead of added to it."
    symptom: ClassVar[str] = "The loss falls faster than ever, and samples from the prior become noise."
    diagnostic: ClassVar[str] = "kl"
    distractors: ClassVar[tuple[str, str, str]] = ("dimensions", "layers", "probe")
    explanation: ClassVar[str] = (
        "A falling loss says nothing if the loss is the wrong one. With the sign turned round, the further "
        "the posterior is from the prior the better, so the curve of the KL rises without end. In tutorials "
        "the minus before one half is what is forgotten."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_weighted_kl(architecture)

    def plan(self, live: dict[str, float], rate: float, since: int) -> float:  # noqa: ARG002
        live["beta"] = -live["beta"]
        return rate
