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

    from aestudio.recipes.layer import LayerKind
    from aestudio.recipes.recipe import Recipe

_NUMBER = 4  # bytes of a float32
# Complete states in memory at once: the last good ones, the one being written, weights of snapshots.
_STATES = 6
# Bytes for each number of a layer and image of a batch: itself, what the gradient needs, the gradient.
_EACH = 10
_EACH_OF_KIND: dict[LayerKind, int] = {"recurrent": 44}  # the gates of every row are kept
# Bytes for each number of a batch while its images are changed at random, before anything else of the step.
_BENT, _CHANGED = 240, 50
_LIBRARY = 300_000_000  # torch and its buffers
_OPTIMISER_STATES = {"adam": 2, "adamw": 2, "rmsprop": 1, "sgd": 1}


@dataclass(frozen=True)
class MemoryNeed:
    """Bytes that a training takes. device: where the steps are computed; host: beside a GPU."""

    device: int
    host: int


def memory_needed(recipe: Recipe, *, gpu: bool = False) -> MemoryNeed:
    """Bytes that the training of the recipe takes at its peak.

    gpu: whether the steps are computed on a device with its own memory; states stay on the host
    """
    training = recipe.training
    optimiser_states = (
        _OPTIMISER_STATES[training.optimiser] if training.optimiser != "sgd" or training.momentum else 0
    )
    weights = recipe.parameter_count * _NUMBER
    state = weights * (1 + optimiser_states)
    kept = _STATES * (state + (weights if training.patience else 0))
    each = sum(_EACH_OF_KIND.get(layer.kind, _EACH) * layer.size for layer in recipe.layers())
    # Weights, gradients, the optimiser's numbers, and the activations of a batch, or what augments it before.
    steps = state + weights + max(each, _augmentation(recipe)) * training.batch_size
    if gpu:
        return MemoryNeed(steps + 2 * state + _LIBRARY, kept + _LIBRARY)
    return MemoryNeed(steps + kept + _LIBRARY, 0)


def _augmentation(recipe: Recipe) -> int:
    """Bytes for each image of a batch while it is augmented."""
    augmentation = recipe.augmentation
    if not augmentation.active:
        return 0
    numbers = recipe.layers()[0].size
    return numbers * (_BENT if augmentation.augment_elastic else _CHANGED)


def check_memory(recipes: Iterable[Recipe], free: int, *, gpu: bool = False, where: str = "") -> None:
    """Raises StudioError if recipes, trained at once, need more than is free on their device.

    free: bytes, 0 if unknown
    """
    chosen = list(recipes)
    need = sum(memory_needed(recipe, gpu=gpu).device for recipe in chosen)
    if 0 < free < need:
        what = "This model needs" if len(chosen) == 1 else f"These {len(chosen)} models need"
        device = "on the GPU" if gpu else "on this machine"
        raise StudioError(
            f"{what} about {in_words(need)} of memory to be trained, and {in_words(free)} are free {device}",
            where=where or ", ".join(dict.fromkeys(recipe.title for recipe in chosen)),
            advice="Choose fewer or smaller layers or a smaller batch, or close other programs.",
        )
