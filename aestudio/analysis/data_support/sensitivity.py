"""Decoder sensitivity: how much the image changes with the code, from the decoder's Jacobian in a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from aestudio.inference.conditions import some_of
from aestudio.layers.dropout import Dropout
from aestudio.objectives.objective_module import ObjectiveModule
from aestudio.progress import silent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.model import Model
    from aestudio.types import Condition

BATCH = 64
# In code units. The best step of central differences is about the cube root of the precision (float32).
STEP = 5e-3


def decoder_sensitivity(
    frozen_model: FrozenModel,
    codes: NDArray[np.float32],
    axes: NDArray[Any],
    progress: Progress = silent,
    condition: Condition | None = None,
) -> NDArray[np.float32]:
    """Frobenius norm of the decoder's Jacobian within a plane, at codes float32 (N, L): float32 (N,).

    axes: the plane's orthonormal rows (2, L). The result is the change of the image (Euclidean norm over
    its C * H * W numbers, each from 0 to 1) per code unit, the root of the summed squares of both directions.
    condition: float32 (N, K), what a conditional model is told; it stays as it is while the code moves
    Raises what `progress` raises.
    """
    directions = torch.tensor(np.asarray(axes, np.float32))
    norms = np.empty(len(codes), np.float32)
    with torch.no_grad():
        for start in range(0, len(codes), BATCH):
            progress(start, len(codes), "Decoder sensitivity")
            batch = torch.tensor(codes[start : start + BATCH])
            told = some_of(condition, slice(start, start + BATCH))
            with frozen_model.model.own_errors():  # not around `progress`, which raises what it wants
                changes = image_changes(
                    frozen_model.model, batch, directions, None if told is None else torch.tensor(told)
                )
            norms[start : start + BATCH] = changes.square().sum(dim=(0, 2, 3, 4)).sqrt().numpy()
    return norms


def image_changes(model: Model, codes: Tensor, directions: Tensor, condition: Tensor | None = None) -> Tensor:
    """Derivatives of the images of codes float32 (B, L) along directions (k, L): (k, B, C, H, W).

    condition: (B, K), what a conditional model is told of the codes
    Exact forward-mode differentiation, layer by layer, codes and directions in one batch: about as fast as
    central differences. Torch's forward mode takes twice as long (measured), and imports the script
    compiler, with a warning. Other layers than those supported (a GRU) get central differences.
    """
    layers = _layers(model)
    if not _is_plain(model) or not all(isinstance(layer, _SUPPORTED_LAYERS) for layer in layers):
        steps = STEP * directions[:, None]
        told = None if condition is None else condition.repeat(len(directions), 1)
        ahead, behind = (model.decode_images((codes + sign * steps).flatten(0, 1), told) for sign in (1, -1))
        return _unflattened((ahead - behind) / (2 * STEP), (len(directions), len(codes)))
    count = 1 + len(directions)
    # The condition stands after the code, and does not change along a direction.
    inputs = model.objective.decoder_input(codes, condition)
    along = functional.pad(directions, (0, inputs.shape[1] - codes.shape[1]))
    values = torch.cat([inputs[None], along[:, None].expand(-1, len(codes), -1)])
    for layer in layers:
        values = _forward_with_derivatives(layer, values.flatten(0, 1), count)
    return values[1:] * _slope(model, values[0])


_SUPPORTED_LAYERS = (nn.Linear, nn.ConvTranspose2d, nn.ReLU, nn.Unflatten)


def _layers(model: Model) -> list[nn.Module]:
    """The decoder's modules, without dropout: in evaluation mode it is the identity."""
    assert isinstance(model.decoder, nn.Sequential)
    pairs = zip(model.architecture.decoder, model.decoder, strict=True)
    return [module for layer, module in pairs if not isinstance(layer, Dropout)]


def _is_plain(model: Model) -> bool:
    """Whether the decoder takes the codes themselves, with the condition after them."""
    return type(model.objective).decoder_input is ObjectiveModule.decoder_input


def _forward_with_derivatives(layer: nn.Module, values: Tensor, count: int) -> Tensor:
    """Values and their derivatives (count * B, ...) through one layer: (count, B, ...)."""
    if isinstance(layer, nn.ReLU):
        outputs = _unflattened(values, (count, -1))
        return outputs * (outputs[:1] > 0)
    outputs = _unflattened(layer(values), (count, -1))
    bias = getattr(layer, "bias", None)
    if bias is not None:  # it is part of the value, not of the derivatives
        outputs[1:] -= bias.view(-1, *[1] * (outputs.dim() - 3))
    return outputs


def _unflattened(values: Tensor, sizes: tuple[int, int]) -> Tensor:
    """Values (M, ...) -> (*sizes, ...); torch's `unflatten` has no declared return type."""
    return cast("Tensor", values.unflatten(0, sizes))


def _slope(model: Model, logits: Tensor) -> Tensor:
    """Derivative of each pixel with respect to its logit, (B, C, H, W)."""
    with torch.enable_grad():
        inputs = logits.clone().requires_grad_(True)
        (slope,) = torch.autograd.grad(model.objective.to_images(inputs).sum(), inputs)
    return slope
