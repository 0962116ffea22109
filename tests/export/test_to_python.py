"""The stand-alone page of Python computes what the model computes, in a process that knows nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from aestudio.datasets.dataset import Dataset, ImageSet, take
from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.errors import StudioError
from aestudio.export.exporter import export, find_exporter
from aestudio.inference.conditions import condition_of_labels
from aestudio.inference.frozen_model import FrozenModel
from aestudio.layers.activation import Activation
from aestudio.layers.attention import Attention
from aestudio.layers.convolution import Convolution
from aestudio.layers.crop import Crop
from aestudio.layers.dense import Dense
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.reshape import ImageToRows, RowsToImage
from aestudio.layers.residual import Residual
from aestudio.recipes.library import find_recipe, shipped_recipes
from tests.export.trained_like import snapshot_like_trained
from tests.shaped import random_images

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot

# Blocks the import of the program, wherever it is installed; then each folder is used as a student would.
USER = """
import importlib.util, json, sys
sys.modules["aestudio"] = None
import torch
from pathlib import Path
from safetensors.torch import load_file, save_file
for folder in map(Path, json.loads(sys.argv[1])):
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.Model().eval()
    model.load_state_dict(load_file(folder / "weights.safetensors"))
    given = load_file(folder.parent / f"{folder.name}.given")
    made = {}
    with torch.no_grad():
        told = [given["classes"]] if "classes" in given else []
        if hasattr(model, "classify"):
            made["chances"] = model.classify(given["images"])
        if hasattr(model, "encode") and "images" in given:
            made["codes"] = model.encode(given["images"], *told).float()
        if "codes" in given:
            made["decoded"] = model.decode(given["codes"], *told)
            torch.manual_seed(0)
            made["samples"] = model.sample(told[0][:5] if told else 5)
    save_file({k: v.contiguous() for k, v in made.items()}, folder.parent / f"{folder.name}.made")
"""
VARIANTS: dict[str, dict[str, Any]] = {
    "conv-ae": {"normalisation": "batch", "activation": "prelu", "dropout": 0.2},
    "residual-ae": {"normalisation": "layer", "activation": "gelu"},
    "deep-ae": {"normalisation": "layer", "activation": "elu", "dropout": 0.5},
    "compress-ae": {"normalisation": "batch", "activation": "tanh"},
    "gan": {"decoder_normalisation": "batch"},
    "patch-transformer-ae": {"patch_side": 5, "dropout": 0.2},
}

NOT_WRITTEN = {"made", "codec"}

# Kinds of layers that only own networks use are among them.
LAYERS = (
    Convolution(8, 3, padding=1),
    Normalisation("group"),
    ImageToRows(),
    Dense(12),
    Attention(heads=3),
    Residual((Dense(12), Activation("silu"), Dense(7))),
    RowsToImage(),
    Crop((3, 4)),
)


@dataclass(frozen=True)
class Untrained:
    """An `ExportedRun` of a snapshot, with images of its shape."""

    weights: Snapshot
    digits: Dataset
    title: str = "untrained"

    def snapshot(self) -> Snapshot:
        return self.weights

    def dataset(self) -> Dataset:
        return self.digits

    def points(self) -> tuple[()]:
        return ()

    def share(self, path: Path, checkpoint: bool, history: bool, progress: object) -> int:
        raise AssertionError("an untrained model is not shared")


def written(snapshot: Snapshot, digits: Dataset, path: Path) -> None:
    """Write the folder, and beside it what the user's process is given."""
    export(find_exporter("python"), Untrained(snapshot, digits), path)
    architecture, given = snapshot.architecture, {}
    shape = architecture.data.image.array
    draws = np.random.default_rng(1)
    if architecture.encodes:
        given["images"] = draws.random((7, *shape), np.float32)
    if architecture.decodes:
        latent = architecture.latent
        codes = draws.standard_normal((7, latent.size), np.float32)
        if latent.choices:
            codes = draws.integers(0, latent.choices, codes.shape).astype(np.float32)
        given["codes"] = codes
    if architecture.condition_size:
        given["classes"] = np.arange(7) % architecture.condition_size
    save_file(given, path.parent / f"{path.name}.given")


def chances(scores: np.ndarray) -> np.ndarray:
    exponents = np.exp(scores - scores.max(1, keepdims=True))
    return exponents / exponents.sum(1, keepdims=True)


def guessed_scores(model: FrozenModel, images: np.ndarray) -> np.ndarray:
    """What the classifier of a semi-supervised model makes of images (N, C, H, W): logits (N, classes)."""
    module = model.model
    with torch.inference_mode():
        return module.get_submodule("objective.classifier")(module.encoder(torch.tensor(images))).numpy()


def compare(snapshot: Snapshot, path: Path) -> None:
    given = load_file(path.parent / f"{path.name}.given")
    made = load_file(path.parent / f"{path.name}.made")
    model = FrozenModel(snapshot)
    told = condition_of_labels(snapshot.architecture, given["classes"]) if "classes" in given else None
    if "images" in given:
        codes = model.encode(given["images"], told).mean
        if snapshot.architecture.latent.exists:
            np.testing.assert_allclose(made["codes"], codes, rtol=1e-5, atol=1e-5)
        else:
            np.testing.assert_allclose(made["chances"], chances(codes), rtol=1e-5, atol=1e-5)
    if snapshot.recipe.objective.kind() == "semi_supervised":
        scores = guessed_scores(model, given["images"])
        np.testing.assert_allclose(made["chances"], chances(scores), rtol=1e-5, atol=1e-5)
    if "codes" in given:
        np.testing.assert_allclose(made["decoded"], model.decode_exactly(given["codes"], told), atol=1e-6)
        assert made["samples"].shape == (5, *snapshot.data.image.array)
        assert made["samples"].min() >= 0
        assert made["samples"].max() <= 1
        assert made["samples"].std(0).max() > 0, "all samples are the same"


def used_by_a_student(folders: list[Path]) -> None:
    texts = json.dumps([str(folder) for folder in folders])
    done = subprocess.run(
        [sys.executable, "-I", "-c", USER, texts], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.thorough
def test_every_recipe_and_kind_of_layer_without_this_program(few_digits: Dataset, tmp_path: Path) -> None:
    recipes: dict[str, Recipe] = {one.name: one for one in shipped_recipes()}
    recipes |= {f"{name} varied": find_recipe(name).with_settings(some) for name, some in VARIANTS.items()}
    snapshots: dict[Path, Snapshot] = {}
    refused: dict[str, str] = {}
    for name, recipe in recipes.items():
        snapshot = snapshot_like_trained(recipe)
        obstacle = find_exporter("python").obstacle(snapshot.architecture)
        if obstacle:
            refused[name] = obstacle
            continue
        snapshots[tmp_path / name] = snapshot
        written(snapshot, few_digits, tmp_path / name)
    used_by_a_student(list(snapshots))
    for path, snapshot in snapshots.items():
        compare(snapshot, path)
    assert set(refused) == NOT_WRITTEN


@pytest.mark.thorough
def test_colour_images_with_odd_sides(tmp_path: Path) -> None:
    """Crops, rows of several channels, paddings at one end."""
    data = DataShape(ImageShape(3, 21, 33))
    images = ImageSet(random_images(data.image, 20))
    colour = Dataset("colour", "Colour", images, images)
    names = ("residual-ae", "row-gru-ae", "gan", "vq-vae", "patch-transformer-ae")
    snapshots = {tmp_path / name: snapshot_like_trained(find_recipe(name), data) for name in names}
    for path, snapshot in snapshots.items():
        written(snapshot, colour, path)
    used_by_a_student(list(snapshots))
    for path, snapshot in snapshots.items():
        compare(snapshot, path)


EXAMPLES = """
import runpy, sys
sys.modules["aestudio"] = None
for folder in sys.argv[1:]:
    sys.path.insert(0, folder)
    runpy.run_path(f"{folder}/example.py")
    del sys.path[0], sys.modules["model"]
"""


@pytest.mark.thorough
def test_the_examples_run(few_digits: Dataset, tmp_path: Path) -> None:
    """In one process, because each takes seconds to import torch."""
    names = ("vae", "gan", "digit-classifier", "conditional-vae", "semi-supervised-vae")
    for name in names:
        snapshot = snapshot_like_trained(find_recipe(name))
        export(find_exporter("python"), Untrained(snapshot, few_digits), tmp_path / name)
    folders = [str(tmp_path / name) for name in names]
    command = [sys.executable, "-I", "-c", EXAMPLES, *folders]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "image 0: class " in done.stdout
    assert "squared error of an image: " in done.stdout
    for name, rows in (("vae", 3), ("gan", 1), ("conditional-vae", 3), ("semi-supervised-vae", 3)):
        header, _, pixels = (tmp_path / name / "pictures.pgm").read_bytes().partition(b" 255\n")
        assert header == f"P5 {16 * 28} {rows * 28}".encode()
        assert len(pixels) == 16 * 28 * rows * 28


def test_the_page_is_short_plain_python(few_digits: Dataset, tmp_path: Path) -> None:
    """Nothing of this program is named in it, and it fits on a page."""
    path = tmp_path / "vae"
    export(find_exporter("python"), Untrained(snapshot_like_trained(find_recipe("vae")), few_digits), path)
    text = (path / "model.py").read_text(encoding="utf-8")
    assert "aestudio" not in text
    assert len(text.splitlines()) < 60
    assert max(map(len, text.splitlines())) <= 110
    assert "self.head = nn.Linear(256, 64)" in text
    assert sorted(one.name for one in path.iterdir()) == [
        "example.py",
        "images.safetensors",
        "model.py",
        "weights.safetensors",
    ]
    with pytest.raises(StudioError, match="a folder is never replaced"):
        export(
            find_exporter("python"), Untrained(snapshot_like_trained(find_recipe("vae")), few_digits), path
        )


def test_layers_that_only_own_networks_use() -> None:
    """Attention and group normalisation, in a list of layers of somebody's own."""
    from torch import Tensor, nn

    from aestudio.export.python.python_layers import helper_classes, named_arrays, sequence
    from aestudio.export.steps.model_steps import NoSteps, layer_steps
    from aestudio.layers.sequence import build_sequence

    torch.manual_seed(0)
    module = build_sequence(LAYERS, (1, 6, 5)).eval()
    weights = {f"a.{name}": value.numpy() for name, value in module.state_dict().items()}
    steps = layer_steps(LAYERS, (1, 6, 5), weights, "a.")
    names: dict[str, Any] = {"torch": torch, "nn": nn, "Tensor": Tensor}
    exec(helper_classes(steps) + f"\nmade = {sequence(steps, '')}", names)
    made = names["made"].eval()
    own = named_arrays(steps, "a.")
    made.load_state_dict({name.removeprefix("a."): torch.tensor(value) for name, value in own.items()})
    images = torch.rand(2, 1, 6, 5)
    with torch.no_grad():
        assert torch.allclose(made(images), module(images), atol=1e-6)

    class Strange(Activation):
        """A kind of layer that nobody wrote down."""

    with pytest.raises(NoSteps, match="The layer Strange cannot be written so yet"):
        layer_steps((Strange(),), (3,), {}, "")


def test_the_example_draws_as_many_as_there_are_images(few_digits: Dataset, tmp_path: Path) -> None:
    """Rows of a picture are of one length, also beside two test images."""
    few = replace(few_digits, test=take((few_digits.test,), np.arange(2)))
    snapshot = snapshot_like_trained(find_recipe("vae"))
    export(find_exporter("python"), Untrained(snapshot, few), tmp_path / "vae")
    assert "model.sample(2)" in (tmp_path / "vae" / "example.py").read_text(encoding="utf-8")
