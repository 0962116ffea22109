"""The inspector shows the same numbers of an image as the other views."""

import pytest

from aestudio.analysis.reconstructions import reconstruct
from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.exploration_request import Inspect
from aestudio.progress import silent


def test_the_squared_error_is_the_one_of_the_reconstruct_view(few_digits, make_snapshot):
    cache, snapshot = InferenceCache(), make_snapshot()
    found = Inspect(snapshot, (few_digits.test,), 3).compute(cache, silent)
    triple = reconstruct(cache.frozen_model(snapshot), few_digits.test, [3])
    assert found.squared_error == pytest.approx(triple.squared_error[0], rel=1e-6)
    assert (found.reconstruction == triple.reconstructed[0]).all()
