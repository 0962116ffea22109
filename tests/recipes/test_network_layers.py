"""Layers one by one: all parameters are among them, shapes follow one another, modules exist."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.network_layers import MODEL, LayerChain, chains
from aestudio.training.model import build_model

if TYPE_CHECKING:
    from aestudio.recipes.recipe import Recipe

EACH = pytest.mark.parametrize("recipe", shipped_recipes(), ids=lambda recipe: recipe.name)


def chains_of(name: str) -> dict[str, LayerChain]:
    return {chain.name: chain for chain in chains(Architecture(find_recipe(name), MNIST))}


@EACH
def test_every_parameter_belongs_to_one_layer(recipe: Recipe) -> None:
    architecture = Architecture(recipe, MNIST)
    found = chains(architecture)
    assert sum(chain.parameters for chain in found) == architecture.parameter_count
    names = [name for chain in found for layer in chain.layers for name in layer.modules]
    assert len(set(names)) == len(names)


@EACH
def test_the_modules_of_a_layer_hold_its_parameters(recipe: Recipe) -> None:
    architecture = Architecture(recipe, MNIST)
    model = build_model(architecture)
    for chain in chains(architecture):
        for layer in chain.layers:
            modules = [model.get_submodule(name) for name in layer.modules]
            counted = sum(one.numel() for module in modules for one in module.parameters())
            if layer.text.startswith("fully connected, weights of the encoder"):
                continue  # a tied layer's matrix is counted where it is
            assert counted == layer.parameters, layer


@EACH
def test_each_layer_takes_what_the_one_before_gives(recipe: Recipe) -> None:
    for chain in chains(Architecture(recipe, MNIST)):
        for before, layer in zip(chain.layers, chain.layers[1:], strict=False):
            assert prod(layer.reads) == prod(layer.inputs)
            if layer.kind == "image" or layer.kind in ("code", "classes"):
                continue
            repeats = layer.kind == "recurrent"  # each row gets the same code
            assert repeats or before.size == prod(layer.inputs), (before, layer)


def test_a_convolutional_vae_from_image_to_image() -> None:
    (model,) = chains_of("conv-vae").values()
    assert [layer.kind for layer in model.layers] == [
        *("image", "convolution", "convolution", "dense", "code"),
        *("dense", "dense", "convolution", "convolution", "image"),
    ]
    first, narrow = model.layers[1], model.layers[3]
    assert first.text == "convolution 4 × 4, stride 2, ReLU"
    assert first.shape == (16, 14, 14)
    assert first.parameters == 16 * (4 * 4 + 1)
    assert narrow.reads == (32, 7, 7)
    assert model.layers[4].shape == (10,)
    assert model.layers[4].parameters == 2 * 10 * (128 + 1)
    assert model.layers[6].shape == (32, 7, 7)


def test_a_critic_is_a_network_of_its_own() -> None:
    found = chains_of("gan")
    assert list(found) == [MODEL, "critic"]
    assert found[MODEL].layers[0].kind == "code"
    assert [layer.shape for layer in found["critic"].layers] == [
        MNIST.image.array,
        (16, 14, 14),
        (32, 7, 7),
        (1,),
    ]
    assert list(chains_of("aae")) == [MODEL, "critic"]


def test_a_classifier_ends_with_its_classes() -> None:
    (model,) = chains_of("digit-classifier").values()
    assert [layer.kind for layer in model.layers] == ["image", "dense", "classes"]
    assert model.layers[-1].shape == (10,)
