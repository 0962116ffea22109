"""The learning rate is a hundred times as large."""

from __future__ import annotations

from typing import ClassVar

from aestudio.sabotage.sabotage import Sabotage

FACTOR = 100.0


class FastLearningRate(Sabotage):
    """Each step is a hundred times as long."""

    title: ClassVar[str] = "Learning rate × 100"
    summary: ClassVar[str] = "Each step of the optimiser is a hundred times as long."
    symptom: ClassVar[str] = "The loss leaps up, and comes down slowly or not at all."
    diagnostic: ClassVar[str] = "steps"
    distractors: ClassVar[tuple[str, str, str]] = ("gap", "layers", "probe")
    explanation: ClassVar[str] = (
        "Steps that are too long overshoot the valley: the loss jumps from one step to the next, for "
        "training and validation alike. Smoothed curves hide it, the raw one does not."
    )

    def plan(self, live: dict[str, float], rate: float, since: int) -> float:  # noqa: ARG002
        return FACTOR * rate
