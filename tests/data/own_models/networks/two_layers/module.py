"""The modules of two_layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from .config import PIXELS

if TYPE_CHECKING:
    from .config import TwoLayers


def encoder(settings: TwoLayers) -> nn.Module:
    """Images (B, 1, 28, 28) -> features (B, units)."""
    return nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, settings.units), nn.ReLU())


def decoder(settings: TwoLayers) -> nn.Module:
    """Codes (B, latent_size) -> logits (B, 1, 28, 28)."""
    return nn.Sequential(
        nn.Linear(settings.latent_size, settings.units),
        nn.ReLU(),
        nn.Linear(settings.units, PIXELS),
        nn.Unflatten(1, (1, 28, 28)),
    )
