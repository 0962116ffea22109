"""Interpolations and samples: where the codes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aestudio.analysis.traversal import (
    even_in_pixels,
    interpolate_codes,
    joined_paths,
    sample_fitted,
)
from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.inference.frozen_model import FrozenModel


@given(seed=st.integers(0, 500), frames=st.integers(2, 9), kind=st.sampled_from(["straight", "spherical"]))
def test_an_interpolation_has_the_given_end_points(seed: int, frames: int, kind: str) -> None:
    first, last = np.random.default_rng(seed).normal(size=(2, 4)).astype(np.float32)
    codes = interpolate_codes(first, last, frames, kind)  # pyright: ignore[reportArgumentType]
    assert codes.shape == (frames, 4)
    assert codes[0] == pytest.approx(first, abs=1e-5)
    assert codes[-1] == pytest.approx(last, abs=1e-5)


def test_a_spherical_interpolation_has_equal_angles_and_keeps_the_length() -> None:
    first, last = np.array([2.0, 0, 0], np.float32), np.array([0, 4.0, 0], np.float32)
    codes = interpolate_codes(first, last, 5, "spherical").astype(float)
    assert np.linalg.norm(codes, axis=1) == pytest.approx([2, 2.5, 3, 3.5, 4], abs=1e-5)
    angles = np.degrees(np.arctan2(codes[:, 1], codes[:, 0]))
    assert angles == pytest.approx([0, 22.5, 45, 67.5, 90], abs=1e-3)


@pytest.mark.parametrize("last", [[-1.0, 0], [2.0, 0], [0.0, 0]])
def test_without_an_arc_the_interpolation_is_straight(last: list[float]) -> None:
    first, end = np.array([1.0, 0], np.float32), np.array(last, np.float32)
    assert interpolate_codes(first, end, 5, "spherical") == pytest.approx(
        interpolate_codes(first, end, 5), abs=1e-6
    )


def test_impossible_interpolations_are_refused() -> None:
    first, last = np.zeros((2, 3), np.float32)
    with pytest.raises(BadChoice, match="frames cannot be 1"):
        interpolate_codes(first, last, 1)
    with pytest.raises(BadChoice, match="interpolation"):
        interpolate_codes(first, last, 3, "round")  # pyright: ignore[reportArgumentType]


def test_fitted_samples_have_the_mean_and_covariance_of_the_codes() -> None:
    draw = np.random.default_rng(0)
    codes = (draw.normal(size=(3000, 3)) @ [[2, 0, 0], [1, 1, 0], [0, 0, 0.5]] + [1, 2, 3]).astype(np.float32)
    samples = sample_fitted(codes, 20_000, seed=1)
    assert samples.mean(0) == pytest.approx(codes.mean(0), abs=0.06)
    assert np.cov(samples.T) == pytest.approx(np.cov(codes.T), abs=0.15)


def test_joined_segments_contain_each_keyframe_once() -> None:
    one, other = np.array([[0.0], [1], [2]]), np.array([[2.0], [5]])
    np.testing.assert_array_equal(joined_paths([one, other]), np.array([[0], [1], [2], [5]], np.float32))
    np.testing.assert_array_equal(joined_paths([other]), other)


def test_even_in_pixels_changes_the_image_evenly_along_the_same_line(
    frozen_model: FrozenModel, few_digits: Dataset
) -> None:
    first, last = frozen_model.encode(few_digits.test.images[[3, 8]]).mean
    line = interpolate_codes(first, last, 21)
    even = even_in_pixels(frozen_model, line, 21)
    np.testing.assert_allclose(even[[0, -1]], [first, last], rtol=1e-5)
    shares = (even - first) @ (last - first) / np.square(last - first).sum()
    np.testing.assert_allclose(even, first + shares[:, None] * (last - first), atol=1e-4)
    assert (np.diff(shares) > 0).all()

    def unevenness(codes: np.ndarray) -> float:
        images = frozen_model.decode_exactly(codes).reshape(len(codes), -1)
        steps = np.linalg.norm(np.diff(images, axis=0), axis=1)
        return float(steps.std() / steps.mean())

    assert unevenness(even) < 0.05 < unevenness(line)
    still = even_in_pixels(frozen_model, np.tile(first, (4, 1)), 6)
    np.testing.assert_allclose(still, np.tile(first, (6, 1)), rtol=1e-6)
