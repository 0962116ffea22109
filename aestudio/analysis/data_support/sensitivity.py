"""Decoder sensitivity: how much the image changes with the code, from the decoder's Jacobian in a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from aestudio.networks.dropout import NoisyDropout
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.model import Model

BATCH = 64
# Of a code unit: central differences in single precision are best at about the cube root of its precision.
STEP = 5e-3


def decoder_sensitivity(
    frozen_model: FrozenModel, codes: NDArray[np.float32], axes: NDArray[Any], progress: Progress = silent
) -> NDArray[np.float32]:
    """Frobenius norm of the decoder's Jacobian within a plane, at codes (N, L): float32 (N,).

    axes: the plane's orthonormal rows (2, L). The change of the image (root of the summed squares of its
    784 pixels, each from 0 to 1) per unit of code, taken together over the plane's two directions.
    """
    directions = torch.tensor(np.asarray(axes, np.float32))
    norms = np.empty(len(codes), np.float32)
    with torch.no_grad():
        for start in range(0, len(codes), BATCH):
            progress(start, len(codes), "Stretch")
            part = torch.tensor(codes[start : start + BATCH])
            changes = image_changes(frozen_model.model, part, directions)
            norms[start : start + BATCH] = changes.square().sum(dim=(0, 2, 3, 4)).sqrt().numpy()
    return norms


def image_changes(model: Model, codes: Tensor, directions: Tensor) -> Tensor:
    """Derivatives of the images of codes (B, L) along directions (k, L): (k, B, 1, 28, 28).

    Exact forward-mode differentiation, layer by layer, codes and directions together: about as fast as
    central differences. Torch's own forward mode took twice as long, and imports its script compiler
    with a warning (measured). Central differences if a layer has no rule here (a GRU).
    """
    assert model.decoder is not None
    layers = list(model.decoder) if isinstance(model.decoder, nn.Sequential) else [model.decoder]
    if not all(isinstance(layer, _RULED) for layer in layers):
        steps = STEP * directions[:, None]
        ahead, behind = (model.decode_images((codes + way * steps).flatten(0, 1)) for way in (1, -1))
        return ((ahead - behind) / (2 * STEP)).unflatten(0, (len(directions), len(codes)))
    count = 1 + len(directions)
    values = torch.cat([codes[None], directions[:, None].expand(-1, len(codes), -1)])
    for layer in layers:
        values = _carried(layer, values.flatten(0, 1), count)
    return values[1:] * _slope(model, values[0])


_RULED = (nn.Linear, nn.ConvTranspose2d, nn.ReLU, nn.Unflatten, NoisyDropout)


def _carried(layer: nn.Module, values: Tensor, count: int) -> Tensor:
    """Values and their derivatives (count * B, ...) through a layer: (count, B, ...)."""
    if isinstance(layer, nn.ReLU):
        parts = values.unflatten(0, (count, -1))
        return parts * (parts[:1] > 0)
    if isinstance(layer, NoisyDropout):  # the identity in evaluation mode
        return values.unflatten(0, (count, -1))
    parts = layer(values).unflatten(0, (count, -1))
    bias = getattr(layer, "bias", None)
    if bias is not None:  # it changes the value, not the derivatives
        parts[1:] -= bias.view(-1, *[1] * (parts.dim() - 3))
    return parts


def _slope(model: Model, logits: Tensor) -> Tensor:
    """Derivative of each pixel (B, 1, 28, 28) by its own logit."""
    with torch.enable_grad():
        free = logits.clone().requires_grad_(True)
        (slope,) = torch.autograd.grad(model.objective.to_images(free).sum(), free)
    return slope
