"""A model: the network and the objective of a recipe, put together."""

from __future__ import annotations

import importlib
import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from aestudio.errors import StudioError
from aestudio.objectives.objective_module import Batch, Code, ObjectiveModule, Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.recipes.recipe import Recipe


class Model(nn.Module):
    """encode, decode and the loss of one recipe.

    Images are (B, 1, 28, 28) in [0, 1], codes (B, latent_size), logits (B, 1, 28, 28).
    `decoder` is None where the objective decodes nothing.
    """

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe
        network, objective = recipe.network, recipe.objective
        networks = importlib.import_module(f"aestudio.networks.{network.kind()}.module")
        objectives = importlib.import_module(f"aestudio.objectives.{objective.kind()}.module")
        self.encoder: nn.Module = networks.encoder(network)
        self.decoder: nn.Module | None = networks.decoder(network) if objective.code != "none" else None
        self.objective: ObjectiveModule = objectives.build(
            objective, network.feature_size, network.latent_size
        )

    def encode(self, images: Tensor) -> Code:
        """Images -> code (class logits where nothing is decoded)."""
        return self.objective.code(self.encoder(images))

    def decode(self, codes: Tensor) -> Tensor:
        """Codes -> logits; raises TypeError where the recipe has no decoder."""
        if self.decoder is None:
            raise TypeError(f"{self.recipe.name} has no decoder")
        return self.decoder(codes)

    def picture(self, codes: Tensor) -> Tensor:
        """Codes -> pictures (B, 1, 28, 28) in [0, 1]."""
        return self.objective.picture(self.decode(codes))

    def reconstruct(self, images: Tensor) -> Tensor:
        """Images -> pictures in [0, 1], through the mean of the code."""
        return self.picture(self.encode(images).mean)

    def terms(self, batch: Batch) -> dict[str, Tensor]:
        """The loss terms of a batch, per image; "loss" is what is minimised."""
        parts = Parts(self._in_precision(self.encoder), self._in_precision(self.decode), self._weights)
        return self.objective.terms(batch, parts)

    def _in_precision(self, part: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
        """A half of the network, in training with its products in bfloat16 where the recipe says so.

        Its results are single precision again: head, loss and its gradient lose nothing.
        """
        if not self.training or self.recipe.training.precision == "float32":
            return part

        def half(values: Tensor) -> Tensor:
            # Each weight is used once a step; a cache of casts would be wrong in a recorded graph.
            with torch.autocast(values.device.type, torch.bfloat16, cache_enabled=False):
                return part(values).float()

        return half

    def _weights(self) -> list[Tensor]:
        return [parameter for parameter in self.parameters() if parameter.dim() > 1]


def build_model(recipe: Recipe, seed: int | None = None) -> Model:
    """The recipe's model with initial weights fixed by the seed (the recipe's own where None)."""
    # The defaults that torch draws from the shared generator are skipped and drawn again below.
    with torch.device("meta"):
        model = Model(recipe)
    # `to_empty` does the same by way of sympy, whose import costs 0.6 s and 30 MB.
    model._apply(lambda tensor: torch.empty(tensor.shape, dtype=tensor.dtype))
    initialise(model, recipe.training.seed if seed is None else seed)
    # Convolutions are 1.15 to 1.36 times as fast with the channels last (measured on the CPU).
    return model.to(memory_format=torch.channels_last)


def initialise(model: nn.Module, seed: int) -> None:
    """Torch's own default distributions, drawn from a generator of our own.

    Linear and convolution: U(-b, b), b = 1 / sqrt(fan-in); GRU: b = 1 / sqrt(units).
    Raises TypeError for a module with parameters that has no rule here.
    """
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        own = list(module.parameters(recurse=False))
        if not own:
            continue
        bound = 1 / math.sqrt(_fan_in(module))
        with torch.no_grad():
            for parameter in own:
                parameter.uniform_(-bound, bound, generator=generator)


def _fan_in(module: nn.Module) -> int:
    if isinstance(module, nn.GRU):
        return module.hidden_size
    if isinstance(module, nn.Linear):
        return module.in_features
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        # Like torch: the second axis of the weight times the kernel, also for the transposed one.
        return module.weight.shape[1] * module.weight[0, 0].numel()
    raise TypeError(f"no rule for the initial weights of {type(module).__name__}")


def load_weights(model: nn.Module, weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Copy a snapshot's weights into the model; raises StudioError where names or shapes differ."""
    try:
        model.load_state_dict({name: torch.tensor(array) for name, array in weights.items()})
    except RuntimeError as error:
        raise StudioError(
            "These weights do not fit the recipe: names or shapes differ",
            advice="Restore the files of the run from a copy, or train it again.",
        ) from error
