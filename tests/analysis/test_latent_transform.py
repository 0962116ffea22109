"""Coordinates along directions, from codes and back to codes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aestudio.analysis.latent_transform import axes_of_components, axes_of_dimensions
from aestudio.analysis.projections import principal_components


@given(st.integers(0, 10_000), st.integers(1, 6), st.floats(-5, 5))
def test_moving_one_coordinate_moves_no_other(seed: int, size: int, value: float) -> None:
    random = np.random.default_rng(seed)
    codes = random.normal(size=(50, size)) * random.uniform(0.2, 4, size)
    axes = axes_of_components(principal_components(codes, size))
    code = codes[0].astype(np.float32)
    index = int(random.integers(size))
    before, after = axes.coordinates(code), axes.coordinates(axes.with_coordinate(code, index, value))
    np.testing.assert_allclose(after[index], value, atol=1e-4)
    others = np.arange(size) != index
    np.testing.assert_allclose(after[others], before[others], atol=1e-4)


def test_coordinates_along_components_are_in_standard_deviations() -> None:
    codes = np.random.default_rng(1).normal(size=(4000, 3)) * [5.0, 2.0, 0.5] + [1, 2, 3]
    coordinates = axes_of_components(principal_components(codes, 3)).coordinates(codes)
    np.testing.assert_allclose(coordinates.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(coordinates.std(axis=0, ddof=1), 1, atol=1e-9)


def test_coordinates_along_a_direction_without_spread_are_in_code_units() -> None:
    codes = np.zeros((10, 2))
    codes[:, 0] = np.arange(10)
    axes = axes_of_components(principal_components(codes, 2))
    np.testing.assert_allclose(
        axes.coordinates(axes.with_coordinate(np.zeros(2, np.float32), 1, 2.0))[1], 2.0
    )


def test_coordinates_along_dimensions_are_the_code() -> None:
    code = np.array([1, 2, 3], np.float32)
    axes = axes_of_dimensions(3, np.array([7, 8, 9]))
    np.testing.assert_array_equal(axes.coordinates(code), code)
    np.testing.assert_array_equal(axes.muted(code, [1]), [1, 8, 3])
    assert axes.muted(code, [5]).tolist() == [1, 2, 3], "a dimension that the code does not have"
