"""Turned maps against scipy's orthogonal Procrustes, and a training whose map does not rotate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes

from aestudio.analysis.alignment import best_flip, best_rotation, residual
from aestudio.analysis.projections import plane_of_components


def cloud(seed: int = 0, count: int = 50) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return draw.normal(size=(count, 2)) * (3, 1) + draw.normal(size=2)


def rotation(degrees: float) -> np.ndarray:
    angle = np.deg2rad(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@given(st.integers(0, 1000))
def test_the_best_turn_is_scipys(seed: int) -> None:
    xy, onto = cloud(seed), cloud(seed + 1)
    turn = best_rotation(xy, onto)
    expected, _ = orthogonal_procrustes(xy - xy.mean(0), onto - onto.mean(0))
    np.testing.assert_allclose(turn.matrix, expected, atol=1e-9)
    np.testing.assert_allclose(turn.matrix @ turn.matrix.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(turn(xy).mean(0), onto.mean(0), atol=1e-9)


@given(st.floats(-180, 180), st.booleans())
def test_a_cloud_that_was_turned_and_mirrored_comes_back(degrees: float, mirrored: bool) -> None:
    onto = cloud()
    xy = (onto * ((-1, 1) if mirrored else (1, 1))) @ rotation(degrees) + (5, -2)
    np.testing.assert_allclose(best_rotation(xy, onto)(xy), onto, atol=1e-9)
    assert residual(best_rotation(xy, onto)(xy), onto) < 1e-9


def test_flips_leave_the_axes_where_they_are() -> None:
    xy = cloud()
    noise = np.random.default_rng(1).normal(size=xy.shape) * 0.1
    for signs in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        assert tuple(best_flip(xy * signs + noise, xy)) == signs


def test_a_residual_is_the_share_of_the_spread_that_moved() -> None:
    xy = cloud()
    assert residual(xy + 7, xy) == pytest.approx(0)
    centred = xy - xy.mean(0)
    assert residual(1.5 * centred, centred) == pytest.approx(0.5)
    assert residual(np.zeros((3, 2)), np.zeros((3, 2))) == 0


def turning_codes(degrees: float, seed: int = 0) -> np.ndarray:
    """Two wide directions of nearly equal width that turn within five dimensions."""
    draw = np.random.default_rng(seed)
    plane = draw.normal(size=(400, 2)) * (3.0, 2.9) @ rotation(degrees)
    return np.concatenate([plane, 0.1 * draw.normal(size=(400, 3))], axis=1).astype(np.float32)


def test_components_of_rotating_codes_stay_where_they_were() -> None:
    first = plane_of_components(turning_codes(0), 0, 1)
    before = first.to_plane(turning_codes(0))
    for degrees in range(20, 181, 20):
        codes = turning_codes(degrees)
        free, held = plane_of_components(codes, 0, 1), plane_of_components(codes, 0, 1, before)
        assert residual(held.to_plane(codes), before) < 0.02
        np.testing.assert_allclose(held.axes @ held.axes.T, np.eye(2), atol=1e-9)
        # The same plane, only turned within it.
        np.testing.assert_allclose(held.axes.T @ held.axes, free.axes.T @ free.axes, atol=1e-6)
        limits = held.to_plane(codes)
        np.testing.assert_allclose(held.limits, np.quantile(limits, (0.005, 0.995), axis=0).T, atol=1e-3)


def test_titles_say_what_a_turned_axis_is_made_of() -> None:
    codes = turning_codes(0)
    plain = plane_of_components(codes, 0, 1)
    assert plain.titles[0].startswith("PC 1 · ")
    assert plain.titles[1].startswith("PC 2 · ")
    half = plane_of_components(codes, 0, 1, plain.to_plane(codes) @ rotation(45))
    assert all(text.startswith("0.7 PC 1 ") and " 0.7 PC 2 · " in text for text in half.titles), half.titles
    assert {text.split()[3] for text in half.titles} == {"+", "−"}
    swapped = plane_of_components(codes, 0, 1, plain.to_plane(codes)[:, ::-1])
    assert [text[:4] for text in swapped.titles] == ["PC 2", "PC 1"]
    # The shares are the variances along the axes themselves.
    total = codes.astype(np.float64).var(0, ddof=1).sum()
    share = half.to_plane(codes).var(0, ddof=1) / total
    assert [int(text.split(" · ")[1].split()[0]) for text in half.titles] == [round(100 * s) for s in share]


def test_only_signs_change_where_axes_must_not_turn() -> None:
    codes = turning_codes(0)
    plain = plane_of_components(codes, 0, 1)
    flipped = plane_of_components(codes, 0, 1, plain.to_plane(codes) * (-1, 1), turns=False)
    np.testing.assert_allclose(flipped.axes, plain.axes * [[-1], [1]])
    assert flipped.titles == plain.titles
