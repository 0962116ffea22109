"""Ways for encoder and decoder to be told a condition: as further channels of the image, or beside a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def with_channels(images: Tensor, condition: Tensor | None) -> Tensor:
    """Images (B, C, H, W), condition (B, K) -> (B, C + K, H, W): a constant channel for each number.

    The images themselves without a condition. Its shape is that of `recipes.conditioning.with_channels`.
    """
    if condition is None:
        return images
    height, width = images.shape[2:]
    channels = condition[:, :, None, None].expand(-1, -1, height, width)
    return torch.cat([images, channels.to(images.dtype)], 1)


def beside(values: Tensor, condition: Tensor | None) -> Tensor:
    """Codes or flat features (B, F), condition (B, K) -> (B, F + K), side by side."""
    return values if condition is None else torch.cat([values, condition.to(values.dtype)], 1)
