"""Kinds of variational autoencoders: bounds, parts of the KL, likelihoods, each against its definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import logsumexp
from scipy.stats import logistic, multivariate_normal, norm

from aestudio.objectives import likelihood
from aestudio.objectives.dip_variational.config import DipVariational
from aestudio.objectives.dip_variational.module import covariance
from aestudio.objectives.importance_weighted.config import ImportanceWeighted
from aestudio.objectives.total_correlation.config import TotalCorrelation
from aestudio.objectives.total_correlation.module import parts_of_kl
from aestudio.objectives.variational.config import Variational
from aestudio.objectives.wasserstein.config import Wasserstein
from aestudio.recipes.memory_estimate import memory_needed
from aestudio.training.spec import live_values
from tests.objectives.test_objectives import batch_of, images_of, model_of, terms_of


def draws(count: int, size: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Samples, means and log-variances of posteriors, (B, L) each."""
    generator = torch.Generator().manual_seed(seed)
    mean, log_variance, noise = torch.randn(3, count, size, generator=generator, dtype=torch.float64)
    return mean + (log_variance / 2).exp() * noise, mean, log_variance


# --- importance weights ---------------------------------------------------------------------------


@pytest.mark.parametrize("samples", [1, 4])
def test_the_bound_is_the_mean_of_logarithms_of_mean_weights(samples: int) -> None:
    model, images = model_of(ImportanceWeighted(samples=samples)), images_of(6)
    noise = torch.Generator().manual_seed(9)
    with torch.no_grad():
        mean, log_variance = model.encode(images)
        assert log_variance is not None
        shape = (samples * 6, 4)
        eps = torch.randn(shape, generator=noise)
        means, deviations = mean.repeat(samples, 1), (log_variance.repeat(samples, 1) / 2).exp()
        codes = means + deviations * eps
        chance = model.decode(codes).double().sigmoid().numpy()
    x = images.double().repeat(samples, 1, 1, 1).numpy()
    given = (x * np.log(chance) + (1 - x) * np.log1p(-chance)).sum((1, 2, 3))
    z, m, s = (each.double().numpy() for each in (codes, means, deviations))
    weights = (given + norm.logpdf(z).sum(1) - norm.logpdf(z, m, s).sum(1)).reshape(samples, 6)
    expected = -(logsumexp(weights, axis=0) - np.log(samples)).mean()
    terms = terms_of(model, images)
    assert terms["loss"] == pytest.approx(expected, rel=1e-5)
    assert terms["reconstruction"] == pytest.approx(-given.mean(), rel=1e-5)


def test_more_samples_are_a_tighter_bound() -> None:
    images, means = images_of(4), []
    for samples in (1, 5, 50):
        model = model_of(ImportanceWeighted(samples=samples, likelihood="gaussian", pixel_variance=1.0))
        noise = torch.Generator().manual_seed(1)
        batch = batch_of(model, images)
        batch = type(batch)(images, None, noise, batch.live)
        with torch.no_grad():
            means.append(np.mean([float(model.terms(batch)["loss"]) for _ in range(200)]))
    assert means[0] > means[1] > means[2]


# --- capacity -------------------------------------------------------------------------------------


def test_the_kl_is_drawn_to_the_capacity_which_rises() -> None:
    model, images = model_of(Variational(beta=20.0, capacity=8.0, capacity_epochs=2.0)), images_of(5)
    for step, capacity in ((0, 0.0), (5, 2.0), (20, 8.0), (99, 8.0)):
        live = live_values(model.recipe)
        model.objective.anneal(step, 10, live)
        terms = terms_of(model, images, None, **live)
        expected = terms["reconstruction"] + 20 * abs(terms["kl"] - capacity)
        assert terms["loss"] == pytest.approx(expected, rel=1e-5)
        assert terms["negative_elbo"] == pytest.approx(terms["reconstruction"] + terms["kl"], rel=1e-6)
    evaluated = terms_of(model, images)
    assert evaluated["loss"] == pytest.approx(
        evaluated["reconstruction"] + 20 * abs(evaluated["kl"] - 8), rel=1e-5
    )


def test_without_capacity_steps_are_told_nothing_more() -> None:
    model = model_of(Variational())
    live = live_values(model.recipe)
    model.objective.anneal(3, 10, live)
    assert live == live_values(model.recipe)


# --- DIP and total correlation --------------------------------------------------------------------


def test_covariance_of_drawn_codes() -> None:
    _, mean, log_variance = draws(30, 3)
    expected = np.cov(mean.T.numpy(), bias=True) + np.diag(np.exp(log_variance.numpy()).mean(0))
    np.testing.assert_allclose(covariance(mean, log_variance).numpy(), expected, rtol=1e-9)


def test_dip_adds_what_differs_from_the_priors_covariance() -> None:
    model, images = model_of(DipVariational(off_diagonal=3.0, diagonal=7.0)), images_of(9)
    with torch.no_grad():
        mean, log_variance = model.encode(images)
    assert log_variance is not None
    whole = np.cov(mean.double().T.numpy(), bias=True) + np.diag(log_variance.double().exp().mean(0).numpy())
    off = (whole**2).sum() - (np.diag(whole) ** 2).sum()
    own = ((np.diag(whole) - 1) ** 2).sum()
    terms = terms_of(model, images)
    assert terms["covariances"] == pytest.approx(off, rel=1e-4)
    assert terms["variances"] == pytest.approx(own, rel=1e-4)
    assert terms["loss"] == pytest.approx(terms["negative_elbo"] + 3 * off + 7 * own, rel=1e-5)


def test_parts_of_the_kl_are_those_of_the_mixture_of_posteriors() -> None:
    codes, mean, log_variance = draws(7, 3)
    z, m, s = codes.numpy(), mean.numpy(), np.exp(log_variance.numpy() / 2)
    pairs = np.array([[norm.logpdf(z[a], m[b], s[b]) for b in range(7)] for a in range(7)])  # (B, B, L)
    together = logsumexp(pairs.sum(2), axis=1) - np.log(7)
    each = (logsumexp(pairs, axis=1) - np.log(7)).sum(1)
    own = np.array([pairs[a, a].sum() for a in range(7)])
    parts = parts_of_kl(codes, mean, log_variance)
    assert float(parts.mutual_information) == pytest.approx((own - together).mean(), rel=1e-9)
    assert float(parts.total_correlation) == pytest.approx((together - each).mean(), rel=1e-9)
    prior = multivariate_normal.logpdf(z, np.zeros(3))
    assert float(parts.dimension_kl) == pytest.approx((each - prior).mean(), rel=1e-9)
    assert float(sum(parts)) == pytest.approx((own - prior).mean(), rel=1e-9)


def test_independent_codes_have_no_total_correlation() -> None:
    codes = torch.randn(50, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    parts = parts_of_kl(codes, torch.zeros_like(codes), torch.zeros_like(codes))
    assert [float(part) for part in parts] == pytest.approx([0, 0, 0], abs=1e-9)
    same = codes[:, :1].expand(-1, 3)
    dependent = parts_of_kl(same, same, torch.full_like(same, -3.0))
    assert float(dependent.total_correlation) > 1


def test_a_weight_of_one_is_a_vae_with_an_estimated_kl() -> None:
    terms = terms_of(model_of(TotalCorrelation(tc_weight=1.0)), images_of(6))
    parts = terms["mutual_information"] + terms["total_correlation"] + terms["dimension_kl"]
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + parts, rel=1e-6)


def test_terms_that_compare_all_images_count_in_the_memory_that_is_needed() -> None:
    for objective, least in ((TotalCorrelation(), 4 * 4), (Wasserstein(), 200)):
        model = model_of(objective)
        recipe = model.recipe.with_settings({"batch_size": 4096})
        small, large = (
            memory_needed(type(model.architecture)(one, model.architecture.data)).device
            for one in (model.recipe, recipe)
        )
        assert large - small > least * 4096**2


# --- likelihoods ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [0.003, 0.05, 1.0])
def test_the_probabilities_of_all_grey_levels_sum_to_one(scale: float) -> None:
    levels = torch.linspace(0, 1, 256, dtype=torch.float64)[:, None]
    means = torch.tensor([[-0.2, 0.0, 0.31, 0.5, 0.9999, 1.0]], dtype=torch.float64)
    logs = -likelihood.discretised_logistic(
        means.expand(256, -1), levels.expand(-1, 6), torch.tensor(scale, dtype=torch.float64)
    )
    np.testing.assert_allclose(logs.exp().sum(0).numpy(), np.ones(6), rtol=1e-9)
    inner = logistic.cdf(0.4 + 1 / 510, 0.31, scale) - logistic.cdf(0.4 - 1 / 510, 0.31, scale)
    assert float(logs[102, 2].exp()) == pytest.approx(inner, rel=1e-9)


def test_far_levels_have_a_finite_cost_and_gradient() -> None:
    means = torch.zeros(3, requires_grad=True)
    cost = likelihood.discretised_logistic(means, torch.tensor([0.5, 1.0, 0.0]), torch.tensor(1e-3)).sum()
    cost.backward()
    assert cost.isfinite()
    assert means.grad is not None
    assert means.grad.isfinite().all()


def test_the_scale_has_the_variance() -> None:
    scale = likelihood.logistic_scale(torch.tensor(0.02))
    assert float(logistic.var(scale=float(scale))) == pytest.approx(0.02, rel=1e-6)


@pytest.mark.parametrize("kind", ["learned_gaussian", "discretised_logistic"])
def test_the_variance_becomes_the_squared_error_and_makes_the_loss(kind: Any) -> None:
    model, images = model_of(Variational(likelihood=kind)).train(), images_of(8)
    for _ in range(600):
        with torch.no_grad():
            model.terms(batch_of(model, images))
            model.objective.after_step()
    with torch.no_grad():
        mean, log_variance = model.encode(images)
        assert log_variance is not None
        codes = likelihood.reparameterise(mean, log_variance, torch.Generator().manual_seed(9))
        means = model.decode_images(codes)
    variance = float((means - images).square().mean())
    assert float(model.objective.get_buffer("variance")) == pytest.approx(variance, rel=1e-3)
    terms = terms_of(model.eval(), images)
    if kind == "learned_gaussian":
        logs = norm.logpdf(images.numpy(), means.numpy(), variance**0.5)
        assert terms["reconstruction"] == pytest.approx(-logs.sum((1, 2, 3)).mean(), rel=1e-3)
    assert terms["negative_elbo"] == pytest.approx(terms["reconstruction"] + terms["kl"], rel=1e-6)


def test_only_models_that_learn_a_variance_keep_one() -> None:
    assert "objective.variance" not in model_of(Variational()).state_dict()
    assert "objective.variance" in model_of(Variational(likelihood="learned_gaussian")).state_dict()
