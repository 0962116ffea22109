"""The phases of a training step: which loss changes which parameters, how often, and how. No torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    """One loss and the parameters that it changes; a step executes all phases that are due, in order.

    name:          in files and curves; title: for people
    parameters:    beginnings of the names of the model's parts ("encoder", "objective.critic"); () for all
    loss:          the name of the term that is minimised
    every:         executed in each step whose number is a multiple of this: 1 for all of them
    learning_rate: factor of the recipe's learning rate
    optimiser:     "" for the recipe's
    first_beta:    Adam's average of the gradients; 0.5 is usual for a GAN (Radford et al. 2016)
    """

    name: str = "training"
    title: str = "Training"
    parameters: tuple[str, ...] = ()
    loss: str = "loss"
    every: int = 1
    learning_rate: float = 1.0
    optimiser: str = ""
    first_beta: float = 0.9

    def due(self, step: int) -> bool:
        """Whether the phase is executed in the step with this number, counted from 0."""
        return step % self.every == 0

    def changes(self, parameter: str) -> bool:
        """Whether it changes the parameter of this name."""
        return not self.parameters or any(
            parameter == part or parameter.startswith(f"{part}.") for part in self.parameters
        )


SINGLE = (Phase(),)
"""One loss for all parameters in every step."""
