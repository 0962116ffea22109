"""RAE: its penalties, and the mixture that follows the codes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.errors import BadChoice
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.gaussian_mixture import GaussianMixture
from aestudio.objectives.regularised.config import Regularised
from aestudio.recipes.library import find_recipe
from tests.objectives.test_objectives import batch_of, images_of, model_of, terms_of


def mixture_of(count: int, size: int) -> GaussianMixture:
    with torch.random.fork_rng():
        torch.manual_seed(4)
        return GaussianMixture(count, size)


def known_codes(count: int, seed: int) -> tuple[torch.Tensor, torch.distributions.MixtureSameFamily]:
    """Codes (count, 2) of a mixture of three, and it."""
    means = torch.tensor([[4.0, 0.0], [-3.0, 2.0], [0.0, -4.0]])
    factors = torch.tensor([[[1.0, 0.0], [0.7, 0.3]], [[0.5, 0.0], [0.0, 1.5]], [[0.3, 0.0], [-0.2, 0.6]]])
    mixture = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(torch.tensor([0.5, 0.3, 0.2])),
        torch.distributions.MultivariateNormal(means, scale_tril=factors),
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return mixture.sample((count,)), mixture


def test_penalties_are_half_the_squared_code_and_the_decoders_weights() -> None:
    model = model_of(Regularised(code_penalty=0.3, decoder_penalty=0.02))
    images = images_of(6)
    with torch.no_grad():
        codes = model.encode(images).mean.double().numpy()
    weights = [
        v.numpy().astype(float)
        for n, v in model.state_dict().items()
        if n.startswith("decoder.") and "weight" in n
    ]
    terms = terms_of(model, images)
    assert terms["code_size"] == pytest.approx((codes**2).sum(1).mean() / 2, rel=1e-5)
    assert terms["decoder_weights"] == pytest.approx(sum((w**2).sum() for w in weights), rel=1e-5)
    expected = terms["reconstruction"] + 0.3 * terms["code_size"] + 0.02 * terms["decoder_weights"]
    assert terms["loss"] == pytest.approx(expected, rel=1e-6)


def test_tied_decoders_have_no_weights_of_their_own() -> None:
    model = model_of(Regularised(), FullyConnected(hidden=(12,), latent_size=4, decoder_weights="tied"))
    assert terms_of(model, images_of(3))["decoder_weights"] == 0


def test_density_is_that_of_torchs_distributions() -> None:
    mixture = mixture_of(3, 2)
    codes, _ = known_codes(500, 1)
    for _ in range(40):
        mixture.follow(codes)
    parts = mixture.components()
    expected = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(logits=parts.log_shares),
        torch.distributions.MultivariateNormal(parts.means, scale_tril=parts.factors),
    )
    torch.testing.assert_close(mixture.log_density(codes), expected.log_prob(codes.double()))


def test_it_finds_the_mixture_that_codes_come_from() -> None:
    mixture = mixture_of(3, 2)
    for seed in range(400):
        mixture.follow(known_codes(128, seed)[0])
    codes, truth = known_codes(4000, 10_000)
    missing = float(truth.log_prob(codes).mean()) - float(mixture.log_density(codes).mean())
    assert missing < 0.05, "nats below the density that they were drawn from"
    assert sorted(mixture.components().log_shares.exp().tolist()) == pytest.approx([0.2, 0.3, 0.5], abs=0.06)
    drawn = mixture.sample(20_000, torch.Generator().manual_seed(0))
    np.testing.assert_allclose(drawn.mean(0), codes.mean(0), atol=0.15)
    np.testing.assert_allclose(np.cov(drawn.T.numpy()), np.cov(codes.T.numpy()), atol=0.6)


def test_a_lower_temperature_draws_nearer_to_the_means() -> None:
    mixture = mixture_of(1, 5)
    wide, narrow = (mixture.sample(4000, torch.Generator().manual_seed(1), t) for t in (1.0, 0.5))
    np.testing.assert_allclose(narrow.std(0), 0.5 * wide.std(0), rtol=0.01)


@pytest.mark.parametrize("codes", [torch.zeros(64, 3), torch.full((1, 3), 1e3), torch.randn(4, 3) * 1e-4])
def test_codes_without_extent_break_nothing(codes: torch.Tensor) -> None:
    mixture = mixture_of(10, 3)
    for _ in range(300):
        mixture.follow(codes)
    assert mixture.log_density(codes).isfinite().all()
    assert mixture.sample(10, torch.Generator().manual_seed(0)).isfinite().all()


def test_the_prior_follows_steps_of_training_only_and_has_no_gradient() -> None:
    model = model_of(Regularised()).train()
    before = {name: values.clone() for name, values in model.objective.named_buffers()}
    model.eval()
    terms_of(model, images_of(8))
    with torch.no_grad():
        model.objective.after_step()
    assert all(torch.equal(values, before[name]) for name, values in model.objective.named_buffers())
    model.train().terms(batch_of(model, images_of(8)))["loss"].backward()
    with torch.no_grad():
        model.objective.after_step()
    assert not any(torch.equal(values, before[name]) for name, values in model.objective.named_buffers())
    assert model.sample_prior(7, torch.Generator().manual_seed(0)).shape == (7, 4)
    density = model.prior_log_density(torch.zeros(2, 4))
    assert density is not None
    assert density.shape == (2,)


def test_codes_that_are_too_long_are_refused() -> None:
    recipe = find_recipe("vae").combined(objective=Regularised())
    with pytest.raises(BadChoice, match="at most 256 numbers"):
        recipe.with_settings({"latent_size": 257})
