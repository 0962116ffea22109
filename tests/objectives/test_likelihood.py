"""Likelihoods and KL against torch.distributions, scipy, numpy and Monte Carlo."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from torch import Tensor
from torch.distributions import Bernoulli, Normal, kl_divergence
from torch.nn import functional

from aestudio.objectives import likelihood


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_images(count: int, seed: int = 0) -> Tensor:
    return torch.rand(count, 1, 28, 28, generator=generator(seed), dtype=torch.float64)


def logits(count: int, seed: int = 1) -> Tensor:
    return 3 * torch.randn(count, 1, 28, 28, generator=generator(seed), dtype=torch.float64)


@given(
    mean=st.lists(st.floats(-5, 5), min_size=6, max_size=6),
    log_variance=st.lists(st.floats(-8, 3), min_size=6, max_size=6),
)
@settings(max_examples=50, deadline=None)
def test_kl_is_that_of_torch(mean: list[float], log_variance: list[float]) -> None:
    means = torch.tensor(mean, dtype=torch.float64).reshape(2, 3)
    logs = torch.tensor(log_variance, dtype=torch.float64).reshape(2, 3)
    expected = kl_divergence(Normal(means, (logs / 2).exp()), Normal(0.0, 1.0)).sum(1).mean()
    ours = likelihood.kl_to_standard_normal(means, logs)
    assert float(ours) == pytest.approx(float(expected), rel=1e-9, abs=1e-9)
    assert float(ours) >= -1e-12


def test_kl_is_zero_at_the_prior() -> None:
    assert float(likelihood.kl_to_standard_normal(torch.zeros(4, 8), torch.zeros(4, 8))) == 0


def test_kl_agrees_with_monte_carlo_within_one_percent() -> None:
    mean = torch.tensor([[1.5, -0.7, 0.2], [0.0, 2.0, -1.0]], dtype=torch.float64)
    log_variance = torch.tensor([[-1.0, 0.5, -3.0], [1.0, -2.0, 0.0]], dtype=torch.float64)
    samples = 200_000
    noise = generator(5)
    many = mean.repeat(samples, 1), log_variance.repeat(samples, 1)
    drawn = likelihood.reparameterise(*many, noise)
    posterior = Normal(many[0], (many[1] / 2).exp()).log_prob(drawn)
    estimate = (posterior - Normal(0.0, 1.0).log_prob(drawn)).sum(1).mean()
    closed = likelihood.kl_to_standard_normal(mean, log_variance)
    assert float(closed) == pytest.approx(float(estimate), rel=0.01)


def test_log_variance_of_ln_4_means_a_deviation_of_2() -> None:
    """The mistake of sampling with exp(logvar) would give 4, with exp(logvar / 4) 1.41."""
    mean = torch.full((100_000, 1), 3.0)
    drawn = likelihood.reparameterise(mean, torch.full_like(mean, math.log(4)), generator())
    assert float(drawn.std()) == pytest.approx(2, rel=0.01)
    assert float(drawn.mean()) == pytest.approx(3, abs=0.03)
    assert stats.kstest(drawn.numpy().ravel(), stats.norm(3, 2).cdf).pvalue > 0.001


def test_reparameterise_passes_gradients_and_repeats_with_its_generator() -> None:
    mean = torch.zeros(5, 3, requires_grad=True)
    logs = torch.full((5, 3), math.log(4), requires_grad=True)
    drawn = likelihood.reparameterise(mean, logs, generator(3))
    drawn.sum().backward()
    epsilon = torch.randn(5, 3, generator=generator(3))
    torch.testing.assert_close(drawn.detach(), 2 * epsilon)
    assert mean.grad is not None
    assert logs.grad is not None
    torch.testing.assert_close(mean.grad, torch.ones(5, 3))
    torch.testing.assert_close(logs.grad, epsilon)  # d(exp(l/2) e)/dl = exp(l/2) e / 2


def test_cross_entropy_is_that_of_torch_and_numpy() -> None:
    images, scores = random_images(3), logits(3)
    ours = float(likelihood.cross_entropy(scores, images))
    grey = Bernoulli(logits=scores, validate_args=False)
    assert ours == pytest.approx(-float(grey.log_prob(images).sum((1, 2, 3)).mean()), rel=1e-12)
    chance = 1 / (1 + np.exp(-scores.numpy()))
    x = images.numpy()
    by_hand = -(x * np.log(chance) + (1 - x) * np.log1p(-chance)).sum() / 3
    assert ours == pytest.approx(by_hand, rel=1e-9)


def test_cross_entropy_survives_extreme_logits() -> None:
    images = (random_images(2) > 0.5).double()
    sure = torch.where(images > 0, 1000.0, -1000.0)
    assert float(likelihood.cross_entropy(sure, images)) == 0
    assert float(likelihood.cross_entropy(-sure, images)) == pytest.approx(784_000)


@pytest.mark.parametrize("scale", [0.1, 3.0, 30.0, 300.0])
def test_value_and_gradient_of_cross_entropy_in_single_precision(scale: float) -> None:
    """Against torch's own in double precision, up to logits whose sigmoid is exactly 0 or 1."""
    scores, images = (logits(8) * scale).float().requires_grad_(), random_images(8).float()
    ours = likelihood.cross_entropy(scores, images)
    (gradient,) = torch.autograd.grad(ours, scores)
    exact = scores.detach().double().requires_grad_()
    theirs = functional.binary_cross_entropy_with_logits(exact, images.double(), reduction="sum") / 8
    (expected,) = torch.autograd.grad(theirs, exact)
    assert ours.item() == pytest.approx(theirs.item(), rel=1e-6)
    assert torch.allclose(gradient.double(), expected, atol=1e-7)


def test_cross_entropy_is_least_at_the_pixels_own_entropy() -> None:
    images = random_images(2).clamp(0.01, 0.99)
    least = -(images * images.log() + (1 - images) * (1 - images).log()).sum() / 2
    assert float(likelihood.cross_entropy(images.logit(), images)) == pytest.approx(float(least))
    assert float(likelihood.cross_entropy(images.logit() + 0.1, images)) > float(least)


@pytest.mark.parametrize("variance", [0.01, 0.05, 0.5, 1.0, 4.0])
def test_gaussian_is_that_of_scipy_with_its_constant(variance: float) -> None:
    images, means = random_images(3), torch.sigmoid(logits(3))
    density = stats.norm.logpdf(images.numpy(), means.numpy(), math.sqrt(variance))
    expected = -density.sum(axis=(1, 2, 3)).mean()
    assert float(likelihood.gaussian(means, images, variance)) == pytest.approx(expected, rel=1e-10)


def test_gaussian_of_half_variance_is_the_squared_error_and_a_constant() -> None:
    images, means = random_images(3), torch.sigmoid(logits(3))
    constant = 392 * math.log(math.pi)
    error = float(likelihood.squared_error(means, images))
    assert float(likelihood.gaussian(means, images, 0.5)) == pytest.approx(error + constant)


def test_squared_error_is_summed_over_pixels() -> None:
    images = random_images(4)
    assert float(likelihood.squared_error(images + 0.5, images)) == pytest.approx(784 / 4)


@pytest.mark.parametrize("distance", ["squared_error", "cross_entropy", "gaussian", "kl"])
def test_values_are_means_over_images(distance: str) -> None:
    """Twice the same batch costs the same; the batch costs the mean of its images."""
    first, second = {
        "kl": lambda: (torch.randn(6, 4, generator=generator()), torch.randn(6, 4, generator=generator(1))),
    }.get(distance, lambda: (logits(6), random_images(6)))()
    function = {
        "squared_error": likelihood.squared_error,
        "cross_entropy": likelihood.cross_entropy,
        "gaussian": lambda means, images: likelihood.gaussian(means, images, 0.3),
        "kl": likelihood.kl_to_standard_normal,
    }[distance]
    once = float(function(first, second))
    assert float(
        function(first.repeat(5, *[1] * (first.dim() - 1)), second.repeat(5, *[1] * (second.dim() - 1)))
    ) == pytest.approx(once, rel=1e-6)
    each = [float(function(first[i : i + 1], second[i : i + 1])) for i in range(6)]
    assert once == pytest.approx(np.mean(each), rel=1e-6)
