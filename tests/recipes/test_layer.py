"""What a recipe says of its architecture is what torch builds: shapes and parameter counts."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from aestudio.datasets.image_shape import MNIST
from aestudio.networks.convolutional.config import Convolutional, sides
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.networks.row_gru.config import RowGru
from aestudio.objectives.classification.config import Classification
from aestudio.objectives.denoising.config import Denoising
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.objectives.sparse.config import Sparse
from aestudio.objectives.variational.config import Variational
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.training.model import Model, build_model

if TYPE_CHECKING:
    from aestudio.recipes.network import Network
    from aestudio.recipes.recipe import Recipe

SIZES = st.integers(1, 12)
NETWORKS = st.one_of(
    st.builds(FullyConnected, latent_size=SIZES, hidden=st.lists(SIZES, max_size=3).map(tuple)),
    st.builds(
        Convolutional,
        latent_size=SIZES,
        dense_units=SIZES,
        channels=st.lists(SIZES, max_size=4).map(tuple),
    ),
    st.builds(RowGru, latent_size=SIZES, units=SIZES),
)
OBJECTIVES = st.sampled_from([Reconstruction(), Denoising(), Sparse(), Variational(), Classification()])


def layers_run(model: Model, images: Tensor) -> list[tuple[nn.Module, tuple[int, ...]]]:
    """Every layer with parameters, in the order it ran, with its output's shape without the batch."""
    seen: list[tuple[nn.Module, tuple[int, ...]]] = []

    def note(module: nn.Module, _inputs: Any, output: Any) -> None:
        values = output[0] if isinstance(output, tuple) else output
        seen.append((module, tuple(values.shape[1:])))

    hooks = [
        module.register_forward_hook(note)
        for module in model.modules()
        if list(module.parameters(recurse=False))
    ]
    with torch.no_grad():
        code = model.encode(images).mean
        if model.decoder is not None:
            assert model.decode(code).shape == images.shape
    for hook in hooks:
        hook.remove()
    return seen


def check(recipe: Recipe) -> None:
    model = build_model(recipe.architecture(MNIST)).eval()
    assert recipe.architecture(MNIST).parameter_count == sum(
        parameter.numel() for parameter in model.parameters()
    )
    layers = recipe.architecture(MNIST).layers
    assert layers[0].kind == "image"
    assert layers[-1].size == (10 if not recipe.objective.decodes else 784)
    modules = layers_run(model, torch.rand(3, 1, 28, 28))
    drawn = [layer for layer in layers if layer.parameters]
    assert len(drawn) == len(modules)
    for layer, (module, shape) in zip(drawn, modules, strict=True):
        assert layer.parameters == sum(parameter.numel() for parameter in module.parameters())
        gaussian = layer.kind == "code" and recipe.architecture(MNIST).latent.kind == "gaussian"
        assert layer.size * (2 if gaussian else 1) == prod(shape)
        if layer.kind in ("convolution", "recurrent", "classes"):
            assert layer.shape == shape
    with torch.no_grad():
        assert model.encoder(torch.rand(3, 1, 28, 28)).shape == (3, recipe.network.feature_size)


@pytest.mark.parametrize("recipe", shipped_recipes(), ids=lambda recipe: recipe.name)
def test_shipped_recipe_describes_what_torch_builds(recipe: Recipe) -> None:
    check(recipe)


@given(network=NETWORKS, objective=OBJECTIVES)
@settings(max_examples=40, deadline=None)
def test_any_recipe_describes_what_torch_builds(network: Network, objective: Any) -> None:
    check(find_recipe("vae").combined(network, objective))


def test_known_counts() -> None:
    deep = 2 * (784 * 128 + 128 * 64 + 64 * 32) + (128 + 64 + 32 + 64 + 128 + 784)
    assert find_recipe("deep-ae").architecture(MNIST).parameter_count == deep
    assert find_recipe("hidden-256").architecture(MNIST).parameter_count == 2 * 784 * 256 + 256 + 784
    assert (
        find_recipe("digit-classifier").architecture(MNIST).parameter_count == 784 * 128 + 128 + 128 * 10 + 10
    )
    classic = find_recipe("vae").with_settings({"hidden": (400,), "latent_size": 20})
    # 784-400-(20, 20)-400-784, the VAE of pytorch/examples.
    assert classic.architecture(MNIST).parameter_count == 652_824


def test_sides_of_the_maps() -> None:
    assert sides(4) == (28, 14, 7, 3, 1)
    assert sides(0) == (28,)
