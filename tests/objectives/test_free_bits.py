"""Free bits against the formula of Kingma et al. 2016, eq. 15; off, they change not a bit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from aestudio.datasets.image_shape import MNIST
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.objective_module import Batch
from aestudio.objectives.variational.config import Variational
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import all_recipes, find_recipe
from aestudio.training.model import Model, build_model
from aestudio.training.spec import live_values


@pytest.fixture
def model() -> Model:
    """A variational model whose four dimensions tell very different amounts."""
    network = FullyConnected(latent_size=4, hidden=(12,))
    model = build_model(Architecture(find_recipe("vae").combined(network, Variational()), MNIST), 0)
    head = model.objective.head
    assert isinstance(head, torch.nn.Linear)
    with torch.no_grad():
        head.weight[:4] *= torch.tensor([0.0, 0.5, 3.0, 12.0])[:, None]
        head.weight[4:] = 0
        head.bias[4:] = torch.tensor([0.0, -0.2, -1.0, -4.0])
    return model


def images() -> Tensor:
    return torch.rand(32, 1, 28, 28, generator=torch.Generator().manual_seed(1))


def terms(model: Model, **live: float | Tensor) -> dict[str, Tensor]:
    values = {**live_values(model.recipe), **live}
    return model.terms(Batch(images(), None, torch.Generator().manual_seed(2), values))


def kl_of_each(model: Model) -> np.ndarray:
    with torch.no_grad():
        mean, log_variance = model.encode(images())
    assert log_variance is not None
    posterior = torch.distributions.Normal(mean.double(), (log_variance.double() / 2).exp())
    prior = torch.distributions.Normal(torch.zeros(4).double(), torch.ones(4).double())
    return torch.distributions.kl_divergence(posterior, prior).mean(0).numpy()


def gradients(model: Model, loss: Tensor) -> list[Tensor]:
    return list(torch.autograd.grad(loss, list(model.parameters())))


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("free", [0.01, 0.4, 3.0, 9.0])
def test_each_dimension_is_charged_at_least_lambda(model: Model, free: float, recorded: bool) -> None:
    each = kl_of_each(model)
    charged_with = torch.tensor(free) if recorded else free
    losses = {name: value.detach() for name, value in terms(model, beta=2.0, free_bits=charged_with).items()}
    charged = float(losses["loss"] - losses["reconstruction"]) / 2.0
    assert charged == pytest.approx(np.maximum(each, free).sum(), rel=1e-4)
    # What is shown is what the model costs, not what it is charged for.
    assert float(losses["kl"]) == pytest.approx(each.sum(), rel=1e-5)
    assert float(losses["negative_elbo"]) == pytest.approx(
        float(losses["reconstruction"]) + each.sum(), rel=1e-5
    )


def test_a_dimension_below_lambda_is_not_pulled_to_the_prior(model: Model) -> None:
    """The price has no gradient there, and its full one above."""
    each = kl_of_each(model)
    free = float(np.sort(each)[1:3].mean())  # two dimensions below, two above
    losses = terms(model, beta=1.0, free_bits=free)
    head = model.objective.head
    assert isinstance(head, torch.nn.Linear)
    (slope,) = torch.autograd.grad(losses["loss"] - losses["reconstruction"], head.bias)
    (whole,) = torch.autograd.grad(terms(model)["kl"], head.bias)
    below = torch.tensor(np.tile(each < free, 2))
    # The reconstruction's own gradient cancels only up to rounding.
    torch.testing.assert_close(slope[below], torch.zeros(4), atol=1e-4, rtol=0.0)
    torch.testing.assert_close(slope[~below], whole[~below], atol=1e-4, rtol=1e-3)


def test_off_means_the_same_bits_as_without(model: Model) -> None:
    """At 0, as a number or as a recorded one, loss and gradients are those of beta * KL to the last bit."""
    plain = terms(model, beta=3.0)
    expected = plain["reconstruction"] + 3.0 * plain["kl"]
    theirs = gradients(model, expected)
    for off in (0.0, torch.tensor(0.0)):
        losses = terms(model, beta=3.0, free_bits=off)["loss"]
        assert torch.equal(losses, expected)
        assert all(torch.equal(*pair) for pair in zip(gradients(model, losses), theirs, strict=True))


def test_shipped_recipes_leave_it_off() -> None:
    variational = [recipe for recipe in all_recipes() if isinstance(recipe.objective, Variational)]
    assert len(variational) >= 3
    assert all(live_values(recipe)["free_bits"] == 0 for recipe in variational)
