"""The codec of any rate: probabilities of cells, rounding, and what the loss is made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
import torch
from scipy.stats import logistic

from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.errors import BadChoice
from aestudio.networks.convolutional_maps.config import ConvolutionalMaps
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.objective_module import Batch
from aestudio.objectives.variable_rate.config import VariableRate
from aestudio.objectives.variable_rate.module import EVEN, VariableRateModule, _nats
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.model import Model, build_model
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from torch import Tensor

SMALL = DataShape(ImageShape(1, 8, 8))  # details at 2 x 2 places
TOP, CHANNELS = 3, 6  # two groups of details: four channels, and two


def model_of(**settings: float) -> Model:
    network = ConvolutionalMaps(latent_size=TOP, channels=(4, 4), blocks=0)
    objective = VariableRate.model_validate({"detail_channels": CHANNELS, **settings})
    return build_model(Architecture(find_recipe("codec").combined(network, objective), SMALL), 0)


def module_of(model: Model) -> VariableRateModule:
    return cast("VariableRateModule", model.objective)


def images_of(count: int) -> Tensor:
    return torch.rand(count, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def batch_of(model: Model, count: int = 6) -> Batch:
    return Batch(images_of(count), None, torch.Generator().manual_seed(1), live_values(model.recipe))


def test_the_code_is_a_summary_and_details() -> None:
    model = model_of()
    latent = model.architecture.latent
    assert (latent.size, latent.rounds_itself, latent.choices) == (TOP + CHANNELS * 4, True, 0)
    assert module_of(model).rounded_groups() == (TOP, 4 * 4, 2 * 4)
    with torch.no_grad():
        features = model.encoder(images_of(2))
        code = model.encode(images_of(2)).mean
        maps = module_of(model).decoder_input(code, None)
    assert torch.equal(maps[:, -CHANNELS:], module_of(model).head(features))


def test_nats_are_those_of_the_logistic_distribution() -> None:
    cells = torch.tensor([0.0, 0.3, -2.5, 7.0, 60.0], dtype=torch.float64)
    scale = torch.tensor([0.5, 2.0, 1.0, 0.3, 1.0], dtype=torch.float64)
    found = _nats(cells, scale).numpy()
    ends = cells.numpy()[:, None] + [-0.5, 0.5]
    each = logistic.cdf(ends[:4], scale=scale.numpy()[:4, None])
    assert found[:3] == pytest.approx(-np.log(np.diff(each)[:3, 0]), rel=1e-9)
    # Beyond what a difference of sigmoids can tell, the tail has the right slope.
    assert found[4] == pytest.approx(59.5, abs=0.5)
    assert _nats(cells.float(), scale.float()).isfinite().all()


def test_numbers_are_rounded_to_cells_around_what_is_expected() -> None:
    model, module = model_of(), module_of(model_of())
    with torch.no_grad():
        code = model.encode(images_of(5)).mean
        fineness = torch.linspace(0, 1, 5)[:, None]
        rounded, nats = module.rounded(code, fineness, torch.Generator().manual_seed(2))
        known = rounded[:, :0]
        for own, given in zip(
            rounded.split(module.rounded_groups(), 1), code.split(module.rounded_groups(), 1), strict=True
        ):
            expected = module.expected_numbers(known, fineness)
            cells = (own - expected.mean) / expected.width
            assert (cells - cells.round()).abs().max() < 1e-3
            assert ((own - given).abs() <= expected.width / 2 * 1.001).all()
            known = torch.cat([known, own], 1)
    assert nats.shape == (5,)
    assert (nats > 0).all()


def test_finer_cells_take_more_bits_and_have_less_error() -> None:
    module = module_of(model_of())
    codes = 0.5 * torch.randn(200, TOP + CHANNELS * 4, generator=torch.Generator().manual_seed(3))
    found: list[tuple[float, float]] = []
    with torch.no_grad():
        for fineness in (0.0, 0.5, 1.0):
            told = torch.full((len(codes), 1), fineness)
            rounded, nats = module.rounded(codes, told, torch.Generator().manual_seed(4))
            found.append((float(nats.mean()), float((rounded - codes).square().sum(1).mean())))
    assert [nats for nats, _ in found] == sorted(nats for nats, _ in found)
    assert [error for _, error in found] == sorted((error for _, error in found), reverse=True)


def test_what_comes_later_does_not_change_what_is_expected() -> None:
    """The reader knows the groups before only."""
    module = module_of(model_of())
    known = torch.randn(3, TOP, generator=torch.Generator().manual_seed(5))
    fineness = torch.tensor([[0.2], [0.2], [0.9]])
    with torch.no_grad():
        first = module.expected_numbers(known, fineness)
        other = module.expected_numbers(known[[0, 0, 2]], fineness)
    assert torch.equal(first.mean[0], other.mean[0])
    assert torch.allclose(first.mean[2], other.mean[2], atol=1e-6)
    assert not torch.allclose(first.mean[1], other.mean[1])


def test_the_loss_weighs_every_quality() -> None:
    model = model_of(coarsest=3.0, finest=3.0)
    with torch.no_grad():
        terms = model.terms(batch_of(model))
    nats, error = float(terms["rate"]) * math.log(2), float(terms["reconstruction"])
    assert float(terms["loss"]) == pytest.approx((nats + 3 * error) * 3**-EVEN, rel=1e-5)


def test_every_parameter_learns() -> None:
    model = model_of().train()
    model.terms(batch_of(model))["loss"].backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().sum() > 0, name


def test_some_steps_lessen_the_loss() -> None:
    model = model_of().train()
    optimiser = torch.optim.Adam(model.parameters(), 0.01)
    losses: list[float] = []
    for _ in range(60):
        loss = model.terms(batch_of(model))["loss"]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.6 * losses[0]


def test_impossible_settings() -> None:
    recipe = find_recipe("codec")
    with pytest.raises(BadChoice) as caught:
        recipe.with_settings({"coarsest": 10.0, "finest": 5.0})
    assert "finest" in str(caught.value)
    with pytest.raises(BadChoice, match="maps"):
        find_recipe("vae").combined(FullyConnected(), VariableRate())
