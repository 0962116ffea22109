"""Fully connected encoder and mirrored decoder, ReLU between layers (none on code and output)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from torch import nn

from aestudio.networks.dropout import NoisyDropout

if TYPE_CHECKING:
    from aestudio.networks.fully_connected.config import FullyConnected


def encoder(settings: FullyConnected) -> nn.Module:
    """Images (B, 1, 28, 28) -> features (B, hidden[-1]); the pixels themselves without hidden layers."""
    layers: list[nn.Module] = [nn.Flatten()]
    for inputs, outputs in pairwise((28 * 28, *settings.hidden)):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True)]
        if settings.dropout > 0:
            layers.append(NoisyDropout(settings.dropout))
    return nn.Sequential(*layers)


def decoder(settings: FullyConnected) -> nn.Module:
    """Codes (B, latent_size) -> logits (B, 1, 28, 28)."""
    layers: list[nn.Module] = []
    sizes = (settings.latent_size, *reversed(settings.hidden))
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU(inplace=True)]
        if settings.dropout > 0:
            layers.append(NoisyDropout(settings.dropout))
    layers += [nn.Linear(sizes[-1], 28 * 28), nn.Unflatten(1, (1, 28, 28))]
    return nn.Sequential(*layers)
