"""Parts are found by their files: any network with any objective, and a new one by adding its file."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import pytest
import torch

from aestudio import networks as network_package
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.objectives.objective_module import Batch
from aestudio.recipes import network as networks
from aestudio.recipes import objective as objectives
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.part import discover, from_json
from aestudio.recipes.recipe import Recipe, read_recipe, write_recipe
from aestudio.training.batches import Examples
from aestudio.training.model import build_model
from aestudio.training.optimisers import gradients_of
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NETWORK_KINDS = discover(networks.PACKAGE, Network)
OBJECTIVE_KINDS = discover(objectives.PACKAGE, Objective)

DECLARATION = '''
"""One matrix there and one back."""

from typing import ClassVar

from aestudio.layers.dense import Dense
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.recipes.network import Network


class OneMatrix(Network):
    title: ClassVar[str] = "One matrix"
    summary: ClassVar[str] = "A test."

    def encoder(self, inputs):
        return (Flatten(), Dense(9))

    def decoder(self, inputs, image):
        return (Dense(image[0] * image[1] * image[2]), Reshape(image))
'''

# A Wasserstein critic may add any number to all that it says: nothing depends on it.
# The last bias of the patch transformer is added to each feature, so to all that its critic says.
FREE = {"wasserstein_adversarial": ("objective.head.bias", "encoder.5.bias")}


def one_step(recipe: Recipe) -> dict[str, float]:
    """Build, and each phase on five images: its gradients are finite, and each of its parameters learns."""
    model = build_model(Architecture(recipe, MNIST)).train()
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(5, 1, 28, 28, generator=generator)
    labels = torch.arange(5)
    told = model.condition_of(Examples(images, labels))
    batch = Batch(images, labels, generator, live_values(recipe), told)
    found: dict[str, float] = {}
    for phase in model.phases:
        terms = model.phase_terms(phase.name, batch)
        changed = {name: one for name, one in model.named_parameters() if phase.changes(name)}
        assert changed, phase.name
        for name, gradient in zip(changed, gradients_of(terms[phase.loss], [*changed.values()]), strict=True):
            assert gradient is not None, name
            assert gradient.isfinite().all(), name
            assert gradient.abs().sum() > 0 or name in FREE.get(recipe.objective.kind(), ()), name
        found |= {name: float(value.detach()) for name, value in terms.items()}
    declared = [term.name for term in recipe.objective.terms()]
    assert set(found) == set(declared)
    assert declared[0] == model.phases[0].loss
    return found


@pytest.mark.parametrize("network", NETWORK_KINDS)
@pytest.mark.parametrize("objective", OBJECTIVE_KINDS)
def test_any_network_with_any_objective(network: str, objective: str) -> None:
    chosen = NETWORK_KINDS[network](latent_size=3), OBJECTIVE_KINDS[objective]()
    reason = chosen[1].refuses(chosen[0])
    if reason:
        with pytest.raises(BadChoice, match=reason):
            find_recipe("vae").combined(*chosen)
        return
    terms = one_step(find_recipe("vae").combined(*chosen))
    assert all(math.isfinite(value) and abs(value) < 1e6 for value in terms.values())


def test_kinds_are_file_names() -> None:
    assert set(NETWORK_KINDS) >= {"fully_connected", "convolutional", "row_gru"}
    assert set(OBJECTIVE_KINDS) >= {"reconstruction", "denoising", "sparse", "variational", "classification"}
    for kind, part in (NETWORK_KINDS | OBJECTIVE_KINDS).items():
        assert part.kind() == kind
        assert part.__module__.endswith(f".{kind}.config")
        assert part.title
        assert part.summary.endswith(".")


def test_from_json_names_the_kinds_there_are() -> None:
    with pytest.raises(BadChoice) as caught:
        from_json(networks.PACKAGE, Network, {"kind": "transformer"})
    assert (caught.value.subject, caught.value.value) == ("network", "transformer")
    assert set(caught.value.allowed.split(", ")) == set(NETWORK_KINDS)


def test_from_json_leaves_its_argument_alone() -> None:
    table = {"kind": "row_gru", "units": 4}
    assert from_json(networks.PACKAGE, Network, table) == NETWORK_KINDS["row_gru"](units=4)
    assert table == {"kind": "row_gru", "units": 4}


@pytest.fixture
def _added_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A network `one_matrix` beside the others: one folder, nothing else."""
    folder = tmp_path / "one_matrix"
    folder.mkdir()
    for name, text in (("__init__", ""), ("config", DECLARATION)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(network_package, "__path__", [*network_package.__path__, str(tmp_path)])
    discover.cache_clear()
    yield
    discover.cache_clear()
    for name in ("one_matrix", "one_matrix.config"):
        sys.modules.pop(f"{networks.PACKAGE}.{name}", None)
    vars(network_package).pop("one_matrix", None)


@pytest.mark.usefixtures("_added_folder")
def test_a_network_is_added_by_adding_its_folder(tmp_path: Path) -> None:
    added = discover(networks.PACKAGE, Network)["one_matrix"]
    recipe = find_recipe("vae").combined(network=added(latent_size=2))
    assert Architecture(recipe, MNIST).parameter_count == (784 * 9 + 9) + 2 * (9 * 2 + 2) + (2 * 784 + 784)
    path = tmp_path / "mine.json"
    write_recipe(recipe, path)
    assert read_recipe(path) == recipe
    one_step(recipe)


def test_what_was_added_is_gone_again() -> None:
    assert "one_matrix" not in discover(networks.PACKAGE, Network)
