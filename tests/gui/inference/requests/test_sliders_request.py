"""The sliders' request: the map's codes again, and those of a shipped model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.axis_statistics import latent_statistics
from aestudio.datasets.image_shape import MNIST
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.sliders_request import SlidersRequest
from aestudio.gui.state.model_state import ShippedCodes
from aestudio.progress import silent
from aestudio.recipes.library import find_recipe
from aestudio.training.initial import initial_snapshot

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return initial_snapshot(find_recipe("vae").with_settings({"latent_size": 5, "hidden": (16,)}), MNIST)


def test_the_images_are_encoded_once_for_map_and_sliders(snapshot: Snapshot, few_digits: Dataset) -> None:
    cache = InferenceCache()
    codes = cache.codes(snapshot, few_digits.test, 40, silent)
    found = SlidersRequest(snapshot, few_digits.test, None, 40).compute(cache, silent)
    assert cache.codes(snapshot, few_digits.test, 40, silent) is codes
    assert sum(map(len, cache._codes.values())) == 1
    assert found.count == 40
    expected = latent_statistics(codes, True)
    np.testing.assert_array_equal(found.dimensions.kl, expected.dimensions.kl)
    assert found.axes_of("components").size == found.axes_of("dimensions").size == 5


def test_shipped_codes_need_no_images(snapshot: Snapshot) -> None:
    mean = np.random.default_rng(0).standard_normal((30, 5)).astype(np.float32)
    given = ShippedCodes(mean, np.zeros(30, np.int64))
    found = SlidersRequest(snapshot, None, given, 10_000).compute(InferenceCache(), silent)
    assert found.gaussian
    assert found.dimensions.kl is None
    assert found.dimensions.sigma is None
    np.testing.assert_allclose(found.dimensions.std, mean.astype(float).std(0, ddof=1), rtol=1e-6)
