"""Whole-number probabilities: the same on every machine, and near to those that they stand for."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from scipy import stats

from aestudio.codec import integer_tables
from aestudio.codec.integer_tables import TOTAL


@pytest.mark.parametrize(
    ("name", "digest"), [("normal", "ccce91778fd0b5d7"), ("logistic", "130d624ba8802376")]
)
def test_no_entry_depends_on_the_last_bits_of_a_machine(name: str, digest: str) -> None:
    """A double of up to 1/2, times 2^32, is wrong by a few times 2^-22: no entry is so near to a rounding."""
    exact = integer_tables._half(name) * 2.0**32
    assert np.abs(exact - np.floor(exact) - 0.5).min() > 1e-5
    table = integer_tables.distribution(name)
    assert hashlib.sha256(table.astype("<i8").tobytes()).hexdigest()[:16] == digest
    assert (np.diff(table) >= 0).all()
    assert np.array_equal(table + table[::-1], np.full(len(table), 1 << 32))


@pytest.mark.parametrize(("name", "reference"), [("normal", stats.norm), ("logistic", stats.logistic)])
def test_cells_have_the_probabilities_of_the_distribution(name: str, reference: stats.rv_continuous) -> None:
    edges = np.arange(-2000, 2001, 40)
    mean, scale = np.array([0, 333, -1777, 5000]), np.array([1024, 50, 7, 300])
    table = integer_tables.probabilities(name, edges, mean, scale)
    assert (table.sum(axis=1) == TOTAL).all()
    assert table.min() >= 1
    for row, middle, width in zip(table, mean, scale, strict=True):
        bounds = np.concatenate([[-np.inf], (edges - middle) / width, [np.inf]])
        exact = np.diff(reference.cdf(bounds))
        assert np.abs(row / TOTAL - exact).max() < 2e-5
        # What coding under the table costs more than under the distribution, in bits.
        likely = exact > 0
        assert (exact[likely] * np.log2(exact[likely] * TOTAL / row[likely])).sum() < 1e-3


def test_counts_become_shares_of_them() -> None:
    counts = np.array([[1, 0, 3], [255, 255, 0]])
    table = integer_tables.of_counts(counts)
    assert (table.sum(axis=1) == TOTAL).all()
    assert np.allclose(table / TOTAL, counts / counts.sum(axis=1, keepdims=True), atol=1e-6)
    assert table[0, 1] == 1
    with pytest.raises(ValueError, match="empty"):
        integer_tables.of_counts(np.zeros((1, 3), np.int64))


@pytest.mark.parametrize("choices", [1, 2, 3, 10, 128])
def test_equal_probabilities(choices: int) -> None:
    table = integer_tables.uniform(choices)
    assert table.sum() == TOTAL
    assert np.ptp(table) <= 1


def test_probabilities_of_binary_pixels() -> None:
    logits = np.array([-20.0, -3.3, 0.0, 0.25, 7.0, 99.0])
    table = integer_tables.of_binary(np.rint(logits * integer_tables.LOGIT_STEP).astype(np.int64))
    assert (table.sum(axis=1) == TOTAL).all()
    assert table.min() >= 1
    assert np.allclose(table[:, 1] / TOTAL, 1 / (1 + np.exp(-np.clip(logits, -20, 20))), atol=2e-3)
    assert table[2].tolist() == [TOTAL // 2, TOTAL // 2]


def test_ideal_bits() -> None:
    table = np.array([[TOTAL // 4, 3 * TOTAL // 4]])
    assert integer_tables.ideal_bits(table, np.array([0])) == 2.0
