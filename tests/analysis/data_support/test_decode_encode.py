"""The distance between a code and the code of its picture, and what a standard deviation of codes is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.data_support.decode_encode import decode_encode_errors
from aestudio.analysis.data_support.scale import code_scale_of, sampled
from aestudio.errors import Cancelled
from aestudio.inference.frozen_model import Codes, FrozenModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def test_it_is_the_way_through_picture_and_encoder(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    codes = frozen_model.encode(few_digits.test.images)
    spread = code_scale_of(codes)
    asked = np.concatenate([codes.mean, 3 * codes.mean, np.zeros((20, 6), np.float32)])
    found = decode_encode_errors(frozen_model, asked, spread)
    std = codes.mean.std(axis=0)
    for index in (0, 70, 139):
        again = frozen_model.encode(frozen_model.decode_exactly(asked[index : index + 1])[:, None]).mean[0]
        expected = np.sqrt(np.mean(((again - asked[index]) / std) ** 2))
        assert found[index] == pytest.approx(expected, rel=1e-4)


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
    perfect = FrozenModel(type(snapshot)("perfect", snapshot.recipe, 0, 0.0, arrays))
    codes = np.random.default_rng(1).uniform(-1, 1, (30, 4)).astype(np.float32)
    assert decode_encode_errors(perfect, codes, code_scale_of(Codes(codes))).max() < 1e-4


def test_numbers_that_collapsed_do_not_count() -> None:
    rng = np.random.default_rng(0)
    means = np.stack([rng.normal(0, 2, 400), rng.normal(0, 0.001, 400)], axis=1).astype(np.float32)
    stds = np.tile(np.array([0.1, 1.0], np.float32), (400, 1))
    spread = code_scale_of(Codes(means, stds))
    assert spread.active.tolist() == [True, False]
    np.testing.assert_allclose(spread.std, [2, 1], rtol=0.1)
    assert spread.scaled(means).shape == (400, 1)
    points = code_scale_of(Codes(means))
    assert points.active.tolist() == [True, False], "a point code's number that does not move"


def test_where_nothing_says_anything_all_numbers_count() -> None:
    spread = code_scale_of(Codes(np.zeros((5, 3), np.float32), np.ones((5, 3), np.float32)))
    assert spread.active.all()
    still = code_scale_of(Codes(np.ones((5, 3), np.float32)))
    assert still.active.all()
    assert np.isfinite(still.scaled(np.ones((1, 3)))).all()


def test_draws_have_the_posteriors_width_and_the_same_seed_the_same_draws() -> None:
    codes = Codes(np.full((5000, 2), 3, np.float32), np.full((5000, 2), 0.5, np.float32))
    drawn = sampled(codes, 1)
    np.testing.assert_allclose(drawn.std(axis=0), 0.5, rtol=0.05)
    np.testing.assert_array_equal(drawn, sampled(codes, 1))
    assert sampled(Codes(codes.mean)) is codes.mean


def test_it_can_be_cancelled(frozen_model: FrozenModel, counter: Callable[..., Callable[..., None]]) -> None:
    codes = np.zeros((300, 6), np.float32)
    with pytest.raises(Cancelled):
        decode_encode_errors(frozen_model, codes, code_scale_of(Codes(codes)), counter(cancel_after=1))
