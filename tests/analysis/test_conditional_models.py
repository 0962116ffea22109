"""The analysis of a conditional model, against the model told the same things by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.analysis.compression import compress, fit_quantiser, rate_curve
from aestudio.analysis.data_support.decode_encode import decode_encode_errors
from aestudio.analysis.data_support.scale import code_scale_of
from aestudio.analysis.data_support.sensitivity import STEP, image_changes
from aestudio.analysis.data_support.support import data_support_of
from aestudio.analysis.evaluation_metrics import evaluate
from aestudio.analysis.geodesic import decoder_told
from aestudio.analysis.probe import probe
from aestudio.analysis.reconstructions import image_losses
from aestudio.analysis.traversal import even_in_pixels, interpolate_codes
from aestudio.datasets.dataset import part_of
from aestudio.inference.codes import encode_set
from aestudio.inference.conditions import row_of_class
from aestudio.inference.frozen_model import FrozenModel
from tests.conditional.label_vae.config import LabelVAE
from tests.conditional.label_vae.module import LabelVAEModule
from tests.conditional.models import class_conditional, factor_conditional, with_factors

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.objectives.objective_module import Batch


@pytest.fixture
def model() -> FrozenModel:
    return FrozenModel(class_conditional())


def rows(labels: object) -> np.ndarray:
    return np.eye(10, dtype=np.float32)[labels]  # type: ignore[index]


def test_an_interpolation_is_told_one_class(model: FrozenModel) -> None:
    first, last = np.zeros(6, np.float32), np.ones(6, np.float32)
    four = row_of_class(model.snapshot.architecture, 4)
    even = even_in_pixels(model, interpolate_codes(first, last, 9), 9, four)
    exact = model.decode_exactly(even, rows([4] * 9)).reshape(9, -1)
    changes = np.linalg.norm(np.diff(exact, axis=0), axis=1)
    assert changes.max() < 1.3 * changes.min()
    with pytest.raises(ValueError, match="needs a condition"):
        even_in_pixels(model, interpolate_codes(first, last, 5), 5)
    codes = torch.rand(3, 6)
    told = decoder_told(model.model, four)(codes)
    np.testing.assert_array_equal(told.numpy(), model.decode_exactly(codes.numpy(), rows([4] * 3)))


def test_compression_is_told_the_labels(model: FrozenModel, few_digits: Dataset) -> None:
    test = part_of(few_digits.test, slice(12))
    codes = encode_set(model, few_digits.train).mean
    quantiser = fit_quantiser(codes, 4)
    found = compress(model, quantiser, test.images, rows(test.labels))
    restored = quantiser.restore(quantiser.levels(model.encode(test.images, rows(test.labels)).mean))
    np.testing.assert_array_equal(found.reconstructed, model.decode(restored, rows(test.labels)))
    (point,) = rate_curve(model, codes, test, [4])
    assert point.mse_per_pixel == pytest.approx(found.squared_error.mean() / 784, rel=1e-6)


def test_losses_are_those_of_the_image_told_its_class(model: FrozenModel, few_digits: Dataset) -> None:
    test = part_of(few_digits.test, slice(6))
    reconstructed = model.reconstruct_exactly(test.images, rows(test.labels)).astype(np.float64)
    pixels = test.images / 255
    p = np.clip(reconstructed, 1e-12, 1 - 1e-12)
    expected = -(pixels * np.log(p) + (1 - pixels) * np.log(1 - p)).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(image_losses(model, test), expected, rtol=1e-3)


@pytest.mark.parametrize("kind", ["labels", "factors"])
def test_sensitivity_moves_the_code_and_not_the_condition(kind: str) -> None:
    snapshot = class_conditional() if kind == "labels" else factor_conditional()
    model = FrozenModel(snapshot).model
    generator = torch.Generator().manual_seed(0)
    codes = torch.randn(4, 6, generator=generator)
    told = torch.tensor(rows([1, 5, 5, 9])) if kind == "labels" else torch.rand(4, 2, generator=generator)
    directions = torch.linalg.qr(torch.randn(6, 2, generator=generator))[0].T
    with torch.no_grad():
        exact = image_changes(model, codes, directions, told).numpy()
        for direction, change in zip(directions, exact, strict=True):
            ahead, behind = (model.decode_images(codes + s * STEP * direction, told) for s in (1, -1))
            np.testing.assert_allclose(change, ((ahead - behind) / (2 * STEP)).numpy(), atol=5e-2)


def test_data_support_decodes_and_encodes_as_the_same_class(model: FrozenModel, few_digits: Dataset) -> None:
    test = few_digits.test
    codes, labels = encode_set(model, test), rows(test.labels)
    scale = code_scale_of(codes)
    errors = decode_encode_errors(model, codes.mean, scale, condition=labels)
    again = model.encode(model.decode_exactly(codes.mean, labels), labels).mean
    expected = np.sqrt(np.square(scale.scaled(again) - scale.scaled(codes.mean)).mean(axis=1))
    np.testing.assert_allclose(errors, expected, rtol=1e-5)
    support = data_support_of(model, codes, condition=labels)
    one = support.support_of(model, codes.mean[0], row_of_class(model.snapshot.architecture, 7))
    as_seven = decode_encode_errors(model, codes.mean[:1], support.scale, condition=rows([7]))
    assert one.error == pytest.approx(float(as_seven[0]))


def test_the_probe_takes_codes_that_were_told_the_labels(few_digits: Dataset) -> None:
    small = factor_conditional()
    report = probe(small, with_factors(few_digits), images=60)
    assert set(report.scores) == {"pixels", "codes", "reconstructions"}


def test_the_corruption_is_told_the_class(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def fainter(_: object, batch: Batch) -> torch.Tensor:
        """The image of class k, times k / 10."""
        assert batch.condition is not None
        assert batch.labels is not None
        return batch.images * (batch.condition.argmax(1) / 10)[:, None, None, None]

    monkeypatch.setattr(LabelVAE, "corrupts", True)
    monkeypatch.setattr(LabelVAEModule, "corrupted", fainter)
    noisy = evaluate(class_conditional(), few_digits.test).noisy
    labels = few_digits.test.labels
    assert noisy is not None
    assert labels is not None
    images = few_digits.test.images / 255
    lost = 1 - labels[:, None, None, None] / 10
    assert noisy.mse_per_pixel == pytest.approx(float(np.square(images * lost).mean()), rel=1e-5)
