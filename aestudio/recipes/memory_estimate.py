"""How much memory the training of a recipe takes, computed from its declaration before anything is built.

The constants were measured on the CPU (docs/reliability.md): within a third of the peak of a
training for fully connected, convolutional and recurrent networks, large models and large batches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.memory import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aestudio.recipes.architecture import Architecture

_NUMBER = 4  # bytes of a float32
# Complete states in memory at once: the last good ones, the one being written, weights of snapshots.
_STATES = 6
# Bytes for each number of a batch while its images are changed at random, before anything else of the step.
_BENT, _CHANGED = 240, 50
# Copies of what an exact phase has summed up that are at work while it computes the parameters.
_FIT = 4
_LIBRARY = 300_000_000  # torch and its buffers
_OPTIMISER_STATES = {"adam": 2, "adamw": 2, "rmsprop": 1, "sgd": 1}


@dataclass(frozen=True)
class MemoryNeed:
    """Bytes that a training takes. device: where the steps are computed; host: beside a GPU."""

    device: int
    host: int


def memory_needed(architecture: Architecture, *, gpu: bool = False) -> MemoryNeed:
    """Bytes that the training takes at its peak.

    gpu: whether the steps are computed on a device with its own memory; states stay on the host
    """
    training = architecture.recipe.training
    weights = architecture.parameter_count * _NUMBER
    state = weights * (1 + _optimiser_states(architecture))
    summed = architecture.recipe.objective.fit_bytes(architecture.data)
    kept = _STATES * (state + (weights if training.patience else 0)) + (_STATES + _FIT) * summed
    # Weights, gradients, the optimiser's numbers, and the activations of a batch, or what augments it before.
    each = max(architecture.training_bytes, _augmentation(architecture))
    steps = state + weights + each * training.batch_size
    steps += architecture.recipe.objective.batch_bytes(training.batch_size, architecture.latent.size)
    if gpu:
        return MemoryNeed(steps + 2 * state + _LIBRARY, kept + _LIBRARY)
    return MemoryNeed(steps + kept + _LIBRARY, 0)


def _optimiser_states(architecture: Architecture) -> int:
    """Numbers that optimisers keep for each weight, at most: each phase has its own for what it changes."""
    training, phases = architecture.recipe.training, architecture.recipe.objective.phases()
    rules = {phase.optimiser or training.optimiser for phase in phases if not phase.exact}
    states = [0 if rule == "sgd" and not training.momentum else _OPTIMISER_STATES[rule] for rule in rules]
    most = max(states, default=0)
    # Phases that name what they change rarely share it; one that names nothing changes everything.
    return most * max(1, sum(not phase.parameters for phase in phases))


def _augmentation(architecture: Architecture) -> int:
    """Bytes for each image of a batch while it is augmented."""
    augmentation = architecture.recipe.augmentation
    if not augmentation.active:
        return 0
    return architecture.data.image.size * (_BENT if augmentation.augment_elastic else _CHANGED)


def check_memory(
    architectures: Iterable[Architecture], free: int, *, gpu: bool = False, where: str = ""
) -> None:
    """Raises StudioError if models, trained at once, need more than is free on their device.

    free: bytes, 0 if unknown
    """
    chosen = list(architectures)
    need = sum(memory_needed(architecture, gpu=gpu).device for architecture in chosen)
    if 0 < free < need:
        what = "This model needs" if len(chosen) == 1 else f"These {len(chosen)} models need"
        device = "on the GPU" if gpu else "on this machine"
        raise StudioError(
            f"{what} about {in_words(need)} of memory to be trained, and {in_words(free)} are free {device}",
            where=where or ", ".join(dict.fromkeys(architecture.recipe.title for architecture in chosen)),
            advice="Choose fewer or smaller layers or a smaller batch, or close other programs.",
        )
