"""A model against the mean image: against numpy, and for models that decode the same from every code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.data_support.mean_image import (
    MARGIN,
    MeanImage,
    MeanImageComparison,
    compare_with_mean_image,
    mean_by_condition,
    mean_image_of,
)
from aestudio.analysis.data_support.support import DataSupport, data_support_of
from aestudio.inference.frozen_model import FrozenModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def test_the_mean_image_is_numpys(few_digits: Dataset) -> None:
    images = few_digits.train.images
    assert np.allclose(mean_image_of(images), (images / 255.0).mean(axis=0), atol=1e-12)


def test_the_mean_of_many_images_is_added_up_without_overflow() -> None:
    images = np.full((3_000, 1, 2, 2), 255, np.uint8)
    images[:1500, 0, 0, 0] = 0
    assert np.allclose(mean_image_of(images), [[[0.5, 1.0], [1.0, 1.0]]])


def test_both_errors_are_means_over_all_numbers(frozen_model: FrozenModel, few_digits: Dataset) -> None:
    images = few_digits.test.images[:20]
    codes = frozen_model.encode(images).mean
    mean = mean_image_of(few_digits.train.images)
    found = compare_with_mean_image(frozen_model, images, codes, MeanImage(mean))
    unit = images.astype(np.float64) / 255
    decoded = np.asarray(frozen_model.decode_exactly(codes), np.float64)
    assert found.model == pytest.approx(np.mean((decoded - unit) ** 2), rel=1e-6)
    assert found.mean_image == pytest.approx(np.mean((unit - unit.mean(axis=0)) ** 2), rel=0.5)
    assert found.mean_image == pytest.approx(np.mean((unit - mean) ** 2), rel=1e-9)


@pytest.mark.parametrize(
    ("model", "mean_image", "better"),
    [(0.030, 0.067, True), (0.067, 0.067, False), (0.0665, 0.067, False), (0.23, 0.067, False)],
)
def test_better_is_a_clearly_smaller_error(model: float, mean_image: float, better: bool) -> None:
    assert MeanImageComparison(model, mean_image).better is better
    assert MeanImageComparison((1 - MARGIN) * mean_image - 1e-9, mean_image).better


def test_a_model_that_has_learned_is_better_and_one_that_decodes_a_constant_is_not(
    frozen_model: FrozenModel, few_digits: Dataset, snapshot_of: Callable[..., Snapshot]
) -> None:

    class Perfect:
        def decode_exactly(self, codes: np.ndarray, condition: object = None) -> np.ndarray:
            return few_digits.test.images[: len(codes)] / np.float32(255)

    class Collapsed:
        def decode_exactly(self, codes: np.ndarray, condition: object = None) -> np.ndarray:
            return np.repeat(mean[None].astype(np.float32), len(codes), axis=0)

    images, mean = few_digits.test.images[:50], mean_image_of(few_digits.train.images)
    codes, best = np.zeros((50, 2), np.float32), MeanImage(mean)
    assert compare_with_mean_image(Perfect(), images, codes, best).better  # type: ignore[arg-type]
    assert not compare_with_mean_image(Collapsed(), images, codes, best).better  # type: ignore[arg-type]
    own = frozen_model.encode(images).mean
    assert compare_with_mean_image(frozen_model, images, own, best).better, "the fixture is trained"
    untrained = FrozenModel(snapshot_of("vae"))
    own = untrained.encode(images).mean
    assert not compare_with_mean_image(untrained, images, own, best).better


def test_with_classes_the_best_answer_is_the_mean_image_of_the_class(few_digits: Dataset) -> None:
    images, labels = few_digits.train.images, few_digits.train.labels
    assert labels is not None
    condition = np.eye(10, dtype=np.float32)[labels]
    best = mean_by_condition(images, condition)
    for label in np.unique(labels):
        mean = (images[labels == label] / 255.0).mean(axis=0)
        assert np.allclose(best.answers(1, condition[labels == label][:1])[0], mean, atol=1e-9)
    plain = mean_by_condition(images, None)
    assert np.array_equal(plain.answers(2, None), [mean_image_of(images)] * 2)


def test_with_factors_the_best_answer_is_the_best_linear_one() -> None:
    random = np.random.default_rng(0)
    factors = random.uniform(-1, 1, (400, 2)).astype(np.float32)
    pattern = random.uniform(-30, 30, (2, 1, 3, 3))
    images = np.rint(128 + np.tensordot(factors, pattern, axes=1)).astype(np.uint8)
    best = mean_by_condition(images, factors)
    assert np.abs(best.answers(400, factors) * 255 - images).max() < 1.0, "but for the rounding"


def test_a_conditional_model_whose_code_has_collapsed_is_not_better(few_digits: Dataset) -> None:
    """It decodes the mean image of each class, which is far better than that of all images."""
    images, labels = few_digits.test.images, few_digits.test.labels
    train = few_digits.train
    assert labels is not None
    assert train.labels is not None
    told, eye = np.eye(10, dtype=np.float32)[labels], np.eye(10, dtype=np.float32)
    best = mean_by_condition(train.images, eye[train.labels])

    class Collapsed:
        def decode_exactly(self, codes: np.ndarray, condition: np.ndarray) -> np.ndarray:
            return best.answers(len(codes), condition).astype(np.float32)

    codes = np.zeros((len(images), 2), np.float32)
    found = compare_with_mean_image(Collapsed(), images, codes, best, told)  # type: ignore[arg-type]
    assert not found.better
    assert found.of_condition
    alone = MeanImage(mean_image_of(train.images))
    assert compare_with_mean_image(Collapsed(), images, codes, alone, told).better  # type: ignore[arg-type]


def test_the_quick_reference_has_fewer_codes_and_the_same_points(
    frozen_model: FrozenModel, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.analysis.data_support.support.FEW_DISTANCES", 10)
    monkeypatch.setattr("aestudio.analysis.data_support.support.FEW_ERRORS", 5)
    codes = frozen_model.encode(few_digits.train.images)
    whole: DataSupport = data_support_of(frozen_model, codes)
    quick = data_support_of(frozen_model, codes, quick=True)
    assert (len(quick.distances), len(quick.errors)) == (10, 5)
    assert np.array_equal(quick.points, whole.points)
    nearest = np.abs(quick.distances[:, None] - whole.distances).min(axis=1)
    assert nearest.max() < 1e-3, "the same distances, but for the rounding of products of other sizes"
    assert quick.tells_images_apart, "nothing is known about the mean image"
