"""Losses of critics and generators against closed forms and finite differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from torch.nn import functional

from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.adversarial.config import Adversarial
from aestudio.objectives.adversarial_autoencoder.config import AdversarialAutoencoder
from aestudio.objectives.adversarial_losses import critic_accuracy, critic_loss, generator_loss
from aestudio.objectives.wasserstein_adversarial.config import WassersteinAdversarial
from aestudio.training.optimisers import gradients_of
from tests.objectives.test_objectives import batch_of, images_of, model_of

if TYPE_CHECKING:
    from aestudio.recipes.objective import Objective
    from aestudio.training.model import Model

OBJECTIVES = (Adversarial(label_smoothing=0.1), WassersteinAdversarial(), AdversarialAutoencoder())


def logits(count: int, seed: int) -> torch.Tensor:
    return 3 * torch.randn(count, 1, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# --- the losses of logits --------------------------------------------------------------------------


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_critics_loss_is_the_cross_entropy_of_real_and_made(smoothing: float) -> None:
    real, fake = logits(7, 0), logits(7, 1)
    p, q = real.sigmoid().numpy(), fake.sigmoid().numpy()
    expected = -((1 - smoothing) * np.log(p) + smoothing * np.log(1 - p)).mean() - np.log(1 - q).mean()
    assert float(critic_loss(real, fake, smoothing)) == pytest.approx(expected, rel=1e-10)


def test_a_critic_that_knows_nothing_loses_two_bits_between_two_images() -> None:
    nothing = torch.zeros(5, 1)
    assert float(critic_loss(nothing, nothing)) == pytest.approx(2 * np.log(2))
    assert float(generator_loss(nothing)) == pytest.approx(np.log(2))
    assert float(critic_accuracy(nothing, nothing)) == 0.5


def test_the_generator_has_a_slope_where_the_critic_is_sure() -> None:
    """log(1 - D), which the critic minimises with the other sign, has none there."""
    sure = torch.full((4, 1), -20.0, requires_grad=True)
    (slope,) = torch.autograd.grad(generator_loss(sure), sure)
    torch.testing.assert_close(slope, torch.full((4, 1), -0.25))
    (saturated,) = torch.autograd.grad(-functional.softplus(sure).mean(), sure)
    assert float(saturated.abs().max()) < 1e-8


def test_accuracy_counts_both_kinds_alike() -> None:
    real, fake = torch.tensor([[2.0], [1.0], [-1.0], [3.0]]), torch.tensor([[-2.0], [1.0], [1.0], [2.0]])
    assert float(critic_accuracy(real, fake)) == pytest.approx((3 + 1) / 8)


# --- the phases of a model -------------------------------------------------------------------------


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda objective: objective.kind())
def test_each_phase_has_the_slope_of_its_loss(objective: Objective) -> None:
    """Central differences along the gradient, in double precision, with the same random numbers."""
    model = model_of(objective).double().train()
    for phase in model.phases:
        changed = [one for name, one in model.named_parameters() if phase.changes(name)]
        gradients = gradients_of(loss(model, phase.name), changed, alone=False)
        present = [
            torch.zeros_like(one) if g is None else g for one, g in zip(changed, gradients, strict=True)
        ]
        length = torch.stack([gradient.square().sum() for gradient in present]).sum().sqrt()
        step = 1e-6
        values: list[float] = []
        for sign in (1, -1):
            moved(changed, present, sign * step / float(length))
            values.append(float(loss(model, phase.name).detach()))
            moved(changed, present, -sign * step / float(length))
        assert (values[0] - values[1]) / (2 * step) == pytest.approx(float(length), rel=1e-4), phase.name


def loss(model: Model, phase: str) -> torch.Tensor:
    (name,) = [one.loss for one in model.phases if one.name == phase]
    return model.phase_terms(phase, batch_of(model, images_of(6).double()))[name]


def moved(parameters: list[torch.nn.Parameter], along: list[torch.Tensor], by: float) -> None:
    with torch.no_grad():
        for parameter, direction in zip(parameters, along, strict=True):
            parameter.add_(direction, alpha=by)


@pytest.mark.parametrize("objective", [Adversarial(), WassersteinAdversarial()], ids=lambda one: one.kind())
def test_the_critics_step_leaves_the_generator_alone(objective: Objective) -> None:
    model = model_of(objective).train()
    terms = model.phase_terms("critic", batch_of(model, images_of(6)))
    terms["critic_loss"].backward()
    moving = {name.split(".")[0] for name, one in model.named_parameters() if one.grad is not None}
    assert moving == {"encoder", "objective"}


def test_images_and_samples_are_judged_as_they_are_shown() -> None:
    model = model_of(Adversarial()).eval()
    images = images_of(6)
    batch = batch_of(model, images)
    with torch.no_grad():
        critic = model.phase_terms("critic", batch)
        generator = model.phase_terms("generator", batch_of(model, images))
        codes = torch.randn(6, 4, generator=torch.Generator().manual_seed(9))
        fake = model.objective.head(model.encoder(model.decode_images(codes)))
        real = model.objective.head(model.encoder(images))
    expected = functional.binary_cross_entropy_with_logits(real, torch.ones(6, 1))
    expected += functional.binary_cross_entropy_with_logits(fake, torch.zeros(6, 1))
    assert float(critic["critic_loss"]) == pytest.approx(float(expected), rel=1e-5)
    right = float((real > 0).float().mean() + (fake < 0).float().mean()) / 2
    assert float(critic["critic_accuracy"]) == pytest.approx(right)
    expected = functional.binary_cross_entropy_with_logits(fake, torch.ones(6, 1))
    assert float(generator["generator_loss"]) == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("training", [True, False])
def test_a_linear_critic_has_the_slope_of_its_weights_everywhere(training: bool) -> None:
    model = model_of(WassersteinAdversarial(), FullyConnected(latent_size=4, hidden=())).train(training)
    slope = float(model.objective.head.get_parameter("weight").detach().norm())
    images = images_of(6)
    with torch.set_grad_enabled(training):
        terms = model.phase_terms("critic", batch_of(model, images, gradient_penalty=7.0))
    assert terms["critic_loss"].requires_grad is training
    assert float(terms["slope_penalty"].detach()) == pytest.approx(7 * (slope - 1) ** 2, rel=1e-5)
    distance = float(terms["wasserstein_distance"].detach())
    assert float(terms["critic_loss"].detach()) == pytest.approx(7 * (slope - 1) ** 2 - distance, rel=1e-4)


def test_the_wasserstein_distance_is_of_means_of_the_critic() -> None:
    model = model_of(WassersteinAdversarial()).eval()
    images = images_of(6)
    terms = model.phase_terms("critic", batch_of(model, images))
    with torch.no_grad():
        codes = torch.randn(6, 4, generator=torch.Generator().manual_seed(9))
        made = model.objective.head(model.encoder(model.decode_images(codes))).mean()
        real = model.objective.head(model.encoder(images)).mean()
        generator = model.phase_terms("generator", batch_of(model, images))
    assert float(terms["wasserstein_distance"].detach()) == pytest.approx(float(real - made), abs=1e-6)
    assert float(generator["generator_loss"]) == pytest.approx(float(-made), abs=1e-6)


def test_an_adversarial_autoencoders_critic_sees_draws_and_codes() -> None:
    model = model_of(AdversarialAutoencoder()).eval()
    images = images_of(6)
    with torch.no_grad():
        terms = model.phase_terms("critic", batch_of(model, images))
        encoder = model.phase_terms("encoder", batch_of(model, images))
        plain = model.phase_terms("autoencoder", batch_of(model, images))
        draws = torch.randn(6, 4, generator=torch.Generator().manual_seed(9))
        critic = model.objective.get_submodule("critic")
        codes = model.encode(images).mean
        real, fake = critic(draws).sigmoid().log().mean(), critic(codes).sigmoid()
        squares = (model.reconstruct(images) - images).square().sum((1, 2, 3)).mean()
    assert float(terms["critic_loss"]) == pytest.approx(float(-real - (1 - fake).log().mean()), rel=1e-5)
    assert float(encoder["encoder_loss"]) == pytest.approx(float(-fake.log().mean()), rel=1e-5)
    assert float(plain["loss"]) == float(plain["reconstruction"]) == pytest.approx(float(squares), rel=1e-5)


def test_codes_of_one_sign_cannot_follow_the_prior() -> None:
    with pytest.raises(ValueError, match="code_activation must be linear"):
        AdversarialAutoencoder(code_activation="relu")
