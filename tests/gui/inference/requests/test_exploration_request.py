"""The inspector shows the same numbers of an image as the other views."""

from dataclasses import replace

import numpy as np
import pytest

from aestudio.analysis.reconstructions import reconstruct
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.exploration_request import Inspect, PrepareSlider, SpareModules
from aestudio.inference.frozen_model import FrozenModel
from aestudio.progress import silent


def test_the_squared_error_is_the_one_of_the_reconstruct_view(few_digits, make_snapshot):
    cache, snapshot = InferenceCache(), make_snapshot()
    found = Inspect(snapshot, (few_digits.test,), 3).compute(cache, silent)
    triple = reconstruct(cache.frozen_model(snapshot), few_digits.test, [3])
    assert found.squared_error == pytest.approx(triple.squared_error[0], rel=1e-6)
    assert (found.reconstruction == triple.reconstructed[0]).all()


def test_a_module_that_nobody_uses_is_filled_instead_of_building_another(few_digits, make_snapshot):
    cache, spare = InferenceCache(), SpareModules()
    first, second = make_snapshot(), make_snapshot()
    weights = {name: array + np.float32(0.1) for name, array in second.weights.items()}
    second = replace(second, weights=weights, step=2)
    module = PrepareSlider(first, spare).compute(cache, silent)
    other = PrepareSlider(second, spare).compute(cache, silent)
    assert other is not module, "the first one is in use"
    spare.give(module)
    again = PrepareSlider(second, spare).compute(cache, silent)
    assert again is module
    assert spare.take() is None, "it is in use again"
    codes = np.ones((2, second.architecture.latent.size), np.float32)
    np.testing.assert_array_equal(again.decode(codes), FrozenModel(second).decode(codes))
    assert (again.decode(codes) != FrozenModel(first).decode(codes)).any()


def test_a_module_of_another_recipe_is_not_filled(few_digits, make_snapshot):
    spare = SpareModules()
    spare.give(FrozenModel(make_snapshot("vae")))
    other = make_snapshot("deep-ae")
    module = PrepareSlider(other, spare).compute(InferenceCache(), silent)
    assert module.snapshot is other
    assert module.model.architecture == other.architecture
