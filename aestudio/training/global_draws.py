"""Modules of others that draw from torch's global generators, such as `nn.Dropout`.

All threads of the process share those generators, and no checkpoint keeps them: a run with such a module
could not be resumed bit for bit. Whether a step draws from them is tried once, before the training; if it
does, each step begins with a seed for them, drawn from the run's own generator. Shipped models never do.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, cast

import torch

from aestudio.recipes.part import is_shipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from torch import Tensor

    from aestudio.recipes.recipe import Recipe

_LARGEST_SEED = 2**62


class GlobalSeed(AbstractContextManager[None]):
    """Within `with`: torch's global generators start from a seed; afterwards they are as they were before."""

    def __init__(self, device: torch.device, seed: Callable[[], int]) -> None:
        self._device = device
        self._seed = seed
        self._kept: list[tuple[torch.Generator, Tensor]] = []

    def __enter__(self) -> None:
        seed = self._seed()
        self._kept = _states(self._device)
        for generator, _ in self._kept:
            generator.manual_seed(seed)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for generator, state in self._kept:
            generator.set_state(state)


def seeded_by(generator: torch.Generator) -> GlobalSeed:
    """A seed from this generator each time: a checkpoint that keeps its state keeps all."""

    def draw() -> int:
        return int(torch.randint(_LARGEST_SEED, (), generator=generator, device=generator.device))

    return GlobalSeed(generator.device, draw)


def same_global_draws(recipe: Recipe, device: torch.device, seed: int) -> AbstractContextManager[None]:
    """Within `with`: what a user's own model draws from the global generators is the same each time."""
    return nullcontext() if _shipped(recipe) else GlobalSeed(device, lambda: seed)


def draws_globally(recipe: Recipe, device: torch.device, trial: Callable[[], Callable[[], None]]) -> bool:
    """Whether a step of the model, which `trial` gives to be tried, draws from a global generator."""
    if _shipped(recipe):
        return False
    step = trial()
    kept = _states(device)
    step()
    drawn = any(not torch.equal(generator.get_state(), state) for generator, state in kept)
    for generator, state in kept:
        generator.set_state(state)
    return drawn


def _shipped(recipe: Recipe) -> bool:
    return is_shipped(type(recipe.network)) and is_shipped(type(recipe.objective))


def _states(device: torch.device) -> list[tuple[torch.Generator, Tensor]]:
    """The global generators from which a step on this device may draw, and their states."""
    generators = [torch.default_generator]
    if device.type == "cuda":
        index = cast("int | None", device.index)  # of plain "cuda" it is None
        index = torch.cuda.current_device() if index is None else index
        generators.append(torch.cuda.default_generators[index])
    elif device.type == "mps":
        generators.append(cast("Any", torch.mps)._get_default_mps_generator())
    return [(generator, generator.get_state()) for generator in generators]
