"""The map's values, images and ellipses, computed from the state."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.analysis.projections import plane_of_components
from aestudio.gui.inference.requests.map_values_request import MapValues
from aestudio.gui.state.studio_state import DataState, MapChoice, Result, StudioState
from aestudio.gui.views.latent.map.map_content import ellipse_of, images_of, padded, values_of
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

RANDOM = np.random.default_rng(0)
CODES = RANDOM.normal(size=(400, 5)) @ RANDOM.normal(size=(5, 5))


def shown(count: int = 400) -> Any:
    plane = plane_of_components(CODES, 0, 1)
    return SimpleNamespace(plane=plane, xy=np.zeros((count, 2), np.float32), shipped=False)


def test_the_ellipse_is_the_covariance_of_the_projected_codes() -> None:
    """Compare it with the covariance of many codes drawn from the posterior and projected onto the plane."""
    mean = CODES[3].astype(np.float32)
    std = np.array([0.1, 0.5, 1.0, 2.0, 0.3], np.float32)
    at, covariance = ellipse_of(SimpleNamespace(code=mean, std=std), shown())  # type: ignore[arg-type]
    assert at is not None
    assert covariance is not None
    drawn = shown().plane.to_plane(mean + std * RANDOM.normal(size=(200_000, 5)))
    np.testing.assert_allclose(at, drawn.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(covariance, np.cov(drawn.T), atol=0.05)


def test_no_ellipse_without_a_covariance_or_on_another_models_map() -> None:
    code = CODES[0].astype(np.float32)
    for inspected in (
        None,
        SimpleNamespace(code=code, std=None),
        SimpleNamespace(code=code[:3], std=code[:3]),
    ):
        assert ellipse_of(inspected, shown()) == (None, None)  # type: ignore[arg-type]


def test_values_are_those_of_the_chosen_colour() -> None:
    values = MapValues("loss", np.arange(9, dtype=np.float32), "nats")
    state = StudioState(find_recipe("vae"), results={"map values": Result(None, values)})
    assert values_of(state, shown()) is None
    loss = replace(state, map_choice=MapChoice("loss"))
    assert values_of(loss, shown()) is values
    assert values_of(loss, shown(5)) is None, "these values are of a larger map"
    assert values_of(replace(state, map_choice=MapChoice("density")), shown()) is None
    filled = padded(values.values, 12)
    np.testing.assert_array_equal(filled[:9], values.values)
    assert np.isnan(filled[9:]).all()


def test_images_are_numbered_through_both_sets(few_digits: Dataset) -> None:
    state = StudioState(find_recipe("vae"), data=DataState("x", "ready", dataset=few_digits))
    images = images_of(state)(np.array([61, 2, 359]))
    expected = [few_digits.train.images[1], few_digits.test.images[2], few_digits.train.images[299]]
    np.testing.assert_array_equal(images, expected)
    paper = images_of(replace(state, ink_on_paper=True))(np.array([2]))
    np.testing.assert_array_equal(paper[0], 255 - few_digits.test.images[2])
