"""The three losses of a VAE-GAN against the formulas of the source."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.vae_gan.config import VaeGan
from tests.objectives.test_adversarial import loss, moved
from tests.objectives.test_objectives import batch_of, certain, images_of, model_of


def test_terms_are_the_formulas_of_the_source() -> None:
    model = certain(model_of(VaeGan(critic_channels=2))).eval()
    images = images_of(5)
    critic = model.objective.get_submodule("critic")
    layers = list(critic.children())
    with torch.no_grad():
        encoder, decoder, judged = (
            model.phase_terms(name, batch_of(model, images, beta=2.0, feature_weight=0.3))
            for name in ("encoder", "decoder", "critic")
        )
        code = model.encode(images)
        decoded = model.decode_images(code.mean)
        real, made = images, decoded
        for layer in layers[:4]:
            real, made = layer(real), layer(made)
        noise = torch.Generator().manual_seed(9)
        torch.randn(code.mean.shape, generator=noise)  # the posterior's
        drawn = model.decode_images(torch.randn(5, 4, generator=noise))
        odds = [critic(one).double().sigmoid().numpy() for one in (images, decoded, drawn)]
    error = ((real - made).numpy() ** 2).reshape(5, -1).sum(1).mean() / 2
    assert code.log_variance is not None
    mean, log_variance = code.mean.double().numpy(), code.log_variance.double().numpy()
    kl = 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).sum(1).mean()
    assert float(encoder["feature_error"]) == pytest.approx(error, rel=1e-4)
    assert float(encoder["kl"]) == pytest.approx(kl, rel=1e-5)
    assert float(encoder["encoder_loss"]) == pytest.approx(2 * kl + error, rel=1e-5)
    squares = ((images - decoded).numpy() ** 2).reshape(5, -1).sum(1).mean()
    assert float(encoder["squared_error"]) == pytest.approx(squares, rel=1e-4)
    deception = -np.log(odds[1]).mean() - np.log(odds[2]).mean()
    assert float(decoder["deception"]) == pytest.approx(deception, rel=1e-4)
    assert float(decoder["decoder_loss"]) == pytest.approx(0.3 * error + deception, rel=1e-4)
    unmasked = -np.log(1 - np.concatenate(odds[1:])).mean()
    assert float(judged["critic_loss"]) == pytest.approx(unmasked - np.log(odds[0]).mean(), rel=1e-4)


def test_each_player_changes_its_own_network_only() -> None:
    model = model_of(VaeGan(critic_channels=2)).train()
    changed = {
        phase.name: {name.split(".")[0] for name, _ in model.named_parameters() if phase.changes(name)}
        for phase in model.phases
    }
    assert changed == {
        "encoder": {"encoder", "objective"},
        "decoder": {"decoder"},
        "critic": {"objective"},
    }
    terms = model.phase_terms("critic", batch_of(model, images_of(5)))
    terms["critic_loss"].backward()
    moving = {name for name, one in model.named_parameters() if one.grad is not None}
    assert all(name.startswith("objective.critic.") for name in moving)


def test_losses_do_not_depend_on_the_batch_size() -> None:
    model = certain(model_of(VaeGan(critic_channels=2))).eval()
    images = images_of(6)
    with torch.no_grad():
        once, often = (
            model.phase_terms("encoder", batch_of(model, some))
            for some in (images, images.repeat(4, 1, 1, 1))
        )
    for name, value in once.items():
        assert float(often[name]) == pytest.approx(float(value), rel=1e-4), name


@pytest.mark.parametrize("phase", ["encoder", "decoder", "critic"])
def test_each_phase_has_the_slope_of_its_loss(phase: str) -> None:
    model = model_of(VaeGan(critic_channels=2), FullyConnected(latent_size=4, hidden=(6,))).double().train()
    changed = [
        one
        for name, one in model.named_parameters()
        if next(p for p in model.phases if p.name == phase).changes(name)
    ]
    gradients = torch.autograd.grad(loss(model, phase), changed)
    length = torch.stack([gradient.square().sum() for gradient in gradients]).sum().sqrt()
    values: list[float] = []
    for sign in (1, -1):
        moved(changed, list(gradients), sign * 1e-6 / float(length))
        values.append(float(loss(model, phase).detach()))
        moved(changed, list(gradients), -sign * 1e-6 / float(length))
    assert (values[0] - values[1]) / 2e-6 == pytest.approx(float(length), rel=1e-4)


@pytest.mark.thorough
def test_one_batch_is_overfitted() -> None:
    """Features and pixels of ten images come near, while the critic learns beside."""
    model = model_of(VaeGan(critic_channels=4), FullyConnected(latent_size=16, hidden=(64,))).train()
    images = (images_of(10).view(10, 1, 4, 7, 4, 7).mean((3, 5), keepdim=True) > 0.5).float()
    images = images.expand(10, 1, 4, 7, 4, 7).reshape(10, 1, 28, 28)
    batch = batch_of(model, images, feature_weight=1.0)
    parameters = [[p for n, p in model.named_parameters() if one.changes(n)] for one in model.phases]
    optimisers = [torch.optim.Adam(one, 0.002, betas=(0.5, 0.999)) for one in parameters]
    before = float(model.phase_terms("encoder", batch)["squared_error"].detach())
    for _ in range(300):
        for phase, changed, optimiser in zip(model.phases, parameters, optimisers, strict=True):
            found = torch.autograd.grad(model.phase_terms(phase.name, batch)[phase.loss], changed)
            for parameter, gradient in zip(changed, found, strict=True):
                parameter.grad = gradient
            optimiser.step()
    assert float(model.phase_terms("encoder", batch)["squared_error"].detach()) < 0.4 * before
