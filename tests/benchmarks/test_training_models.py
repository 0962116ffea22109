"""The models of the comparison equal those of the recipes."""

from __future__ import annotations

import pytest
import torch

from aestudio.datasets.image_shape import MNIST
from aestudio.objectives.objective_module import Batch
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.training.model import build_model
from aestudio.training.spec import live_values
from benchmarks.peers import environment
from benchmarks.training.models import MODELS, parameter_count


@pytest.mark.parametrize("name", MODELS)
def test_same_parameters_as_the_recipe(name: str) -> None:
    model, recipe = MODELS[name](), find_recipe(name)
    assert parameter_count(model) == Architecture(recipe, MNIST).parameter_count
    ours = [parameter.shape for parameter in build_model(Architecture(recipe, MNIST)).parameters()]
    assert sorted(ours) == sorted(parameter.shape for parameter in model.parameters())


@pytest.mark.parametrize("name", MODELS)
def test_same_loss_as_the_recipe(name: str) -> None:
    """With the same weights and the same noise."""
    recipe = find_recipe(name)
    ours, theirs = build_model(Architecture(recipe, MNIST)), MODELS[name]()
    assert ours.decoder is not None
    parameters = [*ours.encoder.parameters(), *ours.objective.parameters(), *ours.decoder.parameters()]
    with torch.no_grad():
        for source, target in zip(parameters, theirs.parameters(), strict=True):
            target.copy_(source)
    images = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    torch.manual_seed(3)
    noise = torch.Generator().manual_seed(3)
    terms = ours.terms(Batch(images, None, noise, live_values(recipe)))
    assert theirs.loss(images).item() == pytest.approx(terms["loss"].item(), rel=1e-5)


def test_the_peers_environment_requires_the_same_torch() -> None:
    required = environment.required_versions()
    assert {"pythae", "keras", "lightning"} <= set(required)
    assert required["torch"] == torch.__version__.partition("+")[0]
