"""Quantised codes: cells, bits counted in three ways, and the reconstructions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from aestudio.analysis.compression import (
    compress,
    entropy_bits,
    fit_quantiser,
    learned_bits,
    rate_curve,
)
from aestudio.datasets.dataset import ImageSet
from aestudio.errors import BadChoice, Cancelled, StudioError

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.inference.frozen_model import FrozenModel


@given(seed=st.integers(0, 100), bits=st.integers(1, 12))
def test_a_rounded_code_is_at_most_half_a_cell_away(seed: int, bits: int) -> None:
    codes = np.random.default_rng(seed).normal(size=(50, 3)).astype(np.float32) * [1, 100, 0]
    codes = codes.astype(np.float32)
    quantiser = fit_quantiser(codes, bits)
    levels = quantiser.levels(codes)
    assert levels.min() >= 0
    assert levels.max() < 2**bits
    span = codes.max(0) - codes.min(0)
    error = np.abs(quantiser.restore(levels) - codes)
    assert (error <= span / 2 ** (bits + 1) * 1.001 + 1e-4 * span).all()
    assert (quantiser.levels(quantiser.restore(levels)) == levels)[:, :2].all()
    assert quantiser.fixed_bits == 3 * bits


def test_values_outside_go_to_the_outermost_cell() -> None:
    quantiser = fit_quantiser(np.array([[0.0], [1.0]], np.float32), 2)
    assert quantiser.levels(np.array([[-5.0], [0.1], [0.3], [5.0]])).ravel().tolist() == [0, 0, 1, 3]
    assert quantiser.restore(np.array([[0], [3]])).ravel() == pytest.approx([0.125, 0.875])


def test_entropy_is_scipys() -> None:
    levels = np.random.default_rng(0).integers(0, 5, (400, 3)) ** 2
    expected = sum(entropy(np.bincount(column), base=2) for column in levels.T)
    assert entropy_bits(levels) == pytest.approx(expected)
    assert entropy_bits(np.zeros((9, 4), np.int64)) == 0


def test_learned_bits_approach_the_entropy_from_above() -> None:
    draw = np.random.default_rng(0)
    train, test = draw.binomial(15, 0.3, (50_000, 2)), draw.binomial(15, 0.3, (5_000, 2))
    learned, least = learned_bits(test, train, 4), entropy_bits(test)
    assert least <= learned <= least * 1.01
    unseen = learned_bits(np.array([[3]]), np.array([[0]]), 2)
    assert unseen == pytest.approx(-np.log2(0.5 / 3))


def test_sixteen_bits_give_the_unquantised_reconstruction(
    frozen_model: FrozenModel, few_digits: Dataset
) -> None:
    images = few_digits.train.images[:20]
    codes = frozen_model.encode(few_digits.train.images).mean
    found = compress(frozen_model, fit_quantiser(codes, 16), images)
    assert np.abs(found.reconstructed.astype(int) - frozen_model.reconstruct(images)).max() <= 1
    assert found.fixed_bits == 6 * 16
    assert found.raw_bits == 6272
    coarse = compress(frozen_model, fit_quantiser(codes, 1), images)
    assert set(np.unique(coarse.levels)) <= {0, 1}
    assert coarse.squared_error.mean() > found.squared_error.mean()


def test_more_bits_give_better_reconstructions(
    frozen_model: FrozenModel, few_digits: Dataset, counter: type
) -> None:
    codes = frozen_model.encode(few_digits.train.images).mean
    progress = counter()
    curve = rate_curve(frozen_model, codes, few_digits.train, progress=progress)
    assert [point.bits for point in curve] == list(range(1, 13))
    assert [point.fixed_bits for point in curve] == [6 * bits for bits in range(1, 13)]
    for point in curve:
        assert point.entropy_bits <= min(point.fixed_bits, point.learned_bits) + 1e-9
    assert curve[0].mse_per_pixel > curve[3].mse_per_pixel > curve[11].mse_per_pixel * 0.999
    exact = frozen_model.reconstruct_exactly(few_digits.train.images)
    unrounded = ((exact - few_digits.train.images / 255) ** 2).mean()
    assert curve[11].mse_per_pixel == pytest.approx(unrounded, rel=1e-3)
    four = compress(frozen_model, fit_quantiser(codes, 4), few_digits.train.images)
    assert curve[3].mse_per_pixel == pytest.approx(four.squared_error.mean() / 784, rel=1e-6)
    assert curve[3].entropy_bits == pytest.approx(entropy_bits(four.levels))
    assert progress.calls[-1][0] == progress.calls[-1][1]


def test_impossible_compressions_are_refused(
    frozen_model: FrozenModel, classifier_model: FrozenModel, few_digits: Dataset, counter: type
) -> None:
    codes = frozen_model.encode(few_digits.test.images).mean
    for bits in (0, 17):
        with pytest.raises(BadChoice, match="from 1 up to 16"):
            fit_quantiser(codes, bits)
    with pytest.raises(StudioError, match="no code"):
        fit_quantiser(codes[:0], 4)
    with pytest.raises(StudioError, match="decodes nothing"):
        rate_curve(classifier_model, codes, few_digits.test)
    with pytest.raises(StudioError, match="no image"):
        rate_curve(frozen_model, codes, ImageSet(few_digits.test.images[:0]))
    with pytest.raises(Cancelled):
        rate_curve(frozen_model, codes, few_digits.test, progress=counter(cancel_after=3))
