"""Kinds of variational autoencoders: bounds, parts of the KL, likelihoods, each against its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
import torch
from scipy.special import logsumexp
from scipy.stats import logistic, multivariate_normal, norm

from aestudio.objectives import likelihood
from aestudio.objectives.categorical_variational.config import CategoricalVariational
from aestudio.objectives.categorical_variational.module import gumbel, kl_to_even_chances
from aestudio.objectives.dip_variational.config import DipVariational
from aestudio.objectives.dip_variational.module import covariance
from aestudio.objectives.importance_weighted.config import ImportanceWeighted
from aestudio.objectives.mixture_of_posteriors.config import MixtureOfPosteriors
from aestudio.objectives.mixture_of_posteriors.module import log_mixture
from aestudio.objectives.total_correlation.config import TotalCorrelation
from aestudio.objectives.total_correlation.module import parts_of_kl
from aestudio.objectives.variational.config import Variational
from aestudio.objectives.wasserstein.config import Wasserstein
from aestudio.recipes.memory_estimate import memory_needed
from aestudio.training.spec import live_values
from tests.objectives.test_objectives import batch_of, images_of, model_of, terms_of

if TYPE_CHECKING:
    from aestudio.objectives.mixture_of_posteriors.module import MixtureOfPosteriorsModule


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


# --- a mixture of posteriors ----------------------------------------------------------------------


def test_the_prior_is_the_mean_density_of_the_posteriors_of_the_pseudo_inputs() -> None:
    model = model_of(MixtureOfPosteriors(components=3)).train()
    module = cast("MixtureOfPosteriorsModule", model.objective)
    with torch.no_grad():
        model.terms(batch_of(model, images_of(4)))
        module.after_step()
        mean, log_variance = model.encode(module.images())
    assert log_variance is not None
    assert torch.equal(module.means, mean)
    codes = torch.randn(5, 4, generator=torch.Generator().manual_seed(1))
    deviations = (log_variance / 2).exp().double().numpy()
    each = norm.pdf(codes.double().numpy()[:, None], mean.double().numpy(), deviations).prod(2)
    np.testing.assert_allclose(module.prior_log_density(codes).numpy(), np.log(each.mean(1)), rtol=1e-5)


def test_the_kl_to_a_mixture_is_estimated_without_bias() -> None:
    """Of one component at N(0, I), which has a closed form."""
    _, mean, log_variance = draws(3, 2)
    noise = torch.randn(100_000, 3, 2, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    codes = (mean + (log_variance / 2).exp() * noise).flatten(0, 1)
    zeros = torch.zeros(1, 2, dtype=torch.float64)
    own = likelihood.log_normal(codes.view(-1, 3, 2), mean, log_variance)
    estimate = (own - log_mixture(codes, zeros, zeros).view(-1, 3)).mean()
    expected = likelihood.kl_to_standard_normal(mean, log_variance)
    assert float(estimate) == pytest.approx(float(expected), rel=0.01)


def test_draws_of_the_mixture_have_its_moments() -> None:
    model = model_of(MixtureOfPosteriors(components=2))
    module = cast("MixtureOfPosteriorsModule", model.objective)
    module.means.copy_(torch.tensor([[-3.0, 0, 0, 1], [1, 0, 2, 1]]))
    module.log_variances.fill_(np.log(0.25))
    drawn = module.sample_prior(40_000, torch.Generator().manual_seed(0), 1.0).numpy()
    np.testing.assert_allclose(drawn.mean(0), [-1, 0, 1, 1], atol=0.05)
    np.testing.assert_allclose(drawn.var(0), [0.25 + 4, 0.25, 0.25 + 1, 0.25], rtol=0.05)
    cold = module.sample_prior(100, torch.Generator().manual_seed(0), 0.0)
    assert {tuple(row) for row in cold.tolist()} == {tuple(row) for row in module.means.tolist()}


def test_pseudo_inputs_begin_nearly_empty_and_learn() -> None:
    model = model_of(MixtureOfPosteriors(components=3))
    module = cast("MixtureOfPosteriorsModule", model.objective)
    assert float(module.images().detach().mean()) == pytest.approx(0.05, abs=0.02)
    model.terms(batch_of(model, images_of(4)))["loss"].backward()
    assert all(one.grad is not None and one.grad.abs().sum() > 0 for one in module.pseudo_inputs.parameters())


# --- categories -----------------------------------------------------------------------------------


def test_the_kl_to_even_chances_is_that_of_torch() -> None:
    logits = torch.randn(4, 3, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    even = torch.distributions.Categorical(logits=torch.zeros(5, dtype=torch.float64))
    posterior = torch.distributions.Categorical(logits=logits)
    expected = torch.distributions.kl_divergence(posterior, even).sum(1)
    assert torch.allclose(kl_to_even_chances(logits.log_softmax(2)).sum(1), expected)
    assert torch.allclose(
        kl_to_even_chances(torch.zeros(2, 3, 5).log_softmax(2)), torch.zeros(2, 3), atol=1e-5
    )


def test_the_largest_gumbel_score_is_a_draw() -> None:
    chances = torch.tensor([0.6, 0.3, 0.1])
    scores = chances.log() + gumbel(torch.Size((100_000, 3)), chances, torch.Generator().manual_seed(0))
    found = torch.bincount(scores.argmax(1), minlength=3) / len(scores)
    assert torch.allclose(found, chances, atol=0.01)


def test_a_low_temperature_decodes_nearly_one_category() -> None:
    model = model_of(CategoricalVariational(categories=3))
    module: Any = model.objective
    logs = torch.randn(6, 4, 3, generator=torch.Generator().manual_seed(0)).log_softmax(2)
    for temperature, least, most in ((0.01, 0.99, 1.0), (100.0, 0.3, 0.4)):
        drawn = module._drawn(logs, batch_of(model, images_of(6), temperature_now=temperature))
        largest = drawn.view(6, 4, 3).max(2).values.mean()
        assert least <= float(largest) <= most
        assert torch.allclose(drawn.view(6, 4, 3).sum(2), torch.ones(6, 4))
    model.eval()
    drawn = module._drawn(logs, batch_of(model, images_of(6)))
    assert set(drawn.unique().tolist()) == {0.0, 1.0}


def test_the_temperature_falls_by_one_factor() -> None:
    module = model_of(
        CategoricalVariational(first_temperature=2.0, last_temperature=0.5, cooling_epochs=2.0)
    ).objective
    found = []
    for step in (0, 5, 10, 20, 99):
        live: dict[str, float] = {}
        module.anneal(step, 10, live)
        found.append(live["temperature_now"])
    assert found == pytest.approx([2.0, 2.0**0.5, 1.0, 0.5, 0.5])


def test_codes_are_the_most_probable_categories_and_decode_as_such() -> None:
    model, images = model_of(CategoricalVariational(categories=3)).eval(), images_of(5)
    with torch.no_grad():
        codes = model.encode(images).mean
        logits = model.objective.head(model.encoder(images)).view(5, 4, 3)
        assert torch.equal(codes.long(), logits.argmax(2))
        points = model.points(codes)
    assert points.shape == (5, 12)
    assert torch.equal(points.view(5, 4, 3).argmax(2), codes.long())
    prior = model.architecture.latent.prior
    assert prior is not None
    assert prior.log_density(codes.numpy()) == pytest.approx(-4 * np.log(3))
