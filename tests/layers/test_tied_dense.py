"""Tied layers: the encoder's matrices, transposed, and no weights of their own."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import nn

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.layers.sequence import build_sequence
from aestudio.layers.tied_dense import TiedDense, tie
from aestudio.networks.fully_connected.config import FullyConnected
from aestudio.objectives.classification.config import Classification
from aestudio.objectives.principal_components.config import PrincipalComponents
from aestudio.objectives.reconstruction.config import Reconstruction
from aestudio.objectives.variational.config import Variational
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.model import Model, build_model

IMAGES = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))


def tied(hidden: tuple[int, ...] = (20, 10), objective: Any = None, **settings: Any) -> Model:
    network = FullyConnected(hidden=hidden, latent_size=4, decoder_weights="tied", **settings)
    recipe = find_recipe("deep-ae").combined(network, objective or Reconstruction(output="linear"))
    return build_model(Architecture(recipe, MNIST))


def test_the_decoder_is_the_encoder_transposed() -> None:
    model = tied()
    assert model.decoder is not None
    encoder = [module for module in model.encoder.modules() if isinstance(module, nn.Linear)]
    assert isinstance(model.objective.head, nn.Linear)
    biases = [value for name, value in model.named_parameters() if name.startswith("decoder.")]
    with torch.no_grad():
        for bias in biases:
            bias.normal_()
        codes = torch.randn(5, 4)
        values = codes
        for product, bias in zip([model.objective.head, *encoder[::-1]], biases, strict=True):
            values = values @ product.weight + bias
            values = values if product is encoder[0] else values.relu()
        torch.testing.assert_close(model.decode(codes).flatten(1), values)


def test_weights_are_counted_and_kept_once() -> None:
    model, untied = tied(), build_model(Architecture(find_recipe("deep-ae"), MNIST))
    biases = 10 + 20 + 784
    matrices = 784 * 20 + 20 * 10 + 10 * 4
    assert model.architecture.parameter_count == matrices + (20 + 10 + 4) + biases
    assert sum(values.numel() for values in model.state_dict().values()) == model.architecture.parameter_count
    assert len(untied.state_dict()) == 12
    assert [name for name in model.state_dict() if name.startswith("decoder.")] == [
        "decoder.0.bias",
        "decoder.2.bias",
        "decoder.4.bias",
    ]


def test_both_halves_pull_at_the_same_weights() -> None:
    model = tied(())
    assert isinstance(model.objective.head, nn.Linear)
    weight, inputs = model.objective.head.weight, IMAGES.flatten(1)
    (model.decode(model.encode(IMAGES).mean).flatten(1) - inputs).square().sum().backward()
    free = weight.detach().clone().requires_grad_()
    back = weight.detach().clone().requires_grad_()
    ((inputs @ free.T + model.objective.head.bias.detach()) @ back - inputs).square().sum().backward()
    assert free.grad is not None
    assert back.grad is not None
    torch.testing.assert_close(weight.grad, free.grad + back.grad)


def test_a_copy_is_tied_to_itself() -> None:
    model = tied(())
    other = copy.deepcopy(model)
    assert isinstance(other.objective.head, nn.Linear)
    with torch.no_grad():
        other.objective.head.weight.zero_()
        assert not (other.decode(torch.ones(1, 4)) - other.decode(torch.zeros(1, 4))).any()
        assert (model.decode(torch.ones(1, 4)) - model.decode(torch.zeros(1, 4))).any()


def test_a_vae_takes_the_matrix_of_the_means() -> None:
    model = tied((), Variational())
    assert isinstance(model.objective.head, nn.Linear)
    with torch.no_grad():
        step = model.decode(torch.eye(4)) - model.decode(torch.zeros(4, 4))
    torch.testing.assert_close(step.flatten(1), model.objective.head.weight[:4])


def test_a_classifier_has_no_decoder_to_tie() -> None:
    assert tied((7,), Classification()).decoder is None


def test_what_cannot_be_tied_is_refused_with_the_reason() -> None:
    network = FullyConnected(hidden=(), decoder_weights="tied")
    with pytest.raises(BadChoice, match="principal components are linear"):
        find_recipe("pca").combined(network, PrincipalComponents())
    with pytest.raises(ValueError, match="for each of the decoder"):
        tie(build_sequence([TiedDense(9)], (3,)), [nn.Linear(8, 3)])
    with pytest.raises(ValueError, match="for each of the decoder"):
        tie(build_sequence([TiedDense(9), TiedDense(9)], (3,)), [nn.Linear(9, 3)])
