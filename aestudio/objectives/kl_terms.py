"""What the settings of `weighted_kl` do in a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.objectives.weighted_kl import WeightedKl


def with_free_bits(kl: Tensor, each: Callable[[], Tensor], free_bits: float | Tensor) -> Tensor:
    """KL term of the loss with free bits, a scalar in nats: sum_j max(lambda, batch mean of KL_j).

    Kingma et al. 2016, "Improved variational inference with inverse autoregressive flow", eq. 15.
    kl: scalar, without free bits, returned as it is if lambda is 0; each: gives the batch means of KL_j, (L,)

    In a step recorded as a CUDA graph lambda is a tensor whose value cannot be read: both cases are computed.
    """
    recorded = isinstance(free_bits, Tensor)
    if not recorded and free_bits == 0:
        return kl
    bounded = each().clamp(min=free_bits).sum()
    return torch.where(free_bits > 0, bounded, kl) if recorded else bounded


def warm_up(settings: WeightedKl, step: int, steps_per_epoch: int, live: dict[str, float]) -> None:
    """Scale the weight of the KL, in place, from 0 at the first step to its value after the warm-up."""
    steps = settings.warmup_epochs * steps_per_epoch
    if step < steps:
        live["beta"] *= step / steps
