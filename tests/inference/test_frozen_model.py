"""A frozen model's images: floats and bytes agree, images may be given as floats, NaN is an error."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.analysis.code_limit import LARGEST, too_large
from aestudio.errors import StudioError
from aestudio.inference.frozen_model import FrozenModel, to_bytes
from tests import latent_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def test_bytes_are_the_rounded_floats(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    images = few_digits.test.images
    exact = frozen_model.reconstruct_exactly(images)
    assert exact.dtype == np.float32
    assert exact.shape == (60, 1, 28, 28)
    assert 0 <= exact.min() <= exact.max() <= 1
    assert (frozen_model.reconstruct(images) == to_bytes(exact)).all()
    assert to_bytes(np.array([0.0, 0.499 / 255, 0.501 / 255, 1.0], np.float32)).tolist() == [0, 0, 1, 255]


def test_float_images_are_encoded_as_they_are(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    images = few_digits.test.images[:5]
    floats = (images / 255).astype(np.float32)
    assert frozen_model.reconstruct_exactly(floats) == pytest.approx(
        frozen_model.reconstruct_exactly(images), abs=1e-5
    )


def test_reconstruction_is_decoding_of_the_code(gaussian_model: FrozenModel, few_digits: Dataset) -> None:
    images = few_digits.test.images[:9]
    decoded = gaussian_model.decode_exactly(gaussian_model.encode(images).mean)
    assert decoded == pytest.approx(gaussian_model.reconstruct_exactly(images), abs=1e-5)


def test_another_snapshot_can_be_shown(snapshot_of: Callable[..., Snapshot], few_digits: Dataset) -> None:
    one, other = snapshot_of("vae", latent_size=3), snapshot_of("vae", latent_size=4, seed=5)
    frozen_model = FrozenModel(one)
    frozen_model.show(other)
    assert frozen_model.encode(few_digits.test.images).mean.shape == (60, 4)
    fresh = FrozenModel(other)
    codes = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    assert (frozen_model.decode(codes) == fresh.decode(codes)).all()


def test_a_classifier_decodes_nothing(classifier_model: FrozenModel) -> None:
    assert not classifier_model.decodes
    with pytest.raises(TypeError, match="no decoder"):
        classifier_model.decode(np.zeros((1, 32), np.float32))


def test_a_generator_reconstructs_nothing(few_digits: Dataset) -> None:
    generator, images = FrozenModel(latent_models.snapshot_of("gan")), few_digits.test.images[:2]
    for ask in (generator.encode, generator.reconstruct, generator.image_losses):
        with pytest.raises(StudioError, match="does not encode images"):
            ask(images)


def test_the_global_random_generator_is_not_changed(gaussian_model: FrozenModel, few_digits: Dataset) -> None:
    before = torch.random.get_rng_state()
    gaussian_model.reconstruct(few_digits.test.images)
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["conv-vae", "deep-ae", "compress-ae", "row-gru-ae"])
def test_a_code_that_is_too_large_is_an_error(name: str, snapshot_of: Callable[..., Snapshot]) -> None:
    """A decoder that computes infinity minus infinity raises an error and does not show a black image."""
    frozen_model = FrozenModel(snapshot_of(name))
    size = frozen_model.snapshot.recipe.network.latent_size
    signs = np.where(np.arange(size) % 2, 1, -1).astype(np.float32)
    for code in (LARGEST * signs, np.full(size, LARGEST, np.float32)):
        assert not too_large(code)
        assert frozen_model.decode(code[None]).shape == (1, 1, 28, 28)
    for code in (3e38 * signs, np.full(size, 3e38, np.float32)):
        assert too_large(code)
        if np.isnan(frozen_model.decode_exactly(code[None])).any():
            with pytest.raises(StudioError, match="gives no image"):
                frozen_model.decode(code[None])
    assert too_large(np.array([0.0, np.nan], np.float32))


@pytest.mark.filterwarnings("error")
def test_weights_that_are_too_large_are_an_error(snapshot_of: Callable[..., Snapshot]) -> None:
    snapshot = snapshot_of("conv-vae")
    grown = {name: 1e38 * np.sign(array) for name, array in snapshot.weights.items()}
    frozen_model = FrozenModel(replace(snapshot, weights=grown))
    with pytest.raises(StudioError, match="gives no image"):
        frozen_model.reconstruct(np.zeros((1, 1, 28, 28), np.uint8))
