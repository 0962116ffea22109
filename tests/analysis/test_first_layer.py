"""First-layer weights as images, for every network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.first_layer import first_layer
from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.recipes.library import find_recipe
from aestudio.training.initial import initial_snapshot
from tests.proofs.proofs import recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.training.events import Snapshot


@pytest.mark.parametrize(
    ("recipe", "settings", "kind", "shape", "name"),
    [
        ("deep-ae", {"hidden": (40, 8)}, "units", (40, 1, 28, 28), "encoder.1.weight"),
        ("conv-ae", {"channels": (6, 4)}, "filters", (6, 1, 4, 4), "encoder.0.weight"),
        ("conv-ae", {"channels": ()}, "units", (128, 1, 28, 28), "encoder.1.weight"),
        ("row-gru-ae", {"units": 24}, "gates", (3, 1, 24, 28), "encoder.gru.weight_ih_l0"),
        ("deep-ae", {"hidden": (), "latent_size": 9}, "units", (9, 1, 28, 28), "objective.head.weight"),
        ("digit-classifier", {}, "units", (128, 1, 28, 28), "encoder.1.weight"),
    ],
)
def test_images_times_scales_are_the_weights(
    recipe: str,
    settings: dict[str, object],
    kind: str,
    shape: tuple[int, ...],
    name: str,
    snapshot_of: Callable[..., Snapshot],
) -> None:
    snapshot = snapshot_of(recipe, **settings)
    found = first_layer(snapshot)
    assert found.kind == kind
    assert found.images is not None
    assert found.images.shape == shape
    assert np.abs(found.images).max(axis=(1, 2, 3)) == pytest.approx(np.ones(shape[0]))
    weights = snapshot.weights[name].reshape(shape)
    assert found.images * found.scales[:, None, None, None] == pytest.approx(weights, abs=1e-6)
    assert found.reason == ""


def test_a_gaussian_code_without_layers_shows_its_means(snapshot_of: Callable[..., Snapshot]) -> None:
    snapshot = snapshot_of("vae", hidden=(), latent_size=5)
    found = first_layer(snapshot)
    assert found.images is not None
    means = snapshot.weights["objective.head.weight"][:5].reshape(5, 1, 28, 28)
    assert found.images * found.scales[:, None, None, None] == pytest.approx(means, abs=1e-6)


def test_units_without_weights_stay_neutral(snapshot_of: Callable[..., Snapshot]) -> None:
    snapshot = snapshot_of("deep-ae")
    weights = {name: np.zeros_like(array) for name, array in snapshot.weights.items()}
    found = first_layer(type(snapshot)("run", snapshot.recipe, 0, 0.0, weights, data=snapshot.data))
    assert found.images is not None
    assert not found.images.any()


def test_other_weights_have_no_images(snapshot_of: Callable[..., Snapshot]) -> None:
    snapshot = snapshot_of("deep-ae")
    weights = {"encoder.0.weight": np.ones((3, 5), np.float32)}
    found = first_layer(type(snapshot)("run", snapshot.recipe, 0, 0.0, weights, data=snapshot.data))
    assert found.images is None
    assert found.kind == "nothing"
    assert "first layer" in found.reason


def test_a_conditional_model_shows_the_weights_of_the_pixels() -> None:
    data = DataShape(ImageShape(3, 16, 12), 4)
    snapshot = initial_snapshot(recipe_of("conditional"), data)
    found = first_layer(snapshot)
    name = next(name for name, weights in snapshot.weights.items() if weights.ndim == 2)
    whole = snapshot.weights[name].reshape(-1, 3 + 4, 16, 12)
    assert found.told == 4
    assert found.images is not None
    assert found.images * found.scales[:, None, None, None] == pytest.approx(whole[:, :3], abs=1e-6)


def test_an_encoder_that_takes_a_row_of_numbers_has_no_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reconstruction, "encoder_input", lambda _, data: (data.image.size + 3,))
    recipe = find_recipe("deep-ae").with_settings({"hidden": (8,), "latent_size": 2})
    found = first_layer(initial_snapshot(recipe, MNIST))
    assert found.kind == "nothing"
    assert "does not read the pixels" in found.reason
