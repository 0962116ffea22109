"""Dropout that draws from the run's own random generator.

The global generator of torch is shared by all threads of the process, so it is not used here:
a run that was paused must draw exactly the numbers that it would have drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Iterator


class NoisyDropout(nn.Module):
    """Dropout (Srivastava et al. 2014) drawing from a generator that `lend_generator` sets."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.generator: torch.Generator | None = None

    def forward(self, values: Tensor) -> Tensor:
        """Set a share of the units to 0 and scale the others up: values of any shape, same shape.

        The identity in evaluation mode.
        """
        if not self.training or self.share == 0:
            return values
        kept = torch.rand(values.shape, generator=self.generator, device=values.device) >= self.share
        return values * kept / (1 - self.share)


def lend_generator(model: nn.Module, generator: torch.Generator | None) -> None:
    """Make every dropout layer of the model draw from this generator."""
    for module in _noisy(model):
        module.generator = generator


def _noisy(model: nn.Module) -> Iterator[NoisyDropout]:
    return (module for module in model.modules() if isinstance(module, NoisyDropout))
