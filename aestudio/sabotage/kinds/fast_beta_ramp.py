"""The weight of the KL grows far too fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from aestudio.sabotage.preconditions import no_weighted_kl
from aestudio.sabotage.sabotage import Sabotage

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture

STEPS = 200
ADDED = 50.0


class FastBetaRamp(Sabotage):
    """beta grows by 50 within 200 steps."""

    title: ClassVar[str] = "β ramp too fast"
    summary: ClassVar[str] = "Within 200 steps, β grows by 50."
    symptom: ClassVar[str] = "Reconstructions fade to a blurred average digit."
    diagnostic: ClassVar[str] = "dimensions"
    distractors: ClassVar[tuple[str, str, str]] = ("gap", "accuracy", "steps")
    explanation: ClassVar[str] = (
        "Before the decoder has learned to use the code, the KL has become so dear that saying nothing is "
        "cheapest: the posterior collapses to the prior, dimension by dimension. A slow warm-up, or free "
        "bits, gives the code the time to become useful first."
    )

    def refuses(self, architecture: Architecture) -> str:
        return no_weighted_kl(architecture)

    def plan(self, live: dict[str, float], rate: float, since: int) -> float:
        live["beta"] += ADDED * min(1.0, (since + 1) / STEPS)
        return rate
