"""Differences of groups, their uncertainty, analogies and class means, compared with other computations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import sem

from aestudio.analysis.attributes import analogy, attribute_vector, class_means, with_other_class
from aestudio.errors import StudioError


def test_the_difference_of_means_and_its_standard_error() -> None:
    random = np.random.default_rng(0)
    a, b = random.normal(size=(7, 4)), random.normal(2.0, 3.0, size=(12, 4))
    found = attribute_vector(a, b)
    np.testing.assert_allclose(found.vector, b.mean(0) - a.mean(0), rtol=1e-6)
    np.testing.assert_allclose(found.error, np.hypot(sem(a), sem(b)), rtol=1e-6)
    assert found.vector.dtype == found.error.dtype == np.float32
    assert found.counts == (7, 12)
    assert found.length == pytest.approx(np.linalg.norm(b.mean(0) - a.mean(0)))


def test_the_standard_error_is_the_std_of_means_over_many_draws() -> None:
    random = np.random.default_rng(1)
    mix = random.normal(size=(5, 5))  # the numbers of a code go together
    shift = np.full(5, 2.0)
    draws = [
        attribute_vector(random.normal(size=(20, 5)) @ mix, random.normal(size=(30, 5)) @ mix + shift)
        for _ in range(600)
    ]
    spread = np.std([draw.vector for draw in draws], axis=0)
    np.testing.assert_allclose(np.mean([draw.error for draw in draws], axis=0), spread, rtol=0.1)
    lengths = np.std([draw.length for draw in draws])
    assert np.mean([draw.length_error for draw in draws]) == pytest.approx(lengths, rel=0.1)
    by_chance = [
        attribute_vector(random.normal(size=(20, 5)) @ mix, random.normal(size=(30, 5)) @ mix)
        for _ in range(3000)
    ]
    squares = np.mean([draw.length**2 for draw in by_chance])
    assert np.mean([draw.by_chance**2 for draw in by_chance]) == pytest.approx(squares, rel=0.1)  # type: ignore[operator]


def test_one_member_has_no_uncertainty_and_an_empty_group_no_mean() -> None:
    one, two = np.ones((1, 3)), np.zeros((2, 3))
    for found in (attribute_vector(one, two), attribute_vector(two, one)):
        assert np.isnan(found.error).all()
        assert found.length_error is None
        assert found.by_chance is None
        assert found.length == pytest.approx(np.sqrt(3))
    with pytest.raises(StudioError, match="without members"):
        attribute_vector(np.empty((0, 3)), two)


def test_equal_groups_have_no_difference() -> None:
    found = attribute_vector(np.eye(3), np.eye(3))
    assert found.length == 0
    assert found.length_error == 0


def test_an_analogy_completes_the_parallelogram() -> None:
    a, b, c = np.random.default_rng(2).normal(size=(3, 6)).astype(np.float32)
    d = analogy(a, b, c)
    np.testing.assert_allclose(d - c, a - b, atol=1e-6)
    np.testing.assert_allclose(d - a, c - b, atol=1e-6)


def test_another_class_keeps_the_deviation_from_the_class_mean() -> None:
    random = np.random.default_rng(3)
    centres = random.normal(size=(4, 6)) * 5
    labels = np.repeat([0, 1, 3], 5)
    styles = random.normal(size=(15, 6))
    codes = centres[labels] + styles
    means = class_means(codes, labels, 4)
    assert np.isnan(means[2]).all()
    np.testing.assert_allclose(means[1], codes[5:10].mean(0))
    swapped = with_other_class(codes[7], 1, means)
    assert swapped.dtype == np.float32
    np.testing.assert_array_equal(swapped[1], codes[7].astype(np.float32))
    np.testing.assert_allclose(swapped[3] - means[3], codes[7] - means[1], atol=1e-5)
    assert np.isnan(swapped[2]).all()
