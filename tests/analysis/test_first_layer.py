"""First-layer weights as images, for every network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.first_layer import first_layer

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
