"""A frozen model gives the same results as the model whose weights it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.datasets.image_shape import MNIST
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.training.events import Snapshot
from aestudio.training.model import Model, build_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aestudio.recipes.recipe import Recipe


def model_and_snapshot(recipe: Recipe, seed: int = 5) -> tuple[Model, Snapshot]:
    model = build_model(Architecture(recipe, MNIST), seed).eval()
    weights = {name: values.numpy().copy() for name, values in model.state_dict().items()}
    for array in weights.values():
        array.setflags(write=False)
    return model, Snapshot("run", recipe, 0, 0.0, weights, data=MNIST)


def images_of(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(3).integers(0, 256, (count, 1, 28, 28), dtype=np.uint8)


def bytes_of(images: torch.Tensor) -> NDArray[np.uint8]:
    return np.rint(images.numpy() * 255).astype(np.uint8)


@pytest.mark.parametrize("recipe", shipped_recipes(), ids=lambda recipe: recipe.name)
def test_frozen_model_agrees_with_the_model(recipe: Recipe) -> None:
    model, snapshot = model_and_snapshot(recipe)
    frozen_model = FrozenModel(snapshot)
    images = images_of(7)
    floats = torch.tensor(images) / 255
    if not recipe.objective.encodes:
        drawn = frozen_model.sample_prior(7, np.random.default_rng(0))
        with torch.no_grad():
            expected = bytes_of(model.decode_images(torch.tensor(drawn)))
        assert np.abs(frozen_model.decode(drawn).astype(int) - expected).max() <= 1
        return
    size = model.architecture.condition_size
    told = np.eye(7, size, dtype=np.float32) if size else None
    condition = None if told is None else torch.tensor(told)
    codes = frozen_model.encode(images, told)
    with torch.no_grad():
        code = model.encode(floats, condition)
        np.testing.assert_allclose(codes.mean, code.mean.numpy(), rtol=1e-4, atol=1e-5)
        assert (codes.std is None) == (code.log_variance is None)
        if codes.std is not None and code.log_variance is not None:
            np.testing.assert_allclose(codes.std, np.exp(code.log_variance.numpy() / 2), rtol=1e-4)
        assert frozen_model.decodes == (model.decoder is not None)
        if not frozen_model.decodes:
            with pytest.raises(TypeError, match="no decoder"):
                frozen_model.decode(codes.mean)
            return
        decoded = frozen_model.decode(codes.mean, told)
        reconstructed = frozen_model.reconstruct(images, told)
        expected = bytes_of(model.reconstruct(floats, condition))
    assert decoded.dtype == reconstructed.dtype == np.uint8
    assert decoded.shape == reconstructed.shape == (7, 1, 28, 28)
    # Grey levels may be rounded differently: the sums are added in another order.
    assert np.abs(decoded.astype(int) - expected).max() <= 1
    assert np.abs(reconstructed.astype(int) - expected).max() <= 1


def test_no_image_is_lost_between_batches() -> None:
    frozen_model = FrozenModel(model_and_snapshot(find_recipe("hidden-256"))[1])
    images = images_of(2003)
    codes = frozen_model.encode(images)
    assert codes.mean.shape == (len(codes), 256) == (2003, 256)
    np.testing.assert_allclose(codes.mean[-5:], frozen_model.encode(images[-5:]).mean, rtol=1e-4, atol=1e-5)
    assert (
        frozen_model.decode(codes.mean).shape == frozen_model.reconstruct(images).shape == (2003, 1, 28, 28)
    )


def test_no_images_give_empty_arrays() -> None:
    frozen_model = FrozenModel(model_and_snapshot(find_recipe("vae"))[1])
    codes = frozen_model.encode(images_of(0))
    assert codes.mean.shape == (0, 32)
    assert codes.std is not None
    assert codes.std.shape == (0, 32)
    assert frozen_model.decode(codes.mean).shape == (0, 1, 28, 28)


def test_show_changes_the_weights_and_the_module_only_for_another_recipe() -> None:
    _, first = model_and_snapshot(find_recipe("vae"), 1)
    _, newer = model_and_snapshot(find_recipe("vae"), 2)
    _, other = model_and_snapshot(find_recipe("conv-vae-2d"), 3)
    frozen_model, images = FrozenModel(first), images_of(3)
    module = frozen_model.model
    frozen_model.show(newer)
    assert frozen_model.model is module, "the same recipe needs no new module"
    np.testing.assert_array_equal(frozen_model.encode(images).mean, FrozenModel(newer).encode(images).mean)
    frozen_model.show(other)
    assert frozen_model.snapshot is other
    np.testing.assert_array_equal(frozen_model.encode(images).mean, FrozenModel(other).encode(images).mean)
    assert not any(parameter.requires_grad for parameter in frozen_model.model.parameters())
    assert not frozen_model.model.training
