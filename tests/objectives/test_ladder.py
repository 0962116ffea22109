"""The ladder of two levels: products of densities, both divergences, and codes whose prior is N(0, I)."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.distributions import Normal as TorchNormal
from torch.distributions import kl_divergence

from aestudio.objectives.ladder.config import Ladder
from aestudio.objectives.ladder.module import Normal, product
from tests.objectives.test_objectives import batch_of, images_of, model_of, terms_of

OBJECTIVE = Ladder(top_size=3, level_units=6, beta=2.0)


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_a_product_of_densities_is_the_normalised_one() -> None:
    """On a fine grid of one number, by the rectangle rule."""
    one, other = Normal(drawn(1), drawn(1, seed=1)), Normal(drawn(1, seed=2), drawn(1, seed=3))
    grid = torch.linspace(-15, 15, 60_001, dtype=torch.float64)
    step = float(grid[1] - grid[0])
    densities = [
        TorchNormal(each.mean, (each.log_variance / 2).exp()).log_prob(grid) for each in (one, other)
    ]
    expected = sum(densities).exp()  # type: ignore[union-attr]
    expected = expected / (expected.sum() * step)
    found = product(one, other)
    mean = (expected * grid).sum() * step
    variance = (expected * (grid - mean).square()).sum() * step
    torch.testing.assert_close(found.mean[0], mean, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(found.log_variance.exp()[0], variance, rtol=1e-6, atol=1e-6)


def test_a_product_with_certainty_is_that_certainty() -> None:
    sure = Normal(torch.tensor([2.0]), torch.tensor([-200.0]))
    found = product(sure, Normal(torch.tensor([-5.0]), torch.tensor([3.0])))
    assert torch.allclose(found.mean, sure.mean)
    assert torch.allclose(found.log_variance, sure.log_variance)


def test_each_divergence_is_that_of_torch() -> None:
    model, images = model_of(OBJECTIVE).double(), images_of(6).double()
    module: Any = model.objective
    terms = terms_of(model, images)
    noise = torch.Generator().manual_seed(9)
    with torch.no_grad():
        features = model.encoder(images)
        top = module._top(features)
        epsilon = torch.randn(top.mean.shape, generator=noise, dtype=torch.float64)
        above = module._above(top.mean + (top.log_variance / 2).exp() * epsilon)
        bottom = module._bottom(features, above)

    def normal(one: Normal) -> TorchNormal:
        return TorchNormal(one.mean, (one.log_variance / 2).exp())

    standard = TorchNormal(torch.zeros_like(top.mean), torch.ones_like(top.mean))
    assert terms["top_kl"] == pytest.approx(float(kl_divergence(normal(top), standard).sum(1).mean()))
    expected = kl_divergence(normal(bottom), normal(above)).sum(1).mean()
    assert terms["bottom_kl"] == pytest.approx(float(expected))
    kl = terms["top_kl"] + terms["bottom_kl"]
    assert terms["loss"] == pytest.approx(terms["reconstruction"] + 2 * kl)
    assert terms["negative_elbo"] == pytest.approx(terms["reconstruction"] + kl)


def test_a_code_decodes_to_the_mean_of_the_lower_level() -> None:
    """Its deviations, put to work again, are what the image says of the lower level."""
    model, images = model_of(OBJECTIVE).double().eval(), images_of(5).double()
    module: Any = model.objective
    with torch.no_grad():
        code = model.encode(images)
        features = model.encoder(images)
        top = module._top(features)
        bottom = module._bottom(features, module._above(top.mean))
        found = module.decoder_input(code.mean, None)
    assert code.mean.shape == (5, 3 + 4)
    torch.testing.assert_close(found, bottom.mean)
    torch.testing.assert_close(code.mean[:, :3], top.mean)


def test_draws_of_the_declared_prior_are_draws_of_both_levels() -> None:
    """A deviation of N(0, I) is a draw of p(z1|z2): mean and spread of the lower level, given the upper."""
    model = model_of(OBJECTIVE).double()
    module: Any = model.objective
    with torch.no_grad():
        above = module._above(drawn(1, 3))
        codes = torch.cat([drawn(1, 3).expand(50_000, -1), drawn(50_000, 4, seed=1)], 1)
        found = module.decoder_input(codes, None)
    torch.testing.assert_close(found.mean(0), above.mean[0], atol=0.02, rtol=0.02)
    torch.testing.assert_close(found.var(0), above.log_variance.exp()[0], atol=0.02, rtol=0.02)


def test_a_warm_up_scales_both_divergences() -> None:
    module = model_of(Ladder(warmup_epochs=2.0, beta=3.0)).objective
    for step, expected in ((0, 0.0), (5, 0.75), (20, 3.0), (99, 3.0)):
        live = {"beta": 3.0}
        module.anneal(step, 10, live)
        assert live["beta"] == pytest.approx(expected)


def test_the_bounds_of_images_average_to_the_term() -> None:
    model, images = model_of(OBJECTIVE).eval(), images_of(6)
    with torch.no_grad():
        each = model.negative_elbo_of_images(batch_of(model, images))
    assert each is not None
    assert float(each.mean()) == pytest.approx(terms_of(model, images)["negative_elbo"], rel=1e-5)
