"""Stride-2 convolutions (kernel 4, padding 1) and their mirror, with one dense layer at the narrow end."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from torch import nn

from aestudio.networks.convolutional.config import KERNEL, sides

if TYPE_CHECKING:
    from aestudio.networks.convolutional.config import Convolutional


def encoder(settings: Convolutional) -> nn.Module:
    """Images (B, 1, 28, 28) -> features (B, dense_units)."""
    widths = (1, *settings.channels)
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += [nn.Conv2d(inputs, outputs, KERNEL, stride=2, padding=1), nn.ReLU(inplace=True)]
    flat = widths[-1] * sides(len(settings.channels))[-1] ** 2
    layers += [nn.Flatten(), nn.Linear(flat, settings.dense_units), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


def decoder(settings: Convolutional) -> nn.Module:
    """Codes (B, latent_size) -> logits (B, 1, 28, 28)."""
    widths = (1, *settings.channels)[::-1]
    side = sides(len(settings.channels))[::-1]
    layers: list[nn.Module] = [
        nn.Linear(settings.latent_size, settings.dense_units),
        nn.ReLU(inplace=True),
        nn.Linear(settings.dense_units, widths[0] * side[0] ** 2),
        nn.Unflatten(1, (widths[0], side[0], side[0])),
    ]
    for (inputs, outputs), (before, after) in zip(pairwise(widths), pairwise(side), strict=True):
        # 3 -> 7 needs one more row and column than doubling gives.
        odd = after - 2 * before
        layers += [
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(inputs, outputs, KERNEL, stride=2, padding=1, output_padding=odd),
        ]
    return nn.Sequential(*layers)
