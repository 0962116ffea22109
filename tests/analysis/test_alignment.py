"""Alignment of maps, compared with scipy's orthogonal Procrustes, also for rotating codes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes

from aestudio.analysis.alignment import best_flip, best_rotation
from aestudio.analysis.projections import plane_of_components
from tests.residual import residual


def points(seed: int = 0, count: int = 50) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, 2)) * (3, 1) + rng.normal(size=2)


def rotation(degrees: float) -> np.ndarray:
    angle = np.deg2rad(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@given(st.integers(0, 1000))
def test_the_best_rotation_is_scipys(seed: int) -> None:
    xy, target = points(seed), points(seed + 1)
    rotated = best_rotation(xy, target)
    expected, _ = orthogonal_procrustes(xy - xy.mean(0), target - target.mean(0))
    np.testing.assert_allclose(rotated.matrix, expected, atol=1e-9)
    np.testing.assert_allclose(rotated.matrix @ rotated.matrix.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(rotated(xy).mean(0), target.mean(0), atol=1e-9)


@given(st.floats(-180, 180), st.booleans())
def test_a_rotated_and_mirrored_cloud_is_restored(degrees: float, mirrored: bool) -> None:
    target = points()
    xy = (target * ((-1, 1) if mirrored else (1, 1))) @ rotation(degrees) + (5, -2)
    np.testing.assert_allclose(best_rotation(xy, target)(xy), target, atol=1e-9)
    assert residual(best_rotation(xy, target)(xy), target) < 1e-9


def test_the_best_flip_recovers_the_signs() -> None:
    xy = points()
    noise = np.random.default_rng(1).normal(size=xy.shape) * 0.1
    for signs in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        assert tuple(best_flip(xy * signs + noise, xy)) == signs


def test_the_residual_is_relative_to_the_spread() -> None:
    xy = points()
    assert residual(xy + 7, xy) == pytest.approx(0)
    centred = xy - xy.mean(0)
    assert residual(1.5 * centred, centred) == pytest.approx(0.5)
    assert residual(np.zeros((3, 2)), np.zeros((3, 2))) == 0


def rotated_codes(degrees: float, seed: int = 0) -> np.ndarray:
    """Codes float32 (400, 5) with two wide directions of nearly equal width, rotated by `degrees`."""
    rng = np.random.default_rng(seed)
    plane = rng.normal(size=(400, 2)) * (3.0, 2.9) @ rotation(degrees)
    return np.concatenate([plane, 0.1 * rng.normal(size=(400, 3))], axis=1).astype(np.float32)


def test_components_of_rotating_codes_stay_aligned() -> None:
    first = plane_of_components(rotated_codes(0), 0, 1)
    before = first.to_plane(rotated_codes(0))
    for degrees in range(20, 181, 20):
        codes = rotated_codes(degrees)
        unaligned, aligned = plane_of_components(codes, 0, 1), plane_of_components(codes, 0, 1, before)
        assert residual(aligned.to_plane(codes), before) < 0.02
        np.testing.assert_allclose(aligned.axes @ aligned.axes.T, np.eye(2), atol=1e-9)
        # The same plane, only rotated within it.
        np.testing.assert_allclose(
            aligned.axes.T @ aligned.axes, unaligned.axes.T @ unaligned.axes, atol=1e-6
        )
        limits = aligned.to_plane(codes)
        np.testing.assert_allclose(aligned.limits, np.quantile(limits, (0.005, 0.995), axis=0).T, atol=1e-3)


def test_titles_name_the_components_of_a_rotated_axis() -> None:
    codes = rotated_codes(0)
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


def test_without_rotation_only_signs_change() -> None:
    codes = rotated_codes(0)
    plain = plane_of_components(codes, 0, 1)
    flipped = plane_of_components(codes, 0, 1, plain.to_plane(codes) * (-1, 1), turns=False)
    np.testing.assert_allclose(flipped.axes, plain.axes * [[-1], [1]])
    assert flipped.titles == plain.titles
