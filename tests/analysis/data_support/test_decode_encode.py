"""The decode-encode error, and the scale of the codes in which it is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.data_support.decode_encode import decode_encode_errors
from aestudio.analysis.data_support.scale import code_scale_of
from aestudio.errors import Cancelled
from aestudio.inference.frozen_model import Codes, FrozenModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def test_error_is_the_scaled_distance_from_the_code_of_the_decoded_image(
    frozen_model: FrozenModel, few_digits: Dataset
) -> None:
    codes = frozen_model.encode(few_digits.test.images)
    scale = code_scale_of(codes)
    queries = np.concatenate([codes.mean, 3 * codes.mean, np.zeros((20, 6), np.float32)])
    errors = decode_encode_errors(frozen_model, queries, scale)
    std = codes.mean.std(axis=0)
    for index in (0, 70, 139):
        reencoded = frozen_model.encode(frozen_model.decode_exactly(queries[index : index + 1])).mean[0]
        expected = np.sqrt(np.mean(((reencoded - queries[index]) / std) ** 2))
        assert errors[index] == pytest.approx(expected, rel=1e-4)


def test_an_encoder_that_undoes_its_decoder_has_no_error(snapshot_of: Callable[..., Snapshot]) -> None:
    snapshot = snapshot_of("deep-ae", latent_size=4, hidden=(), output="linear")
    directions, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(784, 4)))
    weights = {
        "decoder.0.weight": 0.1 * directions,
        "decoder.0.bias": np.full(784, 0.5),
        "objective.head.weight": 10 * directions.T,
        "objective.head.bias": -10 * directions.T @ np.full(784, 0.5),
    }
    assert set(weights) == set(snapshot.weights)
    arrays = {name: array.astype(np.float32) for name, array in weights.items()}
    perfect = FrozenModel(type(snapshot)("perfect", snapshot.recipe, 0, 0.0, arrays, data=snapshot.data))
    codes = np.random.default_rng(1).uniform(-1, 1, (30, 4)).astype(np.float32)
    assert decode_encode_errors(perfect, codes, code_scale_of(Codes(codes))).max() < 1e-4


def test_collapsed_dimensions_are_not_active() -> None:
    rng = np.random.default_rng(0)
    means = np.stack([rng.normal(0, 2, 400), rng.normal(0, 0.001, 400)], axis=1).astype(np.float32)
    stds = np.tile(np.array([0.1, 1.0], np.float32), (400, 1))
    scale = code_scale_of(Codes(means, stds))
    assert scale.active.tolist() == [True, False]
    np.testing.assert_allclose(scale.std, [2, 1], rtol=0.1)
    assert scale.scaled(means).shape == (400, 1)
    points = code_scale_of(Codes(means))
    assert points.active.tolist() == [True, False], "a constant dimension of a point code"


def test_if_no_dimension_is_active_all_are_used() -> None:
    scale = code_scale_of(Codes(np.zeros((5, 3), np.float32), np.ones((5, 3), np.float32)))
    assert scale.active.all()
    constant = code_scale_of(Codes(np.ones((5, 3), np.float32)))
    assert constant.active.all()
    assert np.isfinite(constant.scaled(np.ones((1, 3)))).all()


def test_samples_have_the_posterior_std_and_are_fixed_by_the_seed() -> None:
    codes = Codes(np.full((5000, 2), 3, np.float32), np.full((5000, 2), 0.5, np.float32))
    samples = codes.sampled(1)
    np.testing.assert_allclose(samples.std(axis=0), 0.5, rtol=0.05)
    np.testing.assert_array_equal(samples, codes.sampled(1))
    assert Codes(codes.mean).sampled() is codes.mean


def test_the_computation_can_be_cancelled(
    frozen_model: FrozenModel, counter: Callable[..., Callable[..., None]]
) -> None:
    codes = np.zeros((300, 6), np.float32)
    with pytest.raises(Cancelled):
        decode_encode_errors(frozen_model, codes, code_scale_of(Codes(codes)), counter(cancel_after=1))
