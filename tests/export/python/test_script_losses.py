"""The loss of each training script beside that of the program: values and gradients, with the same draws."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.export.exporter import find_exporter
from aestudio.export.python.python_page import python_page
from aestudio.export.python.script_losses import LOSSES
from aestudio.export.steps.code_form import model_steps
from aestudio.export.to_script import script_text
from aestudio.objectives.objective_module import Batch
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.training.batches import Examples
from aestudio.training.model import build_model, load_weights
from aestudio.training.spec import live_values
from tests.export.trained_like import snapshot_like_trained

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot

COUNT, STEP, STEPS = 24, 7, 10
IMAGES = torch.rand(COUNT, 1, 28, 28, generator=torch.Generator().manual_seed(1))
CLASSES = torch.arange(COUNT) % 10
# What no shipped recipe has set.
VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("vae", {"likelihood": "gaussian", "free_bits": 0.3, "warmup_epochs": 2.0}),
    ("importance-weighted-ae", {"likelihood": "gaussian"}),
    ("conv-ae", {"distance": "absolute_error", "code_activation": "tanh"}),
    ("denoising-conv-ae", {"noise": "mask"}),
    ("denoising-conv-ae", {"noise": "salt_and_pepper"}),
    ("contractive-ae", {"code_activation": "tanh", "weight_penalty": 0.01}),
    ("k-sparse-ae", {"all_units_epochs": 0.0, "code_activation": "relu"}),
    ("sparse-ae", {"output": "linear", "distance": "squared_error"}),
)


def recipes() -> list[tuple[str, Recipe]]:
    exporter = find_exporter("script")
    shipped = [(one.name, one) for one in shipped_recipes()]
    varied = [
        (f"{name} {', '.join(map(str, some.values()))}", find_recipe(name).with_settings(some))
        for name, some in VARIANTS
    ]
    shapes = {name: snapshot_like_trained(recipe).architecture for name, recipe in shipped}
    return [one for one in shipped if not exporter.obstacle(shapes[one[0]])] + varied


def of_program(snapshot: Snapshot) -> tuple[float, Mapping[str, np.ndarray]]:
    """Loss and gradients of a batch in the seventh of ten steps of the first epoch."""
    model = build_model(snapshot.architecture)
    load_weights(model, snapshot.weights)
    live = dict(live_values(snapshot.recipe))
    model.objective.anneal(STEP, STEPS, live)
    told = model.condition_of(Examples(IMAGES, CLASSES))
    batch = Batch(IMAGES, CLASSES, torch.Generator().manual_seed(3), live, told)
    loss = model.train().terms(batch)["loss"]
    loss.backward()
    gradients = {
        name: np.zeros(tuple(one.shape), np.float32) if one.grad is None else one.grad.numpy()
        for name, one in model.named_parameters()
    }
    return loss.item(), {**snapshot.weights, **gradients}


def of_script(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> tuple[float, dict[str, np.ndarray], dict[str, Any]]:
    """The same by the script, whose draws come from a generator with the same seed."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(script_text(snapshot), "train.py", "exec"), names)
    model = names["Model"]()
    page = python_page(snapshot, model_steps(snapshot))
    model.load_state_dict({name: torch.tensor(np.array(value)) for name, value in page.weights.items()})
    draws, rand, randn = torch.Generator().manual_seed(3), torch.rand, torch.randn
    with monkeypatch.context() as context:
        context.setattr(torch, "rand", lambda *shape: rand(*shape, generator=draws))
        context.setattr(torch, "randn_like", lambda like: randn(like.shape, generator=draws))
        told = (CLASSES,) if LOSSES[snapshot.recipe.objective.kind()].labels else ()
        loss = names["loss_of"](model.train(), IMAGES, *told, STEP / STEPS)
    loss.backward()
    found = {name: one.grad.numpy() for name, one in model.named_parameters() if one.grad is not None}
    return loss.item(), found, names


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "recipe"), [pytest.param(*one, id=one[0]) for one in recipes()])
def test_loss_and_gradients_are_those_of_the_program(
    name: str, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = snapshot_like_trained(recipe)
    assert not find_exporter("script").obstacle(snapshot.architecture)
    expected, gradients = of_program(snapshot)
    loss, found, _ = of_script(snapshot, monkeypatch)
    if getattr(recipe.objective, "likelihood", "") == "gaussian":
        pixels, variance = IMAGES[0].numel(), recipe.objective.pixel_variance  # type: ignore[attr-defined]
        loss += pixels / 2 * float(np.log(2 * np.pi * variance))  # which has no gradient
    assert loss == pytest.approx(expected, rel=1e-6)
    graded = replace(snapshot, weights=gradients)
    mapped = python_page(graded, model_steps(graded)).weights
    assert found
    for key, value in found.items():
        scale = float(np.abs(mapped[key]).max())
        assert np.abs(value - mapped[key]).max() <= 2e-5 * max(scale, 1e-3), key


def test_initial_weights_by_the_rule_of_glorot() -> None:
    """Within the bound of the rule and nearly up to it, biases 0; other scripts have no such function."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(script_text(snapshot_like_trained(find_recipe("l1-sparse-ae"))), names)
    model = names["Model"]()
    names["initialise"](model)
    weight, bias = model.head.weight.detach(), model.head.bias.detach()
    bound = (6 / sum(weight.shape)) ** 0.5
    assert 0.99 * bound < float(weight.abs().max()) <= bound
    assert not bias.any()
    assert "def initialise" not in script_text(snapshot_like_trained(find_recipe("sparse-ae")))


def test_a_script_for_a_model_that_is_told_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads labels; a class makes a difference to its loss."""
    snapshot = snapshot_like_trained(find_recipe("conditional-vae"))
    text = script_text(snapshot)
    assert 'read_labels(folder, "train-labels-idx1-ubyte")' in text
    assert "<" not in text.replace("<=", "").replace("< ", "")
    loss, _, names = of_script(snapshot, monkeypatch)
    model = names["Model"]()
    assert names["test_error"](model, IMAGES, CLASSES) > 0
    assert names["validated"](model, IMAGES, CLASSES) != pytest.approx(loss)
