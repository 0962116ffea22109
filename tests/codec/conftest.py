"""Small models and images for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.inference.frozen_model import Codes, FrozenModel
from tests.small_models import SMALL, untrained

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset


TINY_CODEC = {"latent_size": 4, "width": 8, "blocks": 0, "detail_channels": 6, "prior_units": 2}


@pytest.fixture(scope="session")
def variational() -> FrozenModel:
    """An untrained VAE with six latents and a Bernoulli likelihood."""
    return FrozenModel(untrained("vae", **SMALL))


@pytest.fixture(scope="session")
def learned() -> FrozenModel:
    """An untrained codec with a summary of 4 numbers, and 6 numbers at each of 7 x 7 places."""
    return FrozenModel(untrained("codec", **TINY_CODEC))


@pytest.fixture(scope="session")
def reference(few_digits: Dataset) -> Callable[[FrozenModel], Codes]:
    """The codes of 300 training images."""
    return lambda model: model.encode(few_digits.train.images)


@pytest.fixture(scope="session")
def black_and_white(few_digits: Dataset) -> np.ndarray:
    """60 test images of 0 and 255, uint8 (60, 1, 28, 28)."""
    return np.where(few_digits.test.images > 127, 255, 0).astype(np.uint8)
