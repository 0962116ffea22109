"""Densities at the map's points against sums of Gaussians written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from aestudio.analysis.embedding import Embedding2D
from aestudio.analysis.point_values import FINEST, densities_on_map
from aestudio.analysis.projections import data_limits, plane_of_dimensions
from aestudio.inference.frozen_model import Codes


def gaussian_codes(count: int) -> Codes:
    draw = np.random.default_rng(0)
    means = draw.normal(size=(count, 4)).astype(np.float32)
    return Codes(means, draw.uniform(0.1, 0.5, (count, 4)).astype(np.float32))


def test_density_is_the_mean_of_the_other_images_posteriors() -> None:
    codes = gaussian_codes(12)
    assert codes.std is not None
    plane = plane_of_dimensions(codes.mean, 1, 3)
    xy = plane.to_plane(codes.mean)
    own = Codes(codes.mean[:8], codes.std[:8])
    found = densities_on_map(plane, xy, own)
    cell = (plane.limits[:, 1] - plane.limits[:, 0]) * FINEST
    spreads = [np.diag(np.square(codes.std[k, [1, 3]]) + np.square(cell) / 12) for k in range(8)]
    for point in range(12):
        others = [k for k in range(8) if k != point]
        sums = [multivariate_normal(codes.mean[k, [1, 3]], spreads[k]).pdf(xy[point]) for k in others]
        assert found[point] == pytest.approx(np.log(np.mean(sums)), abs=2e-3)


def test_density_on_an_embedding_is_higher_in_crowded_regions() -> None:
    draw = np.random.default_rng(0)
    xy = np.concatenate([draw.normal(size=(300, 2)), draw.normal(size=(30, 2)) * 3 + 20]).astype(np.float32)
    codes = draw.normal(size=(330, 5)).astype(np.float32)
    embedding = Embedding2D("tsne", codes, xy, data_limits(xy), ("", ""))
    found = densities_on_map(embedding, xy, Codes(codes))
    assert found.shape == (330,)
    assert np.median(found[:300]) > np.median(found[300:]) + 1
