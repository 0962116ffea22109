"""The scale in which distances between codes are measured."""

from __future__ import annotations

import warnings

import numpy as np

from aestudio.analysis.data_support.scale import code_scale_of
from aestudio.inference.frozen_model import Codes


def test_a_posterior_of_no_width_is_active_and_gives_no_warning() -> None:
    random = np.random.default_rng(0)
    mean = random.standard_normal((50, 3)).astype(np.float32)
    std = np.full((50, 3), 0.5, np.float32)
    std[:, 1] = 0.0
    mean[:, 2], std[:, 2] = 0.0, 1.0  # collapsed onto the prior
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scale = code_scale_of(Codes(mean, std))
    assert scale.active.tolist() == [True, True, False]
    np.testing.assert_allclose(scale.std[1], mean[:, 1].std(), rtol=1e-5)
    assert np.isfinite(scale.scaled(mean)).all()
