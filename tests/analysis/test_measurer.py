"""The loss terms behind every metric, compared with torch.distributions, sampling and batch sizes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.synthetic import generate
from aestudio.inference.frozen_model import FrozenModel
from aestudio.objectives import likelihood
from aestudio.training.batches import ResidentImages
from aestudio.training.evaluation import mean_terms
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot


def gaussians(count: int = 6, length: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    noise = torch.Generator().manual_seed(0)
    mean = torch.randn(count, length, generator=noise)
    return mean, torch.randn(count, length, generator=noise) - 0.5


def test_kl_is_that_of_torch_distributions() -> None:
    mean, log_variance = gaussians()
    expected = kl_divergence(Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0)).sum(1).mean()
    assert float(likelihood.kl_to_standard_normal(mean, log_variance)) == pytest.approx(
        float(expected), rel=1e-6
    )


def test_kl_matches_its_sampling_estimate() -> None:
    mean, log_variance = (values.repeat(40_000, 1) for values in gaussians())
    sample = likelihood.reparameterise(mean, log_variance, torch.Generator().manual_seed(1))
    posterior = Normal(mean, (0.5 * log_variance).exp()).log_prob(sample)
    sampled = float((posterior - Normal(0.0, 1.0).log_prob(sample)).sum(1).mean())
    closed = float(likelihood.kl_to_standard_normal(*gaussians()))
    assert sampled == pytest.approx(closed, rel=0.01)


def test_a_log_variance_of_ln_4_is_a_std_of_2() -> None:
    sample = likelihood.reparameterise(
        torch.zeros(100_000, 1), torch.full((100_000, 1), math.log(4)), torch.Generator().manual_seed(0)
    )
    assert float(sample.std()) == pytest.approx(2, rel=0.01)


def test_likelihoods_are_those_of_torch_distributions() -> None:
    noise = torch.Generator().manual_seed(0)
    images = torch.rand(5, 1, 28, 28, generator=noise)
    logits = torch.randn(5, 1, 28, 28, generator=noise)
    binary = (images > 0.5).float()
    bernoulli = -Bernoulli(logits=logits).log_prob(binary).sum() / 5
    assert float(likelihood.cross_entropy(logits, binary)) == pytest.approx(float(bernoulli), rel=1e-6)
    gaussian = -Normal(logits, math.sqrt(0.05)).log_prob(images).sum() / 5
    assert float(likelihood.gaussian(logits, images, 0.05)) == pytest.approx(float(gaussian), rel=1e-5)


@pytest.mark.parametrize("name", ["deep-ae", "hidden-256", "conv-ae", "row-gru-ae", "digit-classifier"])
def test_terms_do_not_depend_on_the_batch_size(
    name: str, snapshot_of: Callable[..., Snapshot], few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = FrozenModel(snapshot_of(name)).model
    resident = ResidentImages.of(few_digits.test, torch.device("cpu"))
    whole = mean_terms(model, resident, {})
    monkeypatch.setattr("aestudio.training.evaluation.EVALUATION_BATCH", 7)
    assert mean_terms(model, resident, {}) == pytest.approx(whole, rel=1e-5)


def test_noise_does_not_depend_on_the_batch_size(
    snapshot_of: Callable[..., Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program's batches draw the same noise for the images as a single batch, or other equal batches."""
    snapshot = snapshot_of("vae", latent_size=10)
    model, live = FrozenModel(snapshot).model, live_values(snapshot.recipe)
    resident = ResidentImages.of(generate(train=20, test=800, seed=3).test, torch.device("cpu"))
    as_it_is = mean_terms(model, resident, live)
    for size in (16, 160, 800):
        monkeypatch.setattr("aestudio.training.evaluation.EVALUATION_BATCH", size)
        assert mean_terms(model, resident, live) == pytest.approx(as_it_is, rel=1e-6), size


def test_terms_of_a_vae_do_not_depend_on_repetitions_of_an_image(
    snapshot_of: Callable[..., Snapshot], few_digits: Dataset
) -> None:
    model = FrozenModel(snapshot_of("vae")).model
    one = few_digits.test.images[:1]
    once, often = (
        mean_terms(
            model, ResidentImages.of(ImageSet(np.repeat(one, n, 0)), torch.device("cpu")), {"beta": 2.0}
        )
        for n in (1, 400)
    )
    assert often["kl"] == pytest.approx(once["kl"], rel=1e-5)
    assert often["reconstruction"] == pytest.approx(once["reconstruction"], rel=0.02)
    assert often["loss"] == pytest.approx(often["reconstruction"] + 2 * often["kl"], rel=1e-5)
    assert often["negative_elbo"] == pytest.approx(often["reconstruction"] + often["kl"], rel=1e-5)
