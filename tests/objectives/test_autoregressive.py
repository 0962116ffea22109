"""MADE: an exact likelihood, images drawn pixel by pixel, and what cannot be combined with it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.networks.autoregressive.config import Autoregressive
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.autoregressive.config import AutoregressiveLikelihood
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.model import Model, build_model
from tests.objectives.test_objectives import batch_of, images_of, terms_of


@pytest.fixture
def model() -> Model:
    recipe = find_recipe("made").with_settings({"hidden": (20, 20)})
    return build_model(Architecture(recipe, MNIST), 0)


def black_and_white(count: int) -> torch.Tensor:
    return (images_of(count) > 0.6).float()


def test_the_loss_is_the_sum_of_the_conditionals_one_after_the_other(model: Model) -> None:
    """Each conditional from a pass that has seen nothing of the pixels from its own on."""
    image = black_and_white(1)
    flat, total = image.flatten(), 0.0
    with torch.no_grad():
        for number in range(784):
            seen = torch.where(torch.arange(784) < number, flat, 0.3)
            p = float(model.decode(seen[None]).flatten()[number].double().sigmoid())
            total -= np.log(p if flat[number] else 1 - p)
    assert terms_of(model, image)["negative_log_likelihood"] == pytest.approx(total, rel=1e-5)
    density = model.prior_log_density(flat[None])
    assert density is not None
    assert float(density.detach()) == pytest.approx(-total, rel=1e-5)


def test_an_image_is_its_own_code_and_its_reconstruction_sees_the_pixels_before(model: Model) -> None:
    images = images_of(3)
    with torch.no_grad():
        assert torch.equal(model.encode(images).mean, images.flatten(1))
        whole = model.reconstruct(images)
        changed = images.clone()
        changed[:, :, 14:] = 0.5
        half = model.reconstruct(changed)
    assert torch.equal(whole[:, :, :14], half[:, :, :14])
    assert not torch.equal(whole[:, :, 15:], half[:, :, 15:])


def test_each_drawn_pixel_follows_its_probability_given_those_before(model: Model) -> None:
    with torch.no_grad():
        codes = model.sample_prior(40, torch.Generator().manual_seed(5))
        again = model.sample_prior(40, torch.Generator().manual_seed(5))
        p = model.decode(codes).sigmoid().flatten(1)
        cold = model.sample_prior(2, torch.Generator().manual_seed(5), 0.01)
        sure = model.decode(cold).flatten(1)
    assert torch.equal(codes, again)
    assert set(codes.unique().tolist()) == {0.0, 1.0}
    drawn = torch.rand((40, 784), generator=torch.Generator().manual_seed(5))
    assert torch.equal(codes, (drawn < p).float())
    # Almost without temperature the more probable value is taken.
    clear = sure.abs() > 0.1
    assert torch.equal(cold[clear], (sure[clear] > 0).float())


def test_losses_do_not_depend_on_the_batch_size(model: Model) -> None:
    images = black_and_white(6)
    once, often = terms_of(model, images), terms_of(model, images.repeat(4, 1, 1, 1))
    assert often["negative_log_likelihood"] == pytest.approx(once["negative_log_likelihood"], rel=1e-5)
    assert list(once) == [term.name for term in AutoregressiveLikelihood().terms()]


def test_the_slope_of_the_loss_is_a_finite_difference(model: Model) -> None:
    model = model.double()
    images = black_and_white(4).double()
    loss = model.terms(batch_of(model, images))["negative_log_likelihood"]
    parameters = list(model.parameters())
    gradients = torch.autograd.grad(loss, parameters)
    length = torch.stack([gradient.square().sum() for gradient in gradients]).sum().sqrt()
    values: list[float] = []
    for sign in (1, -1):
        for by in (sign * 1e-6, -sign * 1e-6):
            with torch.no_grad():
                for parameter, gradient in zip(parameters, gradients, strict=True):
                    parameter.add_(gradient, alpha=by / float(length))
                if by == sign * 1e-6:
                    values.append(terms_of(model, images)["negative_log_likelihood"])
    assert (values[0] - values[1]) / 2e-6 == pytest.approx(float(length), rel=1e-4)


@pytest.mark.thorough
def test_one_batch_is_overfitted(model: Model) -> None:
    model.train()
    images = black_and_white(10)
    optimiser = torch.optim.Adam(model.parameters(), 0.01)
    before = terms_of(model, images)["negative_log_likelihood"]
    for _ in range(300):
        optimiser.zero_grad()
        model.terms(batch_of(model, images))["negative_log_likelihood"].backward()
        optimiser.step()
    assert terms_of(model, images)["negative_log_likelihood"] < 0.2 * before


def test_it_goes_with_masked_networks_alone_and_these_with_nothing_else() -> None:
    made, vae = find_recipe("made"), find_recipe("vae")
    with pytest.raises(BadChoice, match="a network that predicts each pixel from those before it"):
        made.combined(FullyConnected())
    with pytest.raises(BadChoice, match="and takes no code"):
        vae.combined(Autoregressive())
    assert not made.has_effect(made.info("latent_size"))
    assert vae.has_effect(vae.info("latent_size"))
