"""What conditional models are told, against numpy; and refusals as sentences."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.datasets.dataset import Dataset, ImageSet, part_of, take
from aestudio.datasets.image_shape import MNIST, DataShape
from aestudio.errors import BadChoice, StudioError
from aestudio.inference.codes import encode_set
from aestudio.inference.conditions import (
    any_condition,
    condition_of_image,
    condition_of_labels,
    condition_of_set,
    fits,
    repeated,
    row_of_class,
    stacked,
)
from aestudio.inference.frozen_model import FrozenModel
from aestudio.objectives import conditioning
from aestudio.recipes.condition_shapes import beside, with_channels
from tests.conditional.models import class_conditional, factor_conditional, with_factors, without_labels
from tests.small_models import untrained


def test_labels_are_ones_among_zeros(few_digits: Dataset) -> None:
    architecture, test = class_conditional().architecture, few_digits.test
    condition = condition_of_set(architecture, test)
    assert condition is not None
    assert condition.dtype == np.float32
    assert test.labels is not None
    np.testing.assert_array_equal(condition, (test.labels[:, None] == np.arange(10)).astype(float))
    for index in (0, 7):
        assert condition_of_image(architecture, test, index) == tuple(condition[index].tolist())
    assert row_of_class(architecture, 4) == (0, 0, 0, 0, 1, 0, 0, 0, 0, 0)
    np.testing.assert_array_equal(repeated(row_of_class(architecture, 4), 3), np.eye(10)[[4, 4, 4]])
    assert any_condition(architecture) == row_of_class(architecture, 0)


def test_factors_are_told_as_they_are(few_digits: Dataset) -> None:
    architecture, test = factor_conditional().architecture, with_factors(few_digits).test
    assert test.factors is not None
    np.testing.assert_array_equal(condition_of_set(architecture, test), test.factors)
    assert condition_of_image(architecture, test, 3) == tuple(test.factors[3].tolist())
    assert any_condition(architecture) == (0.0, 0.0)


def test_other_models_are_told_nothing(few_digits: Dataset) -> None:
    architecture = untrained("hidden-256").architecture
    assert condition_of_set(architecture, few_digits.test) is None
    assert condition_of_image(architecture, few_digits.test, 0) is None
    assert row_of_class(architecture, 4) is None
    assert any_condition(architecture) is None
    assert repeated(None, 4) is None
    assert stacked([None, None]) is None
    assert fits(architecture, None)
    assert not fits(architecture, (1.0, 0.0))


def test_what_fits_a_model() -> None:
    labels, factors = class_conditional().architecture, factor_conditional().architecture
    assert fits(labels, row_of_class(labels, 9))
    assert not fits(labels, None)
    assert not fits(labels, (0.5, 0.5, *(0.0,) * 8))
    assert not fits(labels, (1.0, 0.0))
    assert fits(factors, (0.5, -3.0))
    assert not fits(factors, (0.5, float("nan")))


def test_missing_or_other_labels_and_factors_are_refused(few_digits: Dataset) -> None:
    labels, factors = class_conditional().architecture, factor_conditional().architecture
    bare = without_labels(few_digits).test
    with pytest.raises(StudioError, match="told the class of each image, and these images have no labels"):
        condition_of_set(labels, bare)
    with pytest.raises(StudioError, match="told the class of each image, and these images have no labels"):
        condition_of_image(labels, bare, 0)
    with pytest.raises(StudioError, match="told the factors of each image, and these images have none"):
        condition_of_set(factors, bare)
    few = class_conditional(data=DataShape(MNIST.image, 3)).architecture
    with pytest.raises(StudioError, match="The model knows 3 classes, and these images have 10"):
        condition_of_set(few, few_digits.test)
    with pytest.raises(BadChoice):
        condition_of_labels(few, np.array([0, -1]))
    three = ImageSet(bare.images, None, (), np.zeros((len(bare), 3), np.float32), ("a", "b", "c"))
    with pytest.raises(StudioError, match="The model knows 2 factors, and these images have 3"):
        condition_of_set(factors, three)


def test_a_set_keeps_labels_and_factors_in_its_parts(few_digits: Dataset) -> None:
    data = with_factors(few_digits)
    assert data.test.factors is not None
    assert data.train.factors is not None
    few = part_of(data.test, slice(5, 9))
    np.testing.assert_array_equal(few.factors, data.test.factors[5:9])
    np.testing.assert_array_equal(few.labels, data.test.labels[5:9])  # type: ignore[index]
    both = take((data.test, data.train), np.array([len(data.test) + 3, 2]))
    np.testing.assert_array_equal(both.factors, [data.train.factors[3], data.test.factors[2]])
    assert both.factor_names == data.test.factor_names
    mixed = take((data.test, few_digits.train), np.array([0, 1]))
    assert (mixed.factors, mixed.factor_names) == (None, ())


def test_codes_of_a_set_are_those_of_its_images_and_labels(few_digits: Dataset) -> None:
    frozen_model = FrozenModel(class_conditional())
    test = part_of(few_digits.test, slice(8))
    codes = encode_set(frozen_model, test).mean
    for index in range(8):
        told = repeated(condition_of_image(frozen_model.snapshot.architecture, test, index), 1)
        one = frozen_model.encode(test.images[index : index + 1], told).mean
        np.testing.assert_allclose(codes[index : index + 1], one, atol=1e-5)
    others = frozen_model.encode(
        test.images, repeated(row_of_class(frozen_model.snapshot.architecture, 0), 8)
    )
    assert np.abs(others.mean - codes).max() > 1e-3


def test_the_shapes_that_are_declared_are_those_of_the_tensors() -> None:
    data = DataShape(MNIST.image, 10, 2)
    images, told = torch.rand(3, 1, 28, 28), torch.eye(10)[[1, 5, 9]]
    joined = conditioning.with_channels(images, told)
    assert tuple(joined.shape[1:]) == with_channels("labels", data) == (11, 28, 28)
    np.testing.assert_array_equal(joined[:, 0].numpy(), images[:, 0].numpy())
    expected = np.broadcast_to(told.numpy()[:, :, None, None], (3, 10, 28, 28))
    np.testing.assert_array_equal(joined[:, 1:].numpy(), expected)
    assert conditioning.with_channels(images, None) is images
    codes = torch.rand(3, 6)
    together = conditioning.beside(codes, torch.rand(3, 2))
    assert tuple(together.shape[1:]) == beside("factors", data, 6) == (8,)
    np.testing.assert_array_equal(together[:, :6].numpy(), codes.numpy())
    assert conditioning.beside(codes, None) is codes
    assert with_channels("none", data) == (1, 28, 28)
