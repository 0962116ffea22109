"""Corruption of the input images of a denoising autoencoder, drawn from the run's own generator."""

from __future__ import annotations

import torch
from torch import Tensor


def corrupt(images: Tensor, kind: str, strength: float | Tensor, generator: torch.Generator | None) -> Tensor:
    """Images (B, C, H, W) in [0, 1] with noise, same shape: gaussian (clipped), mask, or salt_and_pepper.

    strength: standard deviation of gaussian noise in each channel, otherwise the share of pixels that are
              corrupted: those become black or white in all channels
    Raises ValueError for another kind.
    """
    if kind == "gaussian":
        noise = torch.randn(images.shape, generator=generator, device=images.device)
        return (images + strength * noise).clamp_(0.0, 1.0)
    batch, _, height, width = images.shape
    uniform = torch.rand((batch, 1, height, width), generator=generator, device=images.device)
    if kind == "mask":
        return images * (uniform >= strength)
    if kind == "salt_and_pepper":
        return torch.where(uniform < strength, (uniform < strength / 2).to(images.dtype), images)
    raise ValueError(f"unknown noise: {kind}")
