"""Randomness that belongs to a run: every draw comes from the run's own generator.

The global generator of torch is shared by all threads of the process, so nothing here uses it;
a paused run continues with exactly the numbers it would have drawn.
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
        """Silence a share of the units and scale the others up; the identity in evaluation mode."""
        if not self.training or self.share == 0:
            return values
        kept = torch.rand(values.shape, generator=self.generator, device=values.device) >= self.share
        return values * kept / (1 - self.share)


def lend_generator(model: nn.Module, generator: torch.Generator | None) -> None:
    """Let every noisy module of the model draw from this generator."""
    for module in _noisy(model):
        module.generator = generator


def _noisy(model: nn.Module) -> Iterator[NoisyDropout]:
    return (module for module in model.modules() if isinstance(module, NoisyDropout))


def spoil(images: Tensor, kind: str, strength: float | Tensor, generator: torch.Generator | None) -> Tensor:
    """Images in [0, 1], any shape, with noise: gaussian (clipped), mask, or salt_and_pepper."""
    if kind == "gaussian":
        noise = torch.randn(images.shape, generator=generator, device=images.device)
        return (images + strength * noise).clamp_(0.0, 1.0)
    chance = torch.rand(images.shape, generator=generator, device=images.device)
    if kind == "mask":
        return images * (chance >= strength)
    if kind == "salt_and_pepper":
        return torch.where(chance < strength, (chance < strength / 2).to(images.dtype), images)
    raise ValueError(f"no such noise: {kind}")
