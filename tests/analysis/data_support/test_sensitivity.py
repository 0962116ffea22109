"""The decoder's Jacobian in a plane, compared with closed forms and double-precision differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.analysis.data_support.sensitivity import decoder_sensitivity
from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.events import Snapshot
from aestudio.training.initial import weights_of
from aestudio.training.model import build_model, load_weights

if TYPE_CHECKING:
    from collections.abc import Callable


def axes_of(size: int, seed: int = 0) -> np.ndarray:
    orthonormal, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(size, 2)))
    return orthonormal.T


def by_differences(snapshot: Snapshot, codes: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Central differences with tiny steps in double precision, at codes (N, L): (N,)."""
    model = build_model(snapshot.architecture).eval().requires_grad_(False)
    load_weights(model, snapshot.weights)
    model = model.double()
    total = np.zeros(len(codes))
    for axis in axes:
        step = torch.tensor(1e-7 * axis[None])
        at = torch.tensor(codes.astype(np.float64))
        change = (model.decode_images(at + step) - model.decode_images(at - step)) / 2e-7
        total += change.square().sum(dim=(1, 2, 3)).numpy()
    return np.sqrt(total)


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        ("vae", {"latent_size": 6, "hidden": (32, 16)}),
        ("deep-ae", {"latent_size": 5, "hidden": (24,)}),  # a linear output, cut to [0, 1]
        ("conv-ae", {"latent_size": 4, "channels": (4, 8), "dense_units": 16}),
        ("conv-vae", {"latent_size": 3, "channels": (4, 6, 8), "dense_units": 32}),  # 3 -> 7: output padding
        ("row-gru-ae", {"latent_size": 4, "units": 12}),  # its layers are not supported: differences
    ],
)
def test_sensitivity_agrees_with_central_differences(
    snapshot_of: Callable[..., Snapshot], recipe: str, settings: dict[str, object]
) -> None:
    snapshot = snapshot_of(recipe, **settings)
    size = snapshot.recipe.network.latent_size
    codes = np.random.default_rng(1).normal(size=(70, size)).astype(np.float32)
    axes = axes_of(size)
    sensitivity = decoder_sensitivity(FrozenModel(snapshot), codes, axes)
    assert sensitivity.dtype == np.float32
    np.testing.assert_allclose(sensitivity, by_differences(snapshot, codes, axes), rtol=2e-3)
    assert np.median(sensitivity) > 0


@pytest.mark.parametrize(
    "shape",
    [ImageShape(3, 32, 32), ImageShape(1, 28, 20), ImageShape(1, 33, 17), ImageShape(3, 13, 50)],
    ids=str,
)
@pytest.mark.parametrize(
    ("recipe", "settings"),
    [("conv-vae", {"channels": (4, 6, 8), "dense_units": 16}), ("deep-ae", {"hidden": (24,)})],
)
def test_sensitivity_in_colour_and_in_odd_sizes(
    shape: ImageShape, recipe: str, settings: dict[str, object]
) -> None:
    chosen, data = find_recipe(recipe).with_settings({"latent_size": 3, **settings}), DataShape(shape)
    snapshot = Snapshot("odd", chosen, 0, 0.0, weights_of(build_model(Architecture(chosen, data))), data=data)
    codes = np.random.default_rng(1).normal(size=(9, 3)).astype(np.float32)
    sensitivity = decoder_sensitivity(FrozenModel(snapshot), codes, axes_of(3))
    np.testing.assert_allclose(sensitivity, by_differences(snapshot, codes, axes_of(3)), rtol=2e-3)
    assert np.median(sensitivity) > 0


def test_a_linear_decoder_has_the_same_sensitivity_everywhere(snapshot_of: Callable[..., Snapshot]) -> None:
    snapshot = snapshot_of("deep-ae", latent_size=4, hidden=(), output="linear")
    weight = np.random.default_rng(0).normal(0, 0.01, (784, 4)).astype(np.float32)
    weights = {
        **snapshot.weights,
        "decoder.0.weight": weight,
        "decoder.0.bias": np.full(784, 0.5, np.float32),
    }
    linear = type(snapshot)("linear", snapshot.recipe, 0, 0.0, weights, data=snapshot.data)
    axes = axes_of(4)
    codes = np.random.default_rng(1).uniform(-1, 1, (9, 4)).astype(np.float32)
    sensitivity = decoder_sensitivity(FrozenModel(linear), codes, axes)
    np.testing.assert_allclose(sensitivity, np.linalg.norm(weight @ axes.T), rtol=1e-5)
    white = {**weights, "decoder.0.bias": np.full(784, 9, np.float32)}
    clipped = type(snapshot)("cut", snapshot.recipe, 0, 0.0, white, data=snapshot.data)
    assert not decoder_sensitivity(FrozenModel(clipped), codes, axes).any(), "white stays white"


def test_rotation_within_the_plane_changes_nothing(snapshot_of: Callable[..., Snapshot]) -> None:
    frozen_model = FrozenModel(snapshot_of("vae", latent_size=5, hidden=(16,)))
    codes = np.random.default_rng(1).normal(size=(10, 5)).astype(np.float32)
    axes, angle = axes_of(5), 0.7
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    np.testing.assert_allclose(
        decoder_sensitivity(frozen_model, codes, axes),
        decoder_sensitivity(frozen_model, codes, rotation @ axes),
        rtol=1e-4,
    )
