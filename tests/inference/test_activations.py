"""What layers give for an image: the same numbers as torch's modules one after the other."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.inference.activations import activations
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.recipes.network_layers import MODEL, chains
from aestudio.training.initial import initial_snapshot


def frozen(name: str) -> FrozenModel:
    return FrozenModel(initial_snapshot(find_recipe(name), MNIST))


def image(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, MNIST.image.array, dtype=np.uint8)


@pytest.mark.parametrize("name", [recipe.name for recipe in shipped_recipes()])
def test_every_layer_of_a_model_has_activations_of_its_shape(name: str) -> None:
    model = frozen(name)
    architecture = model.snapshot.architecture
    shown = [chain for chain in chains(architecture) if chain.name == MODEL or not architecture.encodes]
    layers = [layer for chain in shown for layer in chain.layers if layer.result]
    code = None if architecture.encodes else (0.5,) * architecture.latent.size
    size = architecture.condition_size
    told = (1.0, *(size - 1) * (0.0,)) if size else None
    found = activations(model, [layer.result for layer in layers], image(), code, told)
    assert {layer.result: layer.shape for layer in layers} == {
        module: values.shape for module, values in found.of_modules.items()
    }
    assert found.code is not None
    assert found.code.shape == architecture.latent.shape
    assert (found.decoded is not None) == architecture.decodes
    assert all(np.isfinite(values).all() for values in found.of_modules.values())
    assert not any(module._forward_hooks for module in model.model.modules())


def test_the_numbers_are_those_of_the_modules() -> None:
    model = frozen("conv-vae")
    found = activations(model, ["encoder.1", "encoder.3", "decoder.7"], image())
    with torch.inference_mode():
        values = torch.tensor(image()[None] / 255, dtype=torch.float32)
        for index in range(2):
            values = model.model.encoder[index](values)  # type: ignore[index]
    np.testing.assert_allclose(found.of_modules["encoder.1"], values[0].numpy(), atol=1e-6)
    assert found.of_modules["encoder.1"].min() == 0, "after ReLU"
    reconstructed = model.reconstruct_exactly(image()[None])[0]
    assert found.decoded is not None
    np.testing.assert_allclose(found.decoded, reconstructed, atol=1e-6)
    np.testing.assert_allclose(1 / (1 + np.exp(-found.of_modules["decoder.7"])), reconstructed, atol=1e-6)


def test_a_generator_decodes_the_code_and_its_critic_sees_the_image() -> None:
    model = frozen("gan")
    names = [
        layer.result for chain in chains(Architecture(find_recipe("gan"), MNIST)) for layer in chain.layers
    ]
    code = tuple(np.linspace(-1, 1, model.snapshot.architecture.latent.size).tolist())
    found = activations(model, [name for name in names if name], image(), code)
    other = activations(model, [name for name in names if name], image(1), code)
    assert found.decoded is not None
    np.testing.assert_array_equal(found.decoded, model.decode_exactly(np.array([code], np.float32))[0])
    changed = {
        name
        for name in found.of_modules
        if not np.array_equal(found.of_modules[name], other.of_modules[name])
    }
    assert changed == {name for name in found.of_modules if not name.startswith("decoder.")}
    without = activations(model, ["decoder.0"], image())
    assert without.decoded is None
    assert not without.of_modules


def test_modules_that_are_not_there_are_left_out_and_other_images_refused() -> None:
    model = frozen("vae")
    assert list(activations(model, ["encoder.1", "objective.nowhere"], image()).of_modules) == ["encoder.1"]
    with pytest.raises(StudioError, match="28 × 20"):
        activations(model, [], np.zeros((1, 28, 20), np.uint8))
