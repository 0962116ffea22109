"""Planar flows: the log-determinant by autograd's Jacobian, invertible, and the bound they give."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from aestudio.objectives.flow_posterior.config import FlowPosterior
from aestudio.objectives.flow_posterior.module import planar
from tests.objectives.test_objectives import batch_of, images_of, model_of, terms_of

OBJECTIVE = FlowPosterior(flows=5, beta=2.0)


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def jacobian(function: Any, at: Tensor) -> Tensor:
    return cast("Any", torch.autograd.functional.jacobian)(function, at)


@pytest.mark.parametrize("scale", [0.0, 0.1, 1.0, 4.0])
def test_the_log_determinant_is_that_of_the_jacobian(scale: float) -> None:
    for seed in range(5):
        u, w, b = scale * drawn(1, 4, seed=seed), drawn(1, 4, seed=10 + seed), drawn(1, seed=20 + seed)
        code = drawn(4, seed=30 + seed)
        matrix = jacobian(lambda one, u=u, w=w, b=b: planar(one[None], u, w, b).codes[0], code)
        expected = torch.linalg.slogdet(matrix)
        found = planar(code[None], u, w, b).log_determinant[0]
        assert float(expected.sign) == 1
        torch.testing.assert_close(found, expected.logabsdet, rtol=1e-9, atol=1e-9)


def test_a_flow_of_nothing_changes_nothing() -> None:
    code = drawn(3, 4)
    for w in (drawn(3, 4, seed=1), torch.zeros(3, 4, dtype=torch.float64)):
        moved = planar(code, torch.zeros_like(code), w, drawn(3, seed=2))
        torch.testing.assert_close(moved.codes, code)
        torch.testing.assert_close(moved.log_determinant, torch.zeros(3, dtype=torch.float64))


def test_every_flow_can_be_inverted() -> None:
    """Along w, where it could fold, each rises: also with u straight against w."""
    w = drawn(1, 4, seed=1)
    places = torch.linspace(-6, 6, 4001, dtype=torch.float64)[:, None] * w / w.norm()
    for strength in (1.0, 5.0, 50.0):
        u = (-strength * w).expand(len(places), -1)
        moved = planar(places, u, w.expand(len(places), -1), torch.zeros(len(places), dtype=torch.float64))
        heights = moved.codes @ w[0]
        assert bool((heights[1:] > heights[:-1]).all())


def test_all_flows_of_an_image_together_have_the_jacobian_they_say() -> None:
    model = model_of(OBJECTIVE).double()
    module: Any = model.objective
    with torch.no_grad():
        for parameter in module.flow.parameters():
            parameter.mul_(5)
        features = model.encoder(images_of(3).double())
    for row in range(3):
        of_one = features[row : row + 1]
        code = drawn(4, seed=row)
        matrix = jacobian(lambda one, given=of_one: module.moved(one[None], given).codes[0], code)
        found = module.moved(code[None], of_one).log_determinant[0]
        torch.testing.assert_close(found, torch.linalg.slogdet(matrix).logabsdet)


def test_the_density_of_the_posterior_sums_up_to_one() -> None:
    """exp(log q0(z0) - log-determinant), by many draws, against a histogram of one number."""
    u, w, b = (torch.tensor([[value]], dtype=torch.float64) for value in (3.0, 2.0, 0.4))
    first = drawn(400_000, 1)
    rows = len(first)
    moved = planar(first, u.expand(rows, 1), w.expand(rows, 1), b.expand(rows, 1)[:, 0])
    log_q = torch.distributions.Normal(0.0, 1.0).log_prob(first)[:, 0] - moved.log_determinant
    edges = torch.linspace(-5, 5, 21, dtype=torch.float64)
    for low, high in pairwise(edges):
        inside = (moved.codes[:, 0] >= low) & (moved.codes[:, 0] < high)
        if int(inside.sum()) > 4000:
            # E[1 / q] over the draws in the interval is its length over its probability.
            width = float((-log_q[inside]).exp().sum()) / rows
            assert width == pytest.approx(float(high - low), rel=0.05)


def test_without_flows_worth_the_name_the_kl_is_that_of_a_gaussian() -> None:
    """With u = 0 the mean over many draws is the closed form."""
    model = model_of(OBJECTIVE)
    module: Any = model.objective
    images = images_of(1).expand(4000, -1, -1, -1)
    with torch.no_grad():
        for parameter in module.flow.parameters():
            parameter.zero_()
        terms = model.terms(batch_of(model, images))
        mean, log_variance = module.head(model.encoder(images[:1])).split(4, 1)
    posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
    standard = torch.distributions.Normal(torch.zeros(1, 4), torch.ones(1, 4))
    expected = torch.distributions.kl_divergence(posterior, standard).sum()
    assert float(terms["log_determinant"]) == 0
    assert float(terms["kl"]) == pytest.approx(float(expected), rel=0.1)


def test_the_loss_weighs_the_kl_and_shows_the_bound() -> None:
    model, images = model_of(OBJECTIVE), images_of(6)
    terms = terms_of(model, images)
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + 2 * terms["kl"], rel=1e-6)
    assert terms["negative_elbo"] == pytest.approx(terms["reconstruction"] + terms["kl"], rel=1e-6)
    with torch.no_grad():
        each = model.eval().negative_elbo_of_images(batch_of(model, images))
    assert each is not None
    assert float(each.mean()) == pytest.approx(terms["negative_elbo"], rel=1e-5)


def test_the_code_of_an_image_is_where_the_flows_bring_its_mean() -> None:
    model = model_of(OBJECTIVE).eval()
    module: Any = model.objective
    with torch.no_grad():
        features = model.encoder(images_of(3))
        mean = module.head(features)[:, :4]
        assert torch.equal(model.encode(images_of(3)).mean, module.moved(mean, features).codes)
    assert model.encode(images_of(3)).log_variance is None
