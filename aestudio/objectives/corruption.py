"""Corruption of the input images of a denoising autoencoder, drawn from the run's own generator."""

from __future__ import annotations

import torch
from torch import Tensor


def corrupt(images: Tensor, kind: str, strength: float | Tensor, generator: torch.Generator | None) -> Tensor:
    """Images (B, C, H, W) in [0, 1] with noise, same shape.

    kind:     gaussian (clipped), mask, salt_and_pepper, or block
    strength: standard deviation of gaussian noise in each channel, otherwise the share of pixels that are
              corrupted: those become black or white in all channels. A block, one rectangle with the sides
              of the image, each times the root of the share, lies anywhere inside it
    Raises ValueError for another kind.
    """
    if kind == "gaussian":
        noise = torch.randn(images.shape, generator=generator, device=images.device)
        return (images + strength * noise).clamp_(0.0, 1.0)
    if kind == "block":
        return images * ~_blocks(images, strength, generator)
    batch, _, height, width = images.shape
    uniform = torch.rand((batch, 1, height, width), generator=generator, device=images.device)
    if kind == "mask":
        return images * (uniform >= strength)
    if kind == "salt_and_pepper":
        return torch.where(uniform < strength, (uniform < strength / 2).to(images.dtype), images)
    raise ValueError(f"unknown noise: {kind}")


def _blocks(images: Tensor, share: float | Tensor, generator: torch.Generator | None) -> Tensor:
    """Which pixels are in the block of their image: (B, 1, H, W)."""
    batch, _, height, width = images.shape
    places = torch.rand((2, batch, 1, 1, 1), generator=generator, device=images.device)
    side = share**0.5  # of the image's
    rows = torch.arange(height, device=images.device).view(1, 1, -1, 1) + 0.5
    columns = torch.arange(width, device=images.device) + 0.5

    def between(middles: Tensor, whole: int, place: Tensor) -> Tensor:
        start = place * (1 - side) * whole
        return (middles > start) & (middles < start + side * whole)

    return between(rows, height, places[0]) & between(columns, width, places[1])
