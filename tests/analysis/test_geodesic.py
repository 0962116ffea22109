"""Geodesics compared with known ones: straight lines, a great circle, never longer than the line."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.analysis.geodesic import energy_and_gradient, geodesic
from aestudio.errors import BadChoice, Cancelled

if TYPE_CHECKING:
    from torch import Tensor

    from aestudio.datasets.dataset import Dataset
    from aestudio.inference.frozen_model import FrozenModel


def pixels_of_a_line(seed: int = 0) -> Tensor:
    """The weights float32 (40, 5) of a linear decoder that stretches one direction most."""
    weights = torch.randn(40, 5, generator=torch.Generator().manual_seed(seed))
    weights[:, 0] *= 8
    return weights


def on_sphere(codes: Tensor) -> Tensor:
    """Latitude and longitude -> the unit sphere; geodesics are great circles."""
    latitude, longitude = codes[:, 0], codes[:, 1]
    return torch.stack(
        [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()], dim=1
    )


def test_the_gradient_matches_finite_differences() -> None:
    random = np.random.default_rng(3)
    codes = random.normal(scale=0.5, size=(6, 2))
    energy, gradient = energy_and_gradient(on_sphere, codes)
    points = on_sphere(torch.tensor(codes)).numpy()
    assert energy == pytest.approx(5 * np.square(np.diff(points, axis=0)).sum(), rel=1e-5)
    step = np.zeros_like(codes)
    step[2, 1] = 1e-2
    ahead, _ = energy_and_gradient(on_sphere, codes + step)
    behind, _ = energy_and_gradient(on_sphere, codes - step)
    assert gradient[2, 1] == pytest.approx((ahead - behind) / 2e-2, rel=5e-3)


def test_with_a_linear_decoder_the_geodesic_is_a_straight_line() -> None:
    weights = pixels_of_a_line()
    random = np.random.default_rng(1)
    first, last = random.normal(size=(2, 5))
    for curve in geodesic(lambda codes: codes @ weights.T, first, last, levels=(5, 17)):
        expected = np.linspace(first, last, len(curve.codes))
        np.testing.assert_allclose(curve.codes, expected, atol=2e-2)
        assert curve.energy <= curve.straight
        assert curve.energy == pytest.approx(curve.straight, rel=1e-3)
        assert curve.converged
        exact = np.square((last - first) @ weights.numpy().T).sum()
        assert curve.straight == pytest.approx(exact, rel=1e-4)


def test_on_a_sphere_the_geodesic_is_a_great_circle_of_constant_speed() -> None:
    first, last = np.array([0.9, -1.2]), np.array([0.8, 1.3])
    *_, curve = geodesic(on_sphere, first, last)
    ends = on_sphere(torch.tensor(np.stack([first, last]))).numpy()
    angle = np.arccos(ends[0] @ ends[1])
    points = on_sphere(torch.tensor(curve.codes)).numpy().astype(float)
    normal = np.cross(ends[0], ends[1])
    normal /= np.linalg.norm(normal)
    assert np.abs(points @ normal).max() < 0.01, "all points lie in the plane of the great circle"
    assert curve.energy == pytest.approx(angle**2, rel=0.01)
    assert curve.straight > 1.3 * curve.energy
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert steps.std() / steps.mean() < 0.02
    np.testing.assert_array_equal(curve.codes[[0, -1]], np.stack([first, last]).astype(np.float32))


def test_finer_levels_start_from_the_coarser_ones() -> None:
    found = list(geodesic(on_sphere, np.array([0.9, -1.2]), np.array([0.8, 1.3]), levels=(5, 9, 33)))
    assert [len(curve.codes) for curve in found] == [5, 9, 33]
    for coarse, fine in itertools.pairwise(found):
        every = (len(fine.codes) - 1) // (len(coarse.codes) - 1)
        assert np.abs(fine.codes[::every] - coarse.codes).max() < 0.1


def test_with_a_trained_decoder_images_change_less_and_more_evenly_than_on_the_line(
    frozen_model: FrozenModel, few_digits: Dataset
) -> None:
    codes = frozen_model.encode(few_digits.test.images[:8]).mean
    for first, last in ((0, 1), (2, 5), (6, 7)):
        *_, curve = geodesic(frozen_model.model.decode_images, codes[first], codes[last])
        images = frozen_model.decode_exactly(curve.codes).reshape(len(curve.codes), -1)
        line = frozen_model.decode_exactly(
            np.linspace(codes[first], codes[last], len(curve.codes), dtype=np.float32)
        )
        steps = np.linalg.norm(np.diff(images, axis=0), axis=1)
        straight = np.linalg.norm(np.diff(line.reshape(len(line), -1), axis=0), axis=1)
        assert steps.sum() < straight.sum()
        assert steps.std() / steps.mean() < min(0.1, straight.std() / straight.mean())
        assert curve.energy == pytest.approx((len(steps)) * np.square(steps).sum(), rel=1e-3)
        assert curve.energy < curve.straight


def test_a_geodesic_can_be_cancelled_and_reports_missing_convergence(counter: type) -> None:
    ends = np.array([0.9, -1.2]), np.array([0.8, 1.3])
    counting = counter(cancel_after=3)
    with pytest.raises(Cancelled):
        list(geodesic(on_sphere, *ends, progress=counting))
    assert len(counting.calls) == 4
    (unconverged,) = geodesic(on_sphere, *ends, levels=(33,), most_steps=2)
    assert not unconverged.converged
    assert unconverged.energy <= unconverged.straight
    with pytest.raises(BadChoice, match="points"):
        list(geodesic(on_sphere, *ends, levels=(2,)))


def test_equal_end_points_give_a_constant_curve() -> None:
    *_, curve = geodesic(on_sphere, np.array([0.3, 0.4]), np.array([0.3, 0.4]), levels=(5,))
    np.testing.assert_allclose(curve.codes, np.tile([0.3, 0.4], (5, 1)), atol=1e-6)
    assert curve.energy == 0
