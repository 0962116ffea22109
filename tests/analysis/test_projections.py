"""Planes and components against numpy's singular values, and back to codes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aestudio.analysis.projections import (
    Plane,
    data_limits,
    plane_of_components,
    plane_of_dimensions,
    principal_components,
    third_component,
    third_dimension,
)
from aestudio.errors import BadChoice, StudioError


def correlated(count: int = 200, length: int = 5, seed: int = 0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return (draw.normal(size=(count, length)) @ draw.normal(size=(length, length)) + 3).astype(np.float32)


def test_components_are_those_of_the_singular_values() -> None:
    codes = correlated()
    found = principal_components(codes, 5)
    centred = codes.astype(np.float64) - codes.mean(0, dtype=np.float64)
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    assert found.stds == pytest.approx(singular / np.sqrt(len(codes) - 1), rel=1e-9)
    assert np.abs(np.sum(found.directions * directions.T, axis=0)) == pytest.approx(np.ones(5), abs=1e-9)
    assert found.shares.sum() == pytest.approx(1)


def test_signs_do_not_depend_on_the_order_or_on_the_sign_of_the_solver() -> None:
    codes = correlated()
    one, other = principal_components(codes, 3), principal_components(codes[::-1], 3)
    assert one.directions == pytest.approx(other.directions, abs=1e-8)
    largest = np.abs(one.directions).argmax(axis=0)
    assert (one.directions[largest, np.arange(3)] > 0).all()


def test_all_components_restore_the_codes() -> None:
    codes = correlated()
    found = principal_components(codes, 5)
    assert found.restore(found.project(codes)) == pytest.approx(codes, abs=1e-5)


def test_component_counts_out_of_range_are_refused() -> None:
    for count in (0, 6):
        with pytest.raises(BadChoice, match="from 1 up to 5"):
            principal_components(correlated(), count)
    with pytest.raises(StudioError, match="at least two codes"):
        principal_components(correlated(1), 1)


def test_constant_codes_have_components_without_width() -> None:
    found = principal_components(np.ones((10, 3), np.float32), 2)
    assert (found.stds == 0).all()
    assert (found.shares == 0).all()


@pytest.mark.parametrize("make", [plane_of_dimensions, plane_of_components])
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 1000),
    length=st.integers(2, 12),
    x=st.floats(-20, 20),
    y=st.floats(-20, 20),
    data=st.data(),
)
def test_a_point_of_the_plane_maps_back_and_other_coordinates_stay(
    make: object, seed: int, length: int, x: float, y: float, data: st.DataObject
) -> None:
    assert callable(make)
    codes = correlated(length=length, seed=seed)
    i, j = data.draw(st.permutations(range(length)))[:2]
    plane = make(codes, i, j)
    assert isinstance(plane, Plane)
    base = codes[7]
    moved = plane.from_plane(np.array([[x, y]]), base)
    assert moved.dtype == np.float32
    assert plane.to_plane(moved) == pytest.approx(np.array([[x, y]]), abs=1e-4)
    step = (moved[0] - base).astype(np.float64)
    within = plane.axes.T @ (plane.axes @ step)
    assert step == pytest.approx(within, abs=1e-4)  # nothing moved outside the plane
    assert plane.from_plane(plane.to_plane(base[None]), base)[0] == pytest.approx(base, abs=1e-4)


def test_coordinates_along_dimensions_are_the_codes() -> None:
    codes = correlated()
    plane = plane_of_dimensions(codes, 3, 1)
    assert plane.titles == ("z4", "z2")
    assert plane.to_plane(codes) == pytest.approx(codes[:, [3, 1]])
    assert plane.limits == pytest.approx(np.quantile(codes[:, [3, 1]], [0.005, 0.995], axis=0).T)


def test_the_plane_of_components_agrees_with_the_components() -> None:
    codes = correlated()
    plane = plane_of_components(codes, 0, 2)
    expected = principal_components(codes, 3).project(codes)[:, [0, 2]]
    assert plane.to_plane(codes) == pytest.approx(expected)
    assert plane.limits == pytest.approx(np.quantile(expected, [0.005, 0.995], axis=0).T)
    assert plane.titles[0].startswith("PC 1 · ")
    assert plane.titles[0].endswith(" %")


def test_impossible_planes_are_refused_by_name() -> None:
    codes = correlated(length=3)
    with pytest.raises(BadChoice, match="dimension cannot be 3"):
        plane_of_dimensions(codes, 0, 3)
    with pytest.raises(BadChoice, match="second component cannot be 1"):
        plane_of_components(codes, 1, 1)
    with pytest.raises(StudioError, match="single number"):
        plane_of_dimensions(codes[:, :1], 0, 1)


def test_limits_are_never_empty() -> None:
    values = np.stack([np.linspace(-10, 10, 101), np.full(101, 3.0)], axis=1)
    limits = data_limits(values)
    assert limits[1].mean() == pytest.approx(3)
    assert limits[1, 1] - limits[1, 0] == pytest.approx((limits[0, 1] - limits[0, 0]) / 20)
    assert data_limits(np.full((5, 2), 7.0)) == pytest.approx(np.array([[6, 8], [6, 8]]))
    assert data_limits(np.zeros((0, 2))) == pytest.approx(np.array([[-1, 1], [-1, 1]]))


def test_a_third_axis_is_perpendicular_to_the_plane_and_keeps_its_side() -> None:
    codes = (np.random.default_rng(0).normal(size=(200, 5)) * [5, 4, 3, 2, 1] + 7).astype(np.float32)
    plane, third = plane_of_components(codes, 0, 1), third_component(codes, 2)
    assert np.abs(plane.axes @ third.direction).max() < 1e-6
    np.testing.assert_allclose(third.along(codes), principal_components(codes, 3).project(codes)[:, 2])
    assert third.title.startswith("PC 3 · ")
    flipped = third_component(codes, 2, -third.along(codes[:50]))
    np.testing.assert_allclose(flipped.direction, -third.direction)
    along = third_dimension(5, 4)
    np.testing.assert_array_equal(along.along(codes), codes[:, 4])
    assert along.title == "z5"
    for refused in (lambda: third_dimension(5, 5), lambda: third_component(codes, -1)):
        with pytest.raises(BadChoice):
            refused()
