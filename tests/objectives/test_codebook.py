"""The codebook: nearest entries, straight-through gradients, moving averages, and the prior of the codes."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
import torch

from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.networks.convolutional_maps.config import ConvolutionalMaps
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.codebook.config import Codebook
from aestudio.objectives.codebook.module import DECAY, CodebookModule
from aestudio.objectives.objective_module import Batch, NetworkFunctions
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.model import Model, build_model
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from torch import Tensor

SMALL = DataShape(ImageShape(1, 8, 8))  # codes of 2 x 2 places
DEPTH = 3


def model_of(entries: int = 3, **settings: float) -> Model:
    network = ConvolutionalMaps(latent_size=DEPTH, channels=(4, 4), blocks=0)
    objective = Codebook.model_validate({"entries": entries, "prior_units": 6, **settings})
    return build_model(Architecture(find_recipe("vq-vae").combined(network, objective), SMALL), 0)


def module_of(model: Model) -> CodebookModule:
    return cast("CodebookModule", model.objective)


def images_of(count: int, seed: int = 0) -> Tensor:
    return torch.rand(count, 1, 8, 8, generator=torch.Generator().manual_seed(seed))


def batch_of(model: Model, count: int = 5) -> Batch:
    return Batch(images_of(count), None, torch.Generator().manual_seed(1), live_values(model.recipe))


def rows_of(model: Model, images: Tensor) -> Tensor:
    maps = module_of(model).head(model.encoder(images))
    return maps.permute(0, 2, 3, 1).reshape(-1, DEPTH)


def test_each_place_takes_the_nearest_entry() -> None:
    model, images = model_of(7), images_of(6)
    with torch.no_grad():
        rows, codes = rows_of(model, images), model.encode(images).mean
        distances = (rows[:, None] - module_of(model).entries[None]).square().sum(2)
    assert torch.equal(codes.flatten().long(), distances.argmin(1))
    assert codes.shape == (6, 4)


def test_the_decoder_gets_the_entries_and_the_encoder_their_gradient() -> None:
    """With a decoder w y + 1/2, the gradient of z is that of e: sum over pixels of (sigmoid - x) w."""
    model = model_of(5, commitment=0.0)
    images, weight = images_of(4), 0.7
    got: list[Tensor] = []

    def logits(maps: Tensor) -> Tensor:
        got.append(maps.detach())
        return (weight * maps.mean((1, 2, 3)) + 0.5)[:, None, None, None].expand(-1, 1, 8, 8)

    none = list[torch.Tensor]
    network = NetworkFunctions(model.encoder, logits, none, none)
    terms = module_of(model).phase_terms("autoencoder", batch_of_images(model, images), network)
    bias = module_of(model).head.bias
    assert isinstance(bias, torch.Tensor)
    (gradient,) = torch.autograd.grad(terms["loss"], [bias])
    entries = module_of(model).decoder_input(model.encode(images).mean.detach(), None)
    assert torch.allclose(got[0], entries, atol=1e-6)
    output = torch.sigmoid(weight * entries.mean((1, 2, 3)) + 0.5)
    slopes = (output[:, None] - images.flatten(1)).sum(1)  # of the loss by the logit, summed over pixels
    assert torch.allclose(gradient, (slopes.mean() * weight / DEPTH).expand(DEPTH), rtol=1e-4)


def batch_of_images(model: Model, images: Tensor) -> Batch:
    return Batch(images, None, torch.Generator().manual_seed(1), live_values(model.recipe))


def test_terms_are_those_of_the_definition() -> None:
    model, images = model_of(4).eval(), images_of(6)
    with torch.no_grad():
        terms = model.terms(batch_of_images(model, images))
        rows, codes = rows_of(model, images).double(), model.encode(images).mean
        chosen = module_of(model).entries[codes.flatten().long()].double()
        output = torch.sigmoid(model.decode(codes)).double()
    x = images.double()
    distance = -(x * output.log() + (1 - x) * (1 - output).log()).sum() / 6
    commitment = (rows - chosen).square().sum() / 6
    shares = np.bincount(codes.flatten().long().numpy(), minlength=4) / codes.numel()
    used = shares[shares > 0]
    assert float(terms["reconstruction"]) == pytest.approx(float(distance), rel=1e-5)
    assert float(terms["commitment"]) == pytest.approx(float(commitment), rel=1e-5)
    assert float(terms["loss"]) == pytest.approx(float(distance + 0.25 * commitment), rel=1e-5)
    assert float(terms["perplexity"]) == pytest.approx(float(np.exp(-(used * np.log(used)).sum())), rel=1e-5)


def test_entries_follow_what_is_nearest_to_them() -> None:
    model = model_of(2).train()
    module = module_of(model)
    with torch.no_grad():
        rows = rows_of(model, images_of(5))
        # Two entries that both have members, so that none begins again.
        module.entries.copy_(rows[[0, 7]])
        module.counts.fill_(1)
        module.sums.copy_(module.entries)
        terms_before = module.entries.clone()
        model.phase_terms("autoencoder", batch_of(model))
        module.after_step()
        nearest = (rows[:, None] - terms_before[None]).square().sum(2).argmin(1)
    for entry in range(2):
        members = rows[nearest == entry]
        count = DECAY + (1 - DECAY) * len(members)
        expected = (DECAY * terms_before[entry] + (1 - DECAY) * members.sum(0)) / count
        assert torch.allclose(module.entries[entry], expected, atol=1e-6)


def test_an_entry_that_nothing_is_near_to_begins_again_at_what_the_encoder_gives() -> None:
    model = model_of(3).train()
    module = module_of(model)
    with torch.no_grad():
        rows = rows_of(model, images_of(5))
        module.entries.copy_(torch.stack([rows[0], rows[0] + 100, rows[0] - 100]))
        module.counts.copy_(torch.tensor([20.0, 0.0, 0.0]))
        module.sums.copy_(module.counts[:, None] * module.entries)
        model.phase_terms("autoencoder", batch_of(model))
        module.after_step()
        for entry in (1, 2):
            distances = (rows - module.entries[entry]).abs().sum(1)
            assert float(distances.min()) < 1e-5


def test_an_evaluation_moves_no_entry() -> None:
    model = model_of().eval()
    before = module_of(model).entries.clone()
    with torch.no_grad():
        model.terms(batch_of(model))
    module_of(model).after_step()
    assert torch.equal(module_of(model).entries, before)


# ---- the prior ---------------------------------------------------------------------------------------


def all_codes(entries: int = 3) -> Tensor:
    return torch.tensor(list(itertools.product(range(entries), repeat=4)), dtype=torch.float32)


def test_the_probabilities_of_all_codes_are_one_together() -> None:
    with torch.no_grad():
        logs = module_of(model_of()).prior_log_density(all_codes())
    assert float(logs.double().exp().sum()) == pytest.approx(1, abs=1e-5)
    assert logs.std() > 0


def test_a_place_depends_on_those_before_it_only() -> None:
    module, codes = module_of(model_of()), torch.tensor([[0.0, 1, 2, 0], [0, 1, 2, 1], [0, 1, 0, 0]])
    with torch.no_grad():
        logs = module._log_probabilities(codes)
    assert torch.equal(logs[0, :3], logs[1, :3])
    assert torch.equal(logs[0, :2], logs[2, :2])
    assert logs[0, 3] != logs[2, 3]


def test_draws_are_as_frequent_as_their_probabilities() -> None:
    module, count = module_of(model_of()), 20_000
    with torch.no_grad():
        for weights in module.prior.parameters():
            weights.mul_(3)  # far from even chances
        expected = module.prior_log_density(all_codes()).double().exp()
        drawn = module.sample_prior(count, torch.Generator().manual_seed(3), 1.0)
    places = 3 ** torch.arange(3, -1, -1)
    found = torch.bincount((drawn.long() * places).sum(1), minlength=81) / count
    assert float((found - expected).abs().max()) < 5 * float((expected * (1 - expected) / count).sqrt().max())
    assert float(expected.max()) > 3 / 81


def test_without_temperature_the_most_probable_entries_are_drawn() -> None:
    module = module_of(model_of())
    with torch.no_grad():
        drawn = module.sample_prior(50, torch.Generator().manual_seed(0), 0.0)
    assert len(torch.unique(drawn, dim=0)) == 1


def test_the_prior_learns_the_codes_and_leaves_the_autoencoder_alone() -> None:
    model = model_of(5).train()
    autoencoder, prior = model.phases
    assert prior.begins == 1.0
    changed = {name for name, _ in model.named_parameters() if prior.changes(name)}
    assert changed == {name for name, _ in model.named_parameters() if name.startswith("objective.prior.")}
    assert not any(autoencoder.changes(name) for name in changed)
    batch = batch_of(model)
    optimiser = torch.optim.Adam(module_of(model).prior.parameters(), 0.02)
    losses = []
    for _ in range(150):
        optimiser.zero_grad()
        loss = model.phase_terms("prior", batch)["prior_loss"]
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    distinct = len(torch.unique(model.encode(batch.images).mean, dim=0))
    assert losses[-1] < np.log(distinct) + 0.5 < losses[0]
    assert all(weights.grad is None for weights in model.encoder.parameters())


def test_gradients_of_the_prior_are_finite_differences() -> None:
    model = model_of().double()
    batch = Batch(images_of(3).double(), None, None, live_values(model.recipe))
    weights = list(module_of(model).prior.parameters())
    gradients = torch.autograd.grad(model.phase_terms("prior", batch)["prior_loss"], weights)
    generator = torch.Generator().manual_seed(2)
    direction = [torch.randn(one.shape, generator=generator, dtype=torch.float64) for one in weights]
    slope = sum(float((gradient * one).sum()) for gradient, one in zip(gradients, direction, strict=True))
    values = []
    with torch.no_grad():
        for step in (1e-6, -2e-6):
            for weight, one in zip(weights, direction, strict=True):
                weight.add_(one, alpha=step)
            values.append(float(model.phase_terms("prior", batch)["prior_loss"]))
    assert (values[0] - values[1]) / 2e-6 == pytest.approx(slope, rel=1e-5)


def test_one_batch_is_overfitted() -> None:
    model = model_of(16).train()
    images = (images_of(6) > 0.5).float()
    batch = batch_of_images(model, images)
    parts = [one for name, one in model.named_parameters() if not name.startswith("objective.prior")]
    optimiser = torch.optim.Adam(parts, 0.01)
    values = []
    for _ in range(250):
        optimiser.zero_grad()
        terms = model.phase_terms("autoencoder", batch)
        terms["loss"].backward()
        optimiser.step()
        with torch.no_grad():
            module_of(model).after_step()
        values.append(float(terms["reconstruction"].detach()))
    assert values[-1] < 0.5 * values[0]


def test_only_networks_of_maps_have_a_codebook() -> None:
    assert "maps" in Codebook().refuses(FullyConnected())
    assert Codebook().refuses(ConvolutionalMaps()) == ""
