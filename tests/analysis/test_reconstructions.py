"""Signed errors, losses and choices of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.analysis.reconstructions import (
    image_losses,
    reconstruct,
    reconstruct_images,
    worst_first,
)
from aestudio.datasets.dataset import ImageSet
from aestudio.errors import BadChoice, Cancelled, StudioError
from aestudio.inference.frozen_model import FrozenModel
from aestudio.objectives.objective_module import Batch
from aestudio.objectives.reconstruction.module import ReconstructionModule
from aestudio.objectives.variational.module import VariationalModule

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def test_chosen_images_keep_the_given_order(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    found = reconstruct(frozen_model, few_digits.test, [7, 3, 7])
    assert found.indices.tolist() == [7, 3, 7]
    assert (found.originals == few_digits.test.images[[7, 3, 7]]).all()
    assert (found.reconstructed == frozen_model.reconstruct(few_digits.test.images[[7, 3, 7]])).all()
    assert found.errors.dtype == np.int16
    assert (found.originals + found.errors == found.reconstructed).all()
    exact = frozen_model.reconstruct_exactly(few_digits.test.images[[7]])[0].astype(float)
    assert found.squared_error[0] == pytest.approx(((exact - found.originals[0] / 255) ** 2).sum(), rel=1e-5)
    assert found.loss_unit == "squared error"
    assert found.loss == pytest.approx(found.squared_error)


def test_a_drawing_needs_no_data_set(frozen_model: FrozenModel) -> None:
    drawing = np.zeros((1, 1, 28, 28), np.uint8)
    drawing[0, 0, 5:20, 13:15] = 255
    assert reconstruct_images(frozen_model, drawing).reconstructed.shape == (1, 1, 28, 28)


def test_no_image_chosen_gives_none(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    found = reconstruct(frozen_model, few_digits.test, [])
    assert len(found) == 0
    assert found.reconstructed.shape == (0, 1, 28, 28)


def test_impossible_choices_are_refused(
    frozen_model: FrozenModel, classifier_model: FrozenModel, few_digits: Dataset
) -> None:
    with pytest.raises(BadChoice, match="image cannot be 60"):
        reconstruct(frozen_model, few_digits.test, [0, 60])
    with pytest.raises(StudioError, match="decodes nothing"):
        reconstruct(classifier_model, few_digits.test, [0])


@pytest.mark.parametrize(
    ("name", "settings", "unit"),
    [
        ("deep-ae", {"output": "sigmoid"}, "squared error"),
        ("deep-ae", {"output": "sigmoid", "distance": "cross_entropy"}, "nats"),
        ("vae", {"latent_size": 4}, "nats"),
        ("vae", {"latent_size": 4, "likelihood": "gaussian"}, "nats"),
        ("sparse-ae", {}, None),
    ],
)
def test_losses_are_those_of_the_recipe_without_sampling(
    name: str,
    settings: dict[str, object],
    unit: str | None,
    snapshot_of: Callable[..., Snapshot],
    few_digits: Dataset,
) -> None:
    frozen_model = FrozenModel(snapshot_of(name, **settings))
    digits = ImageSet(few_digits.test.images[:4])
    found = image_losses(frozen_model, digits)
    model = frozen_model.model
    for index in range(4):
        image = torch.tensor(digits.images[index : index + 1]) / 255
        logits = model.decode(model.encode(image).mean)
        objective = model.objective
        if isinstance(objective, VariationalModule):
            expected = objective.reconstruction(logits, image)
        else:
            assert isinstance(objective, ReconstructionModule)
            expected = objective.distance(logits, image)
        assert found[index] == pytest.approx(float(expected), rel=1e-4)
    assert unit in (None, reconstruct(frozen_model, digits, [0]).loss_unit)


def test_the_reconstruction_term_of_an_autoencoder_is_the_mean_loss(
    frozen_model: FrozenModel, few_digits: Dataset
) -> None:
    images = torch.tensor(few_digits.test.images) / 255
    terms = frozen_model.model.terms(Batch(images, None, None, {}))
    assert image_losses(frozen_model, few_digits.test).mean() == pytest.approx(
        float(terms["reconstruction"]), rel=1e-5
    )


def test_a_linear_output_is_clipped_before_it_is_compared(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset
) -> None:
    frozen_model = FrozenModel(snapshot_of("deep-ae", output="linear"))
    images = torch.tensor(few_digits.test.images) / 255
    logits = frozen_model.model.decode(frozen_model.model.encode(images).mean)
    assert logits.min() < 0
    expected = (logits.clamp(0, 1) - images).square().sum((1, 2, 3)).numpy()
    assert image_losses(frozen_model, few_digits.test) == pytest.approx(expected, rel=1e-4)


def test_the_worst_come_first(frozen_model: FrozenModel, few_digits: Dataset, counter: type) -> None:
    order = worst_first(frozen_model, few_digits.test)
    losses = reconstruct(frozen_model, few_digits.test, order).loss
    assert sorted(order.tolist()) == list(range(60))
    assert (np.diff(losses) <= 1e-9).all()
    with pytest.raises(Cancelled):
        worst_first(frozen_model, few_digits.test, counter(cancel_after=0))
