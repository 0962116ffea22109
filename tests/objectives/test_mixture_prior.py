"""VaDE: the exact divergences against many draws, the prior's own draws, and what its warm-up does."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
import torch
from scipy.stats import norm
from torch import Tensor

from aestudio.objectives.gaussian_mixture_prior.config import GaussianMixturePrior
from aestudio.objectives.gaussian_mixture_prior.module import FOLLOWS, Mixture, divergences
from tests.objectives.test_objectives import batch_of, images_of, model_of, terms_of

if TYPE_CHECKING:
    from aestudio.objectives.gaussian_mixture_prior.module import GaussianMixturePriorModule
    from aestudio.training.model import Model

OBJECTIVE = GaussianMixturePrior(mixture_size=3, beta=2.0)


def module_of(model: Model) -> GaussianMixturePriorModule:
    return cast("GaussianMixturePriorModule", model.objective)


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def some_mixture() -> Mixture:
    return Mixture(drawn(3, seed=1).log_softmax(0), drawn(3, 2, seed=2), drawn(3, 2, seed=3))


def put_in(model: Model, mixture: Mixture) -> None:
    """Make it the model's prior."""
    layer = cast("torch.nn.Linear", module_of(model).components[0])
    rows = torch.cat([mixture.means, mixture.log_variances, mixture.log_shares[:, None]], 1)
    with torch.no_grad():
        layer.bias.zero_()
        layer.weight.copy_(rows.T)


def test_the_divergences_are_what_many_draws_estimate() -> None:
    """E[log q(z|x) + log q(c) - log p(z|c) - log p(c)] over z and c: for any q(c)."""
    mean, log_variance, mixture = drawn(4, 2, seed=4), drawn(4, 2, seed=5), some_mixture()
    groups = drawn(4, 3, seed=6).log_softmax(1)
    found = divergences(mean, log_variance, groups, mixture)
    generator = np.random.default_rng(0)
    shares, means = mixture.log_shares.exp().numpy(), mixture.means.numpy()
    deviations = (mixture.log_variances / 2).exp().numpy()
    own_deviations = (log_variance / 2).exp().numpy()
    for row in range(4):
        codes = mean[row].numpy() + own_deviations[row] * generator.standard_normal((200_000, 2))
        chances = groups[row].exp().numpy()
        chosen = generator.choice(3, 200_000, p=chances / chances.sum())
        log_q = norm.logpdf(codes, mean[row].numpy(), own_deviations[row]).sum(1)
        log_p = norm.logpdf(codes, means[chosen], deviations[chosen]).sum(1)
        assert (log_q - log_p).mean() == pytest.approx(float(found.code[row]), rel=0.03, abs=0.02)
        expected = (np.log(chances[chosen]) - np.log(shares[chosen])).mean()
        assert expected == pytest.approx(float(found.group[row]), rel=0.03, abs=0.02)


def test_both_divergences_together_are_the_formula_of_the_source() -> None:
    mean, log_variance, mixture = drawn(5, 2, seed=4), drawn(5, 2, seed=5), some_mixture()
    groups = drawn(5, 3, seed=6).log_softmax(1)
    chances, variance = groups.exp(), log_variance.exp()
    each = (
        mixture.log_variances
        + variance[:, None] / mixture.log_variances.exp()
        + (mean[:, None] - mixture.means).square() / mixture.log_variances.exp()
    ).sum(2)
    bound = -(chances * each).sum(1) / 2 + (chances * (mixture.log_shares - groups)).sum(1)
    bound = bound + (1 + log_variance).sum(1) / 2
    torch.testing.assert_close(sum(divergences(mean, log_variance, groups, mixture)), -bound)


def test_their_gradients_are_finite_differences() -> None:
    inputs = [drawn(4, 2, seed=4), drawn(4, 2, seed=5), drawn(3, 2, seed=2), drawn(3, 2, seed=3), drawn(3)]
    codes = drawn(4, 2, seed=7)

    def loss(mean: Tensor, logs: Tensor, means: Tensor, log_variances: Tensor, shares: Tensor) -> Tensor:
        mixture = Mixture(shares.log_softmax(0), means, log_variances)
        groups = mixture.log_densities(codes).log_softmax(1)
        return torch.stack(divergences(mean, logs, groups, mixture)).sum()

    asked = [one.requires_grad_() for one in inputs]
    assert torch.autograd.gradcheck(loss, asked)  # type: ignore[attr-defined]


def test_one_standard_component_is_a_plain_vae() -> None:
    model = model_of(GaussianMixturePrior(mixture_size=1))
    put_in(model, Mixture(torch.zeros(1), torch.zeros(1, 4), torch.zeros(1, 4)))
    terms = terms_of(model, images_of(6))
    with torch.no_grad():
        mean, log_variance = model.encode(images_of(6))
    assert log_variance is not None
    posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
    standard = torch.distributions.Normal(torch.zeros(4), torch.ones(4))
    expected = torch.distributions.kl_divergence(posterior, standard).sum(1).mean()
    assert terms["code_kl"] == pytest.approx(float(expected), rel=1e-5)
    assert terms["group_kl"] == 0
    assert terms["negative_elbo"] == pytest.approx(terms["reconstruction"] + terms["code_kl"], rel=1e-6)


def test_draws_and_density_of_the_prior_are_those_of_the_mixture() -> None:
    model = model_of(GaussianMixturePrior(mixture_size=2))
    shares = torch.tensor([0.25, 0.75])
    means = torch.tensor([[-3.0, 0, 0, 1], [1, 0, 2, 1]])
    put_in(model, Mixture(shares.log(), means, torch.full((2, 4), np.log(0.25))))
    module = module_of(model.eval())
    with torch.no_grad():
        codes = module.sample_prior(40_000, torch.Generator().manual_seed(0), 1.0).numpy()
        np.testing.assert_allclose(codes.mean(0), [0, 0, 1.5, 1], atol=0.03)
        np.testing.assert_allclose(codes.var(0), [0.25 + 3, 0.25, 0.25 + 0.75, 0.25], rtol=0.05)
        cold = module.sample_prior(100, torch.Generator().manual_seed(0), 0.0)
        found = module.prior_log_density(torch.tensor(codes[:5])).numpy()
    assert {tuple(row) for row in cold.tolist()} == {tuple(row) for row in means.tolist()}
    each = norm.pdf(codes[:5, None].astype(float), means.numpy(), 0.5).prod(2) @ shares.numpy()
    np.testing.assert_allclose(found, np.log(each), rtol=1e-5)


@pytest.mark.parametrize("recorded", [False, True])
def test_the_mixture_follows_the_codes_in_the_warm_up_and_only_then(recorded: bool) -> None:
    model = model_of(OBJECTIVE).train()
    module = module_of(model)
    layer = cast("torch.nn.Linear", module.components[0])
    for follows in (0.0, 1.0):
        before = layer.weight.detach().clone()
        live = {FOLLOWS: torch.tensor(follows) if recorded else follows}
        with torch.no_grad():
            model.terms(batch_of(model, images_of(6), **live))  # type: ignore[arg-type]
            module.after_step()
        assert torch.equal(layer.weight, before) == (follows == 0.0)
    log_shares, means, factors = module.followed.components()
    mixture = module.mixture()
    torch.testing.assert_close(mixture.means, means.float(), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(mixture.log_shares, log_shares.float(), rtol=1e-4, atol=1e-4)
    covariances = factors @ factors.transpose(1, 2)
    variances = covariances.diagonal(dim1=1, dim2=2).float()
    torch.testing.assert_close(mixture.log_variances.exp(), variances, rtol=1e-4, atol=1e-4)


def test_the_warm_up_ends_for_weight_and_mixture_at_once() -> None:
    module = model_of(GaussianMixturePrior(warmup_epochs=2.0)).objective
    for step, weight, follows in ((0, 0.0, 1.0), (19, 0.95, 1.0), (20, 1.0, 0.0), (99, 1.0, 0.0)):
        live = {"beta": 1.0}
        module.anneal(step, 10, live)
        assert live == pytest.approx({"beta": weight, FOLLOWS: follows})
