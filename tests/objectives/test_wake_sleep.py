"""Wake-sleep: each loss by its formula, each phase with its own parameters and no others."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.objective_module import Batch
from aestudio.objectives.wake_sleep.config import WakeSleep
from aestudio.training.spec import live_values
from tests.objectives.test_objectives import batch_of, certain, images_of, model_of, terms_of

OBJECTIVE = WakeSleep()


def test_awake_the_loss_is_the_likelihood_of_a_drawn_code() -> None:
    model, images = model_of(OBJECTIVE), images_of(6)
    terms = terms_of(model, images)
    with torch.no_grad():
        mean, log_variance = model.encode(images)
        assert log_variance is not None
        noise = torch.Generator().manual_seed(9)
        codes = mean + (log_variance / 2).exp() * torch.randn(mean.shape, generator=noise)
        chances = model.decode_images(codes).double()
    pixels = images.double()
    expected = -(pixels * chances.log() + (1 - pixels) * (1 - chances).log()).sum((1, 2, 3)).mean()
    assert terms["reconstruction"] == pytest.approx(float(expected), rel=1e-5)
    posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
    standard = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    kl = float(torch.distributions.kl_divergence(posterior, standard).sum(1).mean())
    assert terms["kl"] == pytest.approx(kl, rel=1e-5)
    assert terms["negative_elbo"] == pytest.approx(terms["reconstruction"] + kl, rel=1e-6)


def test_asleep_the_loss_is_the_density_of_the_code_that_made_the_dream() -> None:
    model = model_of(OBJECTIVE)
    module: Any = model.objective
    with torch.no_grad():
        terms = model.phase_terms("sleep", batch_of(model, images_of(6)))
        codes, dreams = module.dreams(batch_of(model, images_of(6)), model._functions)
        mean, log_variance = model.encode(dreams)
        assert log_variance is not None
        posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
        expected = -posterior.log_prob(codes).sum(1).mean()
    assert float(terms["recognition"]) == pytest.approx(float(expected), rel=1e-5)


def test_dreams_are_draws_of_prior_and_decoder() -> None:
    model = model_of(OBJECTIVE)
    module: Any = model.objective
    with torch.no_grad():
        codes, dreams = module.dreams(
            batch_of(model, images_of(1).expand(4000, -1, -1, -1)), model._functions
        )
        chances = model.decode_images(codes)
    assert set(dreams.unique().tolist()) == {0.0, 1.0}
    assert torch.allclose(codes.mean(0), torch.zeros(4), atol=0.06)
    assert torch.allclose(codes.var(0), torch.ones(4), atol=0.1)
    assert float((dreams - chances).mean()) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("number", [0, 1])
def test_each_phase_changes_its_own_parts_by_the_slope_of_its_loss(number: int) -> None:
    model = model_of(OBJECTIVE).double()
    phase = model.phases[number]
    names = [name for name, _ in model.named_parameters() if phase.changes(name)]
    assert all(name.startswith("decoder.") == (number == 0) for name in names)
    weights = [one for name, one in model.named_parameters() if phase.changes(name)]
    images = images_of(5).double()

    def loss() -> torch.Tensor:
        batch = Batch(images, None, torch.Generator().manual_seed(9), live_values(model.recipe))
        return model.phase_terms(phase.name, batch)[phase.loss]

    gradients = torch.autograd.grad(loss(), weights)
    # No other parameter has a part in the loss, although both networks compute it.
    others = [one for name, one in model.named_parameters() if not phase.changes(name)]
    assert all(one is None for one in torch.autograd.grad(loss(), others, allow_unused=True))
    generator = torch.Generator().manual_seed(2)
    direction = [torch.randn(one.shape, generator=generator, dtype=torch.float64) for one in weights]
    slope = sum(float((gradient * one).sum()) for gradient, one in zip(gradients, direction, strict=True))
    values = []
    with torch.no_grad():
        for step in (1e-7, -2e-7):
            for weight, one in zip(weights, direction, strict=True):
                weight.add_(one, alpha=step)
            values.append(float(loss()))
    assert (values[0] - values[1]) / 2e-7 == pytest.approx(slope, rel=1e-4, abs=1e-5)


def test_losses_awake_do_not_depend_on_the_batch_size() -> None:
    model, images = certain(model_of(OBJECTIVE)), images_of(6)
    once, often = terms_of(model, images), terms_of(model, images.repeat(4, 1, 1, 1))
    for terms in (once, often):
        terms.pop("recognition")  # of dreams, which are other ones
    assert often == pytest.approx(once, rel=1e-5)


def test_terms_are_declared_as_they_come_and_the_bounds_of_images_average_to_theirs() -> None:
    model, images = model_of(OBJECTIVE).eval(), images_of(6)
    terms = terms_of(model, images)
    assert list(terms) == [term.name for term in OBJECTIVE.terms()]
    with torch.no_grad():
        each = model.negative_elbo_of_images(batch_of(model, images))
    assert each is not None
    assert float(each.mean()) == pytest.approx(terms["negative_elbo"], rel=1e-5)


@pytest.mark.thorough
def test_one_batch_is_overfitted_by_the_decoder_awake() -> None:
    """From codes that tell the images apart: the dreams of a new model show none of ten images."""
    model = model_of(OBJECTIVE, FullyConnected(latent_size=16, hidden=(64,))).train()
    head: Any = model.objective.head
    with torch.no_grad():
        head.weight[:16] *= 10
        head.weight[16:] = 0
        head.bias[16:] = -10
    images = (images_of(10).view(10, 1, 4, 7, 4, 7).mean((3, 5), keepdim=True) > 0.5).float()
    images = images.expand(10, 1, 4, 7, 4, 7).reshape(10, 1, 28, 28)
    batch = Batch(images, None, torch.Generator().manual_seed(4), live_values(model.recipe))
    before = terms_of(model, images)["reconstruction"]
    wake = model.phases[0]
    optimiser = torch.optim.Adam([one for name, one in model.named_parameters() if wake.changes(name)], 0.003)
    for _ in range(300):
        optimiser.zero_grad()
        model.phase_terms(wake.name, batch)[wake.loss].backward()
        optimiser.step()
    assert terms_of(model, images)["reconstruction"] < 0.4 * before
