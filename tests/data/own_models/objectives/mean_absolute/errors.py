"""A file of one's own beside the two that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def absolute_errors(logits: Tensor, images: Tensor) -> Tensor:
    """Sum of |sigmoid(logits) - images| of each image: (B, C, H, W) twice -> (B,)."""
    return (torch.sigmoid(logits) - images).abs().flatten(1).sum(1)
