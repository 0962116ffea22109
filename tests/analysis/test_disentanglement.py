"""The mutual information gap compared with scikit-learn and with constructed codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.metrics import mutual_info_score

from aestudio.analysis.disentanglement import (
    BINS,
    FactorTable,
    binned,
    entropy,
    evaluated_images,
    latent_metrics,
    measured_factors,
    measures_of,
    mutual_information,
    mutual_information_gap,
    true_factors,
)
from aestudio.datasets.dataset import ImageSet
from aestudio.errors import Cancelled
from aestudio.inference.frozen_model import Codes

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot

IMAGES = 20_000


@given(seed=some.integers(0, 10_000), bins=some.integers(1, 25))
def test_mutual_information_is_scikit_learns(seed: int, bins: int) -> None:
    random = np.random.default_rng(seed)
    first, second = random.integers(0, bins, (2, 200))
    second = np.where(random.random(200) < 0.5, first, second)
    assert mutual_information(first, second) == pytest.approx(mutual_info_score(first, second), abs=1e-9)
    assert entropy(first) == pytest.approx(mutual_info_score(first, first), abs=1e-9)


def test_bins_are_equally_filled_at_every_scale() -> None:
    values = np.exp(np.random.default_rng(0).standard_normal(1000) * 4)
    found = binned(values)
    np.testing.assert_array_equal(np.bincount(found), np.full(BINS, 1000 // BINS))
    np.testing.assert_array_equal(found, binned(np.log(values)))
    assert set(binned(np.ones(50)).tolist()) == {BINS - 1}
    assert binned(np.array([0.0, np.nan, 1.0]))[1] == BINS


@pytest.fixture(scope="module")
def factors() -> tuple[np.ndarray, FactorTable]:
    values = np.random.default_rng(1).uniform(-1, 1, (IMAGES, 3))
    return values, FactorTable(("a", "b", "c"), np.stack([binned(column) for column in values.T], axis=1))


def test_one_dimension_per_factor_gives_a_gap_of_one(factors: tuple[np.ndarray, FactorTable]) -> None:
    values, known = factors
    noise = np.random.default_rng(2).standard_normal((IMAGES, 1))
    found = mutual_information_gap(np.concatenate([noise, values[:, [2, 0, 1]]], axis=1), known)
    assert found is not None
    # 1 but for the second best number, noise, which 361 degrees of freedom make tell about 361 / 2N nats.
    assert found.mig == pytest.approx(1 - 361 / (2 * IMAGES) / np.log(BINS), abs=0.003)
    assert [each.dimension for each in found.factors] == [2, 3, 1]
    assert all(each.information == pytest.approx(1, abs=1e-9) for each in found.factors)


def test_rotated_codes_have_no_gap(factors: tuple[np.ndarray, FactorTable]) -> None:
    values, known = factors
    turn = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    only = FactorTable(known.names[:2], known.bins[:, :2])
    found = mutual_information_gap(values[:, :2] @ turn, only)
    assert found is not None
    assert found.mig < 0.02
    # Two numbers that tell the same have none either.
    twice = mutual_information_gap(np.repeat(values[:, :2], 2, axis=1), only)
    assert twice is not None
    assert twice.mig == 0


def test_the_gap_is_the_papers_formula(factors: tuple[np.ndarray, FactorTable]) -> None:
    values, known = factors
    mixed = values @ np.array([[1.0, 0.3, 0.0], [0.1, 1.0, 0.4], [0.0, 0.2, 1.0]])
    terms = []
    for factor in known.bins.T:
        informations = sorted(mutual_info_score(binned(column), factor) for column in mixed.T)
        terms.append((informations[-1] - informations[-2]) / np.log(BINS))
    found = mutual_information_gap(mixed, known)
    assert found is not None
    assert found.mig == pytest.approx(np.mean(terms), abs=1e-6)


def test_a_factor_that_does_not_vary_is_left_out(factors: tuple[np.ndarray, FactorTable]) -> None:
    values, known = factors
    still = FactorTable(("a", "still"), np.stack([known.bins[:, 0], np.zeros(IMAGES, np.int64)], axis=1))
    found = mutual_information_gap(values, still)
    assert found is not None
    assert [each.factor for each in found.factors] == ["a"]
    assert mutual_information_gap(values[:, :1], known) is None


def test_a_collapsed_dimension_has_no_information() -> None:
    """Its means still carry the factor at a thousandth of the scale; the decoder gets the prior's noise."""
    factor = np.random.default_rng(0).uniform(-1, 1, IMAGES).astype(np.float32)
    mean = np.stack([1e-3 * factor, factor], axis=1)
    std = np.broadcast_to(np.array([1.0, 0.01], np.float32), mean.shape)
    codes = Codes(mean, std).sampled()
    known = FactorTable(("a",), binned(factor)[:, None])
    found = mutual_information_gap(codes, known)
    assert found is not None
    assert found.factors[0].dimension == 1
    assert found.mig > 0.8
    np.testing.assert_array_equal(codes, Codes(mean, std).sampled())
    assert Codes(mean).sampled() is mean


def test_factors_of_the_built_in_digits(few_digits: Dataset) -> None:
    """Codes that are the true factors themselves have the largest gap that these digits allow."""
    digits = few_digits.train
    known = true_factors(digits)
    assert known is not None
    assert known.names == (*digits.factor_names, "class")
    assert digits.factors is not None
    style = digits.factors[:, 0].astype(int)
    # The ways of writing are names: as many bins as there are.
    assert known.bins[:, 0].max() + 1 == len(set(style.tolist()))
    found = mutual_information_gap(digits.factors[:, 1:], known)
    assert found is not None
    by_name = {each.factor: each for each in found.factors}
    assert by_name["thickness"].information == pytest.approx(1)
    assert by_name["thickness"].dimension == digits.factor_names.index("thickness") - 1
    assert by_name["thickness"].gap > by_name["class"].gap
    assert true_factors(ImageSet(digits.images)) is None


def test_the_metrics_of_a_snapshot(trained: Snapshot, few_digits: Dataset) -> None:
    metrics = latent_metrics(trained, few_digits.test)
    assert metrics is not None
    assert metrics.measured is not None
    assert metrics.true is not None
    table = metrics.to_json()
    assert (table["images"], table["bins"]) == (60, BINS)
    assert table["mig_measured"] == metrics.measured.mig
    assert 0 <= table["mig_measured"] <= 1
    assert set(table["measured"]) == {"area", "length", "thickness", "slant", "width", "height", "class"}
    assert set(table["true"]) == {*few_digits.test.factor_names, "class"}
    again = latent_metrics(trained, few_digits.test, measures=measures_of(few_digits.test))
    assert again == metrics
    plain = latent_metrics(trained, ImageSet(few_digits.test.images))
    assert plain is not None
    assert plain.true is None
    assert plain.to_json()["mig_true"] is None


def test_models_without_meaningful_metrics_have_none(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset, trained: Snapshot, counter: type
) -> None:
    assert latent_metrics(snapshot_of("digit-classifier"), few_digits.test) is None
    assert latent_metrics(snapshot_of("hidden-256", latent_size=1), few_digits.test) is None
    with pytest.raises(Cancelled):
        latent_metrics(trained, few_digits.test, counter(cancel_after=2))


def test_a_large_set_is_sampled_evenly(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aestudio.analysis.disentanglement.MAX_IMAGES", 20)
    chosen = evaluated_images(few_digits.test)
    assert len(chosen) == 20
    rows = [
        int(np.flatnonzero((few_digits.test.images == image).all(axis=(1, 2, 3)))[0])
        for image in chosen.images
    ]
    assert rows == sorted(rows)
    assert (rows[0], rows[-1]) == (0, 59)
    assert few_digits.test.labels is not None
    np.testing.assert_array_equal(chosen.labels, few_digits.test.labels[rows])
    assert len(measured_factors(chosen, measures_of(few_digits.test)).bins) == 20
