"""Multiply-adds of a recipe's decoder, and the recipes whose decoder is fast enough for a dragged slider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import all_recipes

if TYPE_CHECKING:
    import torch

    from aestudio.recipes.recipe import Recipe
    from aestudio.training.model import Model

MOST_MULTIPLY_ADDS = 10_000_000


def multiply_adds(model: Model) -> int:
    """Multiply-adds to decode one image: those of matrices and convolutions, without activations."""
    import torch
    from torch import nn

    counts: list[int] = []

    def count(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: Any) -> None:  # noqa: ARG001
        if isinstance(module, nn.Linear):
            counts.append(module.weight.numel() * inputs[0][..., 0].numel())
        elif isinstance(module, nn.ConvTranspose2d):
            counts.append(module.weight.numel() * inputs[0][0, 0].numel())
        elif isinstance(module, nn.GRU):
            weights = sum(weight.numel() for weight in module.parameters() if weight.dim() == 2)
            counts.append(weights * inputs[0].shape[1])

    assert model.decoder is not None
    hooks = [module.register_forward_hook(count) for module in model.decoder.modules()]
    with torch.no_grad():
        told = model.architecture.condition_size
        model.decode(torch.zeros(1, model.architecture.latent.size), torch.zeros(1, told) if told else None)
    for hook in hooks:
        hook.remove()
    return sum(counts)


def quick_recipes() -> dict[str, tuple[Recipe, int]]:
    """(recipe, multiply-adds) by name, for each shipped recipe with at most ten million multiply-adds."""
    from aestudio.training.model import build_model

    recipes = {}
    for recipe in all_recipes():
        if recipe.objective.decodes:
            count = multiply_adds(build_model(Architecture(recipe, MNIST)))
            if count <= MOST_MULTIPLY_ADDS:
                recipes[recipe.name] = (recipe, count)
    return recipes
