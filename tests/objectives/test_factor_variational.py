"""FactorVAE: exchanged codes, the density ratio, and what each phase changes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.factor_variational.config import FactorVariational
from aestudio.objectives.factor_variational.module import exchanged
from aestudio.objectives.objective_module import Batch
from aestudio.training.spec import live_values
from tests.objectives.test_objectives import batch_of, images_of, model_of, terms_of

OBJECTIVE = FactorVariational(tc_weight=3.0, discriminator_units=8)


def test_exchanged_codes_keep_each_number_and_lose_their_dependence() -> None:
    codes = torch.randn(4000, 1, generator=torch.Generator().manual_seed(0)).repeat(1, 3)
    codes = codes * torch.tensor([1.0, 2.0, -1.0])
    found = exchanged(codes, torch.Generator().manual_seed(1))
    assert torch.equal(found.sort(0).values, codes.sort(0).values)
    assert abs(float(np.corrcoef(codes.T.numpy())[0, 1])) == pytest.approx(1)
    assert np.abs(np.corrcoef(found.T.numpy()) - np.eye(3)).max() < 0.06


def test_the_loss_is_the_bound_and_the_mean_logit() -> None:
    model = model_of(OBJECTIVE)
    terms = terms_of(model, images_of(6))
    elbo = terms["reconstruction"] + terms["kl"]
    assert terms["negative_elbo"] == pytest.approx(elbo, rel=1e-6)
    assert terms["loss"] == pytest.approx(elbo + 3 * terms["total_correlation"], rel=1e-6)


def test_a_discriminator_that_knows_both_densities_measures_the_total_correlation() -> None:
    """Of two numbers with correlation r it is -log(1 - r^2) / 2 (Gaussian)."""
    model = model_of(OBJECTIVE, FullyConnected(latent_size=2, hidden=(8,)))
    module, r = model.objective, 0.8

    class Known(torch.nn.Module):
        def forward(self, codes: torch.Tensor) -> torch.Tensor:
            a, b = codes[:, 0], codes[:, 1]
            joint = -(a.square() - 2 * r * a * b + b.square()) / (2 * (1 - r**2)) - np.log(1 - r**2) / 2
            return (joint + (a.square() + b.square()) / 2)[:, None]

    a, other = torch.randn(2, 200_000, generator=torch.Generator().manual_seed(0))
    codes = torch.stack([a, r * a + (1 - r**2) ** 0.5 * other], 1)
    assert float(Known()(codes).mean()) == pytest.approx(-np.log(1 - r**2) / 2, abs=0.01)
    module.discriminator = Known()
    logits = Known()(codes)
    others = Known()(exchanged(codes, torch.Generator().manual_seed(1)))
    loss = torch.nn.functional.softplus(-logits).mean() + torch.nn.functional.softplus(others).mean()
    assert float(loss) / 2 < np.log(2), "better than guessing"


def test_the_discriminators_loss_is_half_of_both_cross_entropies() -> None:
    model, images = model_of(OBJECTIVE), images_of(6)
    with torch.no_grad():
        terms = model.phase_terms("discriminator", batch_of(model, images))
        mean, log_variance = model.encode(images)
        assert log_variance is not None
        noise = torch.Generator().manual_seed(9)
        codes = mean + (log_variance / 2).exp() * torch.randn(mean.shape, generator=noise)
        own = model.objective.discriminator(codes).double()  # type: ignore[operator]
        mixed = model.objective.discriminator(exchanged(codes, noise)).double()  # type: ignore[operator]
    expected = -(own.sigmoid().log().mean() + (1 - mixed.sigmoid()).log().mean()) / 2
    assert float(terms["discriminator_loss"]) == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("number", [0, 1])
def test_each_phase_changes_its_own_parts_by_the_slope_of_its_loss(number: int) -> None:
    model = model_of(OBJECTIVE).double()
    phase = model.phases[number]
    weights = [one for name, one in model.named_parameters() if phase.changes(name)]
    names = [name for name, _ in model.named_parameters() if phase.changes(name)]
    assert all(name.startswith("objective.discriminator") == (number == 1) for name in names)
    images = images_of(5).double()

    def loss() -> torch.Tensor:
        noise = torch.Generator().manual_seed(9)
        batch = Batch(images, None, noise, live_values(model.recipe))
        return model.phase_terms(phase.name, batch)[phase.loss]

    gradients = torch.autograd.grad(loss(), weights)
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


def test_losses_do_not_depend_on_the_batch_size() -> None:
    from tests.objectives.test_objectives import certain

    model = certain(model_of(OBJECTIVE))
    images = images_of(6)
    once, often = terms_of(model, images), terms_of(model, images.repeat(4, 1, 1, 1))
    for name in ("discriminator_loss", "discriminator_accuracy"):  # of exchanged codes: by chance
        once.pop(name)
        often.pop(name)
    assert often == pytest.approx(once, rel=1e-4)
