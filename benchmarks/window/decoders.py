"""How much arithmetic a recipe's decoder is, and which recipes have one that is small enough for a hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.recipes.library import all_recipes

if TYPE_CHECKING:
    import torch

    from aestudio.recipes.recipe import Recipe
    from aestudio.training.model import Model

MOST_PRODUCTS = 10_000_000


def products(model: Model) -> int:
    """Multiply-adds of decoding one picture: those of its matrices; activations are not counted."""
    import torch
    from torch import nn

    found: list[int] = []

    def count(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: Any) -> None:  # noqa: ARG001
        if isinstance(module, nn.Linear):
            found.append(module.weight.numel() * inputs[0][..., 0].numel())
        elif isinstance(module, nn.ConvTranspose2d):
            found.append(module.weight.numel() * inputs[0][0, 0].numel())
        elif isinstance(module, nn.GRU):
            weights = sum(weight.numel() for weight in module.parameters() if weight.dim() == 2)
            found.append(weights * inputs[0].shape[1])

    assert model.decoder is not None
    hooks = [module.register_forward_hook(count) for module in model.decoder.modules()]
    with torch.no_grad():
        model.decode(torch.zeros(1, model.recipe.network.latent_size))
    for hook in hooks:
        hook.remove()
    return sum(found)


def quick_recipes() -> dict[str, tuple[Recipe, int]]:
    """Every shipped recipe whose decoder has at most ten million multiply-adds, and how many they are."""
    from aestudio.training.model import build_model

    found = {}
    for recipe in all_recipes():
        if recipe.objective.code != "none":
            count = products(build_model(recipe))
            if count <= MOST_PRODUCTS:
                found[recipe.name] = (recipe, count)
    return found
