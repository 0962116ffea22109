"""An evaluation gives the values of the metrics, and None for those without a meaning."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio

from aestudio.analysis.evaluation_metrics import evaluate
from aestudio.analysis.metrics import ssim_per_image
from aestudio.datasets.dataset import ImageSet
from aestudio.errors import Cancelled, StudioError
from aestudio.inference.frozen_model import FrozenModel
from aestudio.objectives.classification.config import Classification
from aestudio.objectives.corruption import corrupt
from aestudio.training.batches import ResidentImages
from aestudio.training.evaluation import EVALUATION_SEED, mean_terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def psnr(originals: np.ndarray, images: np.ndarray) -> float:
    """The peak signal-to-noise ratio of images with pixels from 0 to 1, by scikit-image."""
    return float(peak_signal_noise_ratio(originals, images.astype(float), data_range=1))


def test_metrics_of_an_autoencoder(trained: Snapshot, few_digits: Dataset, frozen_model: FrozenModel) -> None:
    found = evaluate(trained, few_digits.test)
    originals = few_digits.test.images / 255
    reconstructions = frozen_model.reconstruct_exactly(few_digits.test.images).astype(float)
    squared_error = ((originals - reconstructions) ** 2).sum((1, 2, 3))
    assert found.reconstruction is not None
    assert found.reconstruction.squared_error_per_image == pytest.approx(squared_error.mean(), rel=1e-6)
    assert found.reconstruction.mse_per_pixel == pytest.approx(squared_error.mean() / 784, rel=1e-6)
    assert found.reconstruction.psnr == pytest.approx(psnr(originals, reconstructions))
    ratios = [psnr(one, other) for one, other in zip(originals, reconstructions, strict=True)]
    assert found.reconstruction.psnr_of_images == pytest.approx(np.mean(ratios))
    assert found.reconstruction.ssim == pytest.approx(ssim_per_image(originals, reconstructions).mean())
    assert found.terms["reconstruction"] == pytest.approx(squared_error.mean(), rel=1e-5)
    assert (found.run, found.step, found.images) == ("little", trained.step, 60)
    assert found.denoised is None
    assert found.likelihood == ""


def test_repeated_and_chunked_evaluations_agree(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset
) -> None:
    snapshot = snapshot_of("vae", latent_size=3)
    digits = ImageSet(np.tile(few_digits.test.images, (20, 1, 1, 1)))
    once, twice = evaluate(snapshot, digits), evaluate(snapshot, digits)
    assert once == twice
    few = evaluate(snapshot, few_digits.test)
    assert once.reconstruction is not None
    assert few.reconstruction is not None
    assert once.reconstruction.ssim == pytest.approx(few.reconstruction.ssim, rel=1e-6)
    assert "one posterior sample" in once.likelihood


def test_live_values_default_to_the_recipes(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset
) -> None:
    snapshot = snapshot_of("vae", beta=3.0)
    for live, beta in ((None, 3.0), ({"beta": 0.5}, 0.5)):
        terms = evaluate(snapshot, few_digits.test, live).terms
        assert terms["loss"] == pytest.approx(terms["reconstruction"] + beta * terms["kl"], rel=1e-6)


def test_a_classifier_has_no_reconstruction_metrics(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset
) -> None:
    found = evaluate(snapshot_of("digit-classifier"), few_digits.test)
    assert found.reconstruction is None
    assert set(found.terms) == {"loss", "accuracy"}
    table = found.to_json()
    assert table["psnr"] is None
    assert table["mse_per_pixel"] is None
    with pytest.raises(StudioError, match="labels"):
        evaluate(snapshot_of("digit-classifier"), ImageSet(few_digits.test.images))
    assert few_digits.test.labels is not None
    more = ImageSet(few_digits.test.images, few_digits.test.labels + 3, tuple("abcdefghijklm"))
    with pytest.raises(StudioError, match="knows 10 classes, and these images have 13"):
        evaluate(snapshot_of("digit-classifier"), more)


def test_a_denoiser_is_also_evaluated_on_noisy_images(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset
) -> None:
    snapshot = snapshot_of("denoising-conv-ae")
    found = evaluate(snapshot, few_digits.test, {"noise_strength": 0.3})
    images = torch.tensor(few_digits.test.images) / 255
    noisy = corrupt(images, "gaussian", 0.3, torch.Generator().manual_seed(EVALUATION_SEED)).numpy()
    originals = few_digits.test.images
    assert found.noisy is not None
    assert found.denoised is not None
    assert found.noisy.psnr == pytest.approx(psnr(originals / 255, noisy), rel=1e-5)
    reconstructions = FrozenModel(snapshot).reconstruct_exactly(noisy)
    assert found.denoised.psnr == pytest.approx(psnr(originals / 255, reconstructions), rel=1e-5)
    # The loss terms draw the same noise, so the denoised squared error is the reconstruction term.
    assert found.denoised.squared_error_per_image == pytest.approx(found.terms["reconstruction"], rel=1e-4)
    assert found.to_json()["denoised"]["psnr"] == found.denoised.psnr


def test_json_holds_every_metric(trained: Snapshot, few_digits: Dataset) -> None:
    found = evaluate(trained, few_digits.test)
    table = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert found.reconstruction is not None
    assert table["mse_per_pixel"] == found.reconstruction.mse_per_pixel
    assert table["terms"] == found.terms
    assert table["recipe"] == "deep-ae"
    assert "noisy" not in table


def test_terms_are_those_of_the_training(trained: Snapshot, few_digits: Dataset) -> None:
    resident = ResidentImages.of(few_digits.test, torch.device("cpu"))
    assert evaluate(trained, few_digits.test).terms == mean_terms(FrozenModel(trained).model, resident, {})


def test_an_empty_set_is_refused_and_evaluating_can_be_cancelled(
    trained: Snapshot, few_digits: Dataset, counter: type
) -> None:
    with pytest.raises(StudioError, match="no image"):
        evaluate(trained, ImageSet(few_digits.test.images[:0]))
    with pytest.raises(Cancelled):
        evaluate(trained, few_digits.test, None, counter(cancel_after=1))


def test_an_exact_copy_has_no_ratio(trained: Snapshot) -> None:
    # A decoder whose last layer says black whatever it is given, and black images.
    weights = dict(trained.weights)
    weight, bias = [name for name in weights if name.startswith("decoder.")][-2:]
    weights[weight] = np.zeros_like(weights[weight])
    weights[bias] = np.full_like(weights[bias], -200.0)
    found = evaluate(replace(trained, weights=weights), ImageSet(np.zeros((2, 1, 28, 28), np.uint8)))
    assert found.reconstruction is not None
    assert found.reconstruction.psnr is None
    json.dumps(found.to_json(), allow_nan=False)


def test_a_classifier_of_corrupted_images_has_no_reconstruction_metrics(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Classification, "corrupts", True)
    found = evaluate(snapshot_of("digit-classifier"), few_digits.test)
    assert (found.reconstruction, found.denoised, found.noisy) == (None, None, None)
