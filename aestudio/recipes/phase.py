"""The phases of a training step: which loss changes which parameters, how often, and how. No torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OUT_OF_BOUNDS = 50.0
OPTIMISERS = ("adam", "adamw", "sgd", "rmsprop")
# Beginnings of other names among the counters of a checkpoint.
_RESERVED = ("sum", "count")


@dataclass(frozen=True)
class Phase:
    """One loss and the parameters that it changes; a step executes all phases that are due, in order.

    name:          in files and curves; title: for people
    parameters:    beginnings of the names of the model's parts ("encoder", "objective.critic"); () for all
    loss:          the name of the term that is minimised
    every:         executed in each step whose number is a multiple of this: 1 for all of them
    begins:        epochs after which it is due for the first time, to the nearest step: a prior of codes that
                   are learned before, for instance. In epochs, like the length of a training, because an
                   objective knows neither the images nor the batch size
    learning_rate: factor of the recipe's learning rate
    optimiser:     "" for the recipe's
    first_beta:    Adam's average of the gradients; 0.5 is usual for a GAN (Radford et al. 2016)
    exact:         whether the module computes the parameters itself from the images (`ObjectiveModule.fit`):
                   no gradient, no optimiser, no learning rate
    out_of_bounds: a loss this many times its first value is diverging; infinity for a loss without a scale,
                   such as that of a Wasserstein critic, of which only NaN and infinity are out of bounds
    """

    name: str = "training"
    title: str = "Training"
    parameters: tuple[str, ...] = ()
    loss: str = "loss"
    every: int = 1
    learning_rate: float = 1.0
    optimiser: str = ""
    first_beta: float = 0.9
    out_of_bounds: float = OUT_OF_BOUNDS
    begins: float = 0.0
    exact: bool = False

    def first_step(self, steps_per_epoch: int) -> int:
        """The number of the first step in which it is due, counted from 0."""
        begins = round(self.begins * steps_per_epoch)
        return math.ceil(begins / self.every) * self.every

    def due(self, step: int, steps_per_epoch: int) -> bool:
        """Whether the phase is executed in the step with this number, counted from 0."""
        return step % self.every == 0 and step >= self.first_step(steps_per_epoch)

    def changes(self, parameter: str) -> bool:
        """Whether it changes the parameter of this name."""
        return not self.parameters or any(
            parameter == part or parameter.startswith(f"{part}.") for part in self.parameters
        )


SINGLE = (Phase(),)
"""One loss for all parameters in every step."""


def period(phases: Iterable[Phase]) -> int:
    """Steps after which the same phases are due again, in the same order."""
    return math.lcm(*(phase.every for phase in phases))


def check_phases(phases: Sequence[Phase], terms: Sequence[str]) -> None:
    """Raises ValueError if the phases of an objective with these terms cannot be executed or told apart.

    Names begin the names of states and counters in checkpoints, and a loss is a curve: each is unique.
    """
    if not phases:
        raise ValueError("an objective has at least one phase")
    for what, values in (
        ("name", [phase.name for phase in phases]),
        ("loss", [phase.loss for phase in phases]),
    ):
        twice = [value for index, value in enumerate(values) if value in values[:index]]
        if twice:
            raise ValueError(f"two phases have the {what} {twice[0]}")
    for phase in phases:
        _check_phase(phase, terms)
    # Its loss is what early stopping waits for, and a training begins with a phase.
    if phases[0].begins:
        raise ValueError(f"the first phase, {phases[0].name}, does not begin with the first step")
    # The first term is what the large plot, the lists of runs and the command line show.
    if terms[0] != phases[0].loss:
        raise ValueError(f"the first term is {terms[0]}, not {phases[0].loss}, the loss of the first phase")


def _check_phase(phase: Phase, terms: Sequence[str]) -> None:
    if not phase.name or "/" in phase.name or phase.name in _RESERVED:
        raise ValueError(f"a phase cannot be called {phase.name!r}")
    if phase.every < 1:
        raise ValueError(f"the phase {phase.name} is executed every {phase.every} steps, not 1 or more")
    if not 0 <= phase.begins < math.inf:
        raise ValueError(f"the phase {phase.name} begins after {phase.begins:g} epochs")
    if not phase.out_of_bounds > 0:
        raise ValueError(f"losses of the phase {phase.name} are out of bounds from {phase.out_of_bounds} on")
    if phase.learning_rate <= 0:
        raise ValueError(f"the phase {phase.name} has a learning rate of {phase.learning_rate}")
    if phase.optimiser and phase.optimiser not in OPTIMISERS:
        raise ValueError(
            f"the phase {phase.name} names {phase.optimiser}, not one of {', '.join(OPTIMISERS)}"
        )
    if phase.loss not in terms:
        raise ValueError(f"the phase {phase.name} minimises {phase.loss}, not one of {', '.join(terms)}")
