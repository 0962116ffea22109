"""What a recipe says of its architecture is what torch builds: shapes and parameter counts."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.errors import StudioError
from aestudio.layers.sequence import FunctionModule
from aestudio.networks.convolutional.config import Convolutional
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.networks.patch_transformer.config import PatchTransformer
from aestudio.networks.residual.config import ResidualConvolutional
from aestudio.networks.row_gru.config import RowGru
from aestudio.objectives.classification.config import Classification
from aestudio.objectives.denoising.config import Denoising
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.objectives.sparse.config import Sparse
from aestudio.objectives.variational.config import Variational
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.training.model import Model, build_model

if TYPE_CHECKING:
    from aestudio.recipes.network import Network
    from aestudio.recipes.recipe import Recipe

SIZES = st.integers(1, 12)
HIDDEN = {
    "activation": st.sampled_from(["relu", "prelu", "gelu", "tanh"]),
    "normalisation": st.sampled_from(["none", "batch", "layer"]),
    "dropout": st.sampled_from([0.0, 0.2]),
}
CHANNELS = st.lists(SIZES, max_size=4).map(tuple)
NETWORKS = st.one_of(
    st.builds(
        FullyConnected,
        latent_size=SIZES,
        hidden=st.lists(SIZES, max_size=3).map(tuple),
        decoder_weights=st.sampled_from(["own", "tied"]),
        **HIDDEN,
    ),
    st.builds(Convolutional, latent_size=SIZES, dense_units=SIZES, channels=CHANNELS, **HIDDEN),
    st.builds(
        ResidualConvolutional,
        latent_size=SIZES,
        dense_units=SIZES,
        channels=CHANNELS,
        blocks=st.integers(0, 2),
        **HIDDEN,
    ),
    st.builds(RowGru, latent_size=SIZES, units=SIZES, cell=st.sampled_from(["gru", "lstm"])),
)
OBJECTIVES = st.sampled_from([Reconstruction(), Denoising(), Sparse(), Variational(), Classification()])


IMAGES = st.builds(ImageShape, st.sampled_from([1, 3]), st.integers(8, 64), st.integers(8, 64))
OTHERS = [(1, 28, 28), (3, 32, 32), (1, 28, 20), (3, 33, 17), (1, 8, 8)]


def layers_run(model: Model, images: Tensor) -> list[tuple[int, tuple[int, ...]]]:
    """Parameters and output's shape, without the batch, of every layer that is drawn, in the order it ran.

    Normalisations, trainable activations and positions count with the layer before them.
    """
    seen: list[tuple[int, tuple[int, ...]]] = []

    def note(module: nn.Module, _inputs: Any, output: Any) -> None:
        values = output[0] if isinstance(output, tuple) else output
        count = sum(parameter.numel() for parameter in module.parameters())
        positions = isinstance(module, FunctionModule) and any(
            isinstance(part, nn.Embedding) for part in module.children()
        )
        if positions or isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d | nn.LayerNorm | nn.PReLU):
            before, shape = seen.pop()
            seen.append((before + count, shape))
        else:
            seen.append((count, tuple(values.shape[1:])))

    assert isinstance(model.encoder, nn.Sequential)
    assert isinstance(model.decoder, nn.Sequential | None)
    head = getattr(model.objective, "head", nn.Identity())  # none where the code is the image
    placed = [*model.encoder, head, *(model.decoder or ())]
    hooks = [module.register_forward_hook(note) for module in placed if list(module.parameters())]
    with torch.no_grad():
        architecture = model.architecture
        told = torch.zeros(len(images), architecture.condition_size) if architecture.condition_size else None
        code = torch.zeros(len(images), architecture.latent.size)
        if architecture.encodes:
            code = model.encode(images, told).mean
        if model.decoder is not None:
            assert model.decode(code, told).shape == images.shape
    for hook in hooks:
        hook.remove()
    return seen


def check(recipe: Recipe, data: DataShape = MNIST) -> None:
    architecture = Architecture(recipe, data)
    model = build_model(architecture).eval()
    assert architecture.parameter_count == sum(parameter.numel() for parameter in model.parameters())
    layers = architecture.layers
    encodes = recipe.objective.encodes
    assert layers[0].kind == ("image" if encodes else "code")
    assert layers[0].shape == (data.image.array if encodes else architecture.latent.shape)
    # The diagram leaves out what makes no image and no code: a critic.
    critic = [*architecture.networks, *([] if encodes else ["head"])]
    left_out = [model.objective.get_submodule(name) for name in critic] + ([] if encodes else [model.encoder])
    drawn = architecture.parameter_count - sum(one.numel() for part in left_out for one in part.parameters())
    assert sum(layer.parameters for layer in layers) == drawn
    if isinstance(recipe.network, PatchTransformer):  # the last patches may reach beyond the edge
        assert layers[-1].size >= data.image.size
    else:
        assert layers[-1].size == (data.image.size if recipe.objective.decodes else data.classes)
    images = torch.rand(3, *data.image.array)
    modules = layers_run(model, images)
    shown = [layer for layer in layers if layer.parameters]
    assert len(shown) == len(modules)
    for layer, (parameters, shape) in zip(shown, modules, strict=True):
        assert layer.parameters == parameters
        gaussian = layer.kind == "code" and architecture.latent.kind == "gaussian"
        if layer.kind == "code" and architecture.latent.choices:  # one number for a row of what is decoded
            assert prod(shape) == prod(architecture.decoder_input)
            continue
        if layer.kind == "code" and recipe.objective.kind() == "variable_rate":
            # Details at every place, from one module; the numbers of the summary are of another.
            assert layer.size == architecture.latent.size
            assert prod(shape) < layer.size
            continue
        if layer.kind == "code" and recipe.objective.kind() in ("ladder", "flow_posterior"):
            assert prod(shape) == 2 * recipe.network.latent_size  # moments from which the code is made
            continue
        assert layer.size * (2 if gaussian else 1) == prod(shape)
        if layer.kind in ("convolution", "recurrent", "classes"):
            assert layer.shape == shape
    with torch.no_grad():
        assert model.encoder(images).shape == (3, *architecture.features)


@pytest.mark.parametrize("shape", OTHERS, ids=str)
@pytest.mark.parametrize("recipe", shipped_recipes(), ids=lambda recipe: recipe.name)
def test_a_shipped_recipe_describes_what_torch_builds(recipe: Recipe, shape: tuple[int, int, int]) -> None:
    check(recipe, DataShape(ImageShape(*shape), classes=7))


@given(network=NETWORKS, objective=OBJECTIVES, image=IMAGES)
@settings(max_examples=40, deadline=None)
def test_any_recipe_describes_what_torch_builds(network: Network, objective: Any, image: ImageShape) -> None:
    recipe = find_recipe("vae").combined(network, objective)
    # Each convolution halves the sides, rounded down: the last one needs two pixels.
    halving = isinstance(network, Convolutional | ResidualConvolutional)
    if halving and min(image.height, image.width) < 2 ** len(network.channels):
        with pytest.raises(StudioError, match="does not fit images of"):
            Architecture(recipe, DataShape(image, classes=10))
        return
    check(recipe, DataShape(image, classes=10))


@pytest.mark.parametrize(
    ("shape", "words"),
    [((1, 8, 8), "images of 8 × 8:"), ((3, 33, 15), "images of 33 × 15 .height × width. in colour:")],
)
def test_images_that_do_not_fit_are_named(shape: tuple[int, int, int], words: str) -> None:
    recipe = find_recipe("conv-vae").with_settings({"channels": (2, 2, 2, 2)})
    with pytest.raises(StudioError, match=words) as caught:
        Architecture(recipe, DataShape(ImageShape(*shape)))
    assert caught.value.where == recipe.title
    assert caught.value.advice


def test_known_counts() -> None:
    deep = 2 * (784 * 128 + 128 * 64 + 64 * 32) + (128 + 64 + 32 + 64 + 128 + 784)
    assert Architecture(find_recipe("deep-ae"), MNIST).parameter_count == deep
    assert Architecture(find_recipe("hidden-256"), MNIST).parameter_count == 2 * 784 * 256 + 256 + 784
    assert (
        Architecture(find_recipe("digit-classifier"), MNIST).parameter_count
        == 784 * 128 + 128 + 128 * 10 + 10
    )
    classic = find_recipe("vae").with_settings({"hidden": (400,), "latent_size": 20})
    # 784-400-(20, 20)-400-784, the VAE of pytorch/examples.
    assert Architecture(classic, MNIST).parameter_count == 652_824


def test_sides_of_the_maps() -> None:
    """Rounded down by each convolution, and back to exactly the sides that it started from."""
    recipe = find_recipe("conv-ae").with_settings({"channels": (2, 3, 4, 5)})
    architecture = Architecture(recipe, DataShape(ImageShape(3, 33, 17)))
    maps = [layer.shape for layer in architecture.layers if layer.kind == "convolution"]
    there = [(2, 16, 8), (3, 8, 4), (4, 4, 2), (5, 2, 1)]
    assert maps == [*there, (4, 4, 2), (3, 8, 4), (2, 16, 8), (3, 33, 17)]
