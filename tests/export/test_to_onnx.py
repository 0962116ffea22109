"""ONNX files give what the model gives: of every recipe, and of layers that only own networks have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.errors import StudioError
from aestudio.export.exporter import export, find_exporter
from aestudio.export.steps.code_form import refused
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe, shipped_recipes
from tests.export.test_to_python import (
    LAYERS,
    NOT_WRITTEN,
    VARIANTS,
    Untrained,
    chances,
    guessed_scores,
)
from tests.export.trained_like import snapshot_like_trained

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")


def session(path: Path) -> Any:
    return onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])


def written(snapshot: Snapshot, digits: Dataset, path: Path) -> None:
    """Exported; a difference from torch of more than 1e-5 raises."""
    export(find_exporter("onnx"), Untrained(snapshot, digits), path)


def test_encoder_and_decoder_of_a_vae(few_digits: Dataset, tmp_path: Path) -> None:
    snapshot = snapshot_like_trained(find_recipe("conv-vae"))
    written(snapshot, few_digits, tmp_path / "vae")
    assert sorted(one.name for one in (tmp_path / "vae").iterdir()) == ["decoder.onnx", "encoder.onnx"]
    images = few_digits.test.images[:7].astype(np.float32) / 255
    code, deviation = session(tmp_path / "vae" / "encoder.onnx").run(None, {"image": images})
    expected = FrozenModel(snapshot).encode(images)
    np.testing.assert_allclose(code, expected.mean, atol=1e-5)
    np.testing.assert_allclose(deviation, expected.std, rtol=1e-5)
    [decoded] = session(tmp_path / "vae" / "decoder.onnx").run(None, {"code": code})
    np.testing.assert_allclose(decoded, FrozenModel(snapshot).decode_exactly(code), atol=1e-5)
    said = session(tmp_path / "vae" / "decoder.onnx").get_modelmeta().custom_metadata_map
    assert json.loads(said["recipe"])["network"]["kind"] == "convolutional"
    assert json.loads(said["latent"]) == {"kind": "gaussian", "shape": [10], "choices": 0}
    assert "from 0 to 1" in said["scaling"]


def test_other_numbers_than_torchs_are_no_file(
    few_digits: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.export import to_onnx

    snapshot = snapshot_like_trained(find_recipe("vae"))
    monkeypatch.setattr(to_onnx, "_expected", lambda *_: [np.zeros((1, 32)), np.zeros((1, 32))])
    with pytest.raises(StudioError, match="gives other numbers than the model"):
        written(snapshot, few_digits, tmp_path / "vae")
    assert not list(tmp_path.iterdir())


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = find_exporter("onnx")
    architecture = snapshot_like_trained(find_recipe("vae")).architecture
    assert exporter.obstacle(architecture) == ""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert exporter.obstacle(architecture) == "This needs onnx and onnxruntime: pip install 'aestudio[onnx]'"


@pytest.mark.thorough
def test_every_recipe_and_its_variants(few_digits: Dataset, tmp_path: Path) -> None:
    recipes = {one.name: one for one in shipped_recipes()}
    recipes |= {f"{name} varied": find_recipe(name).with_settings(some) for name, some in VARIANTS.items()}
    not_written: set[str] = set()
    for name, recipe in recipes.items():
        snapshot = snapshot_like_trained(recipe)
        if refused(snapshot.architecture):
            not_written.add(name)
        else:
            written(snapshot, few_digits, tmp_path / name)
    assert not_written == NOT_WRITTEN


def test_a_model_that_is_told_the_class_and_can_guess_it(few_digits: Dataset, tmp_path: Path) -> None:
    """Its second input; the whole folder beside torch."""
    snapshot = snapshot_like_trained(find_recipe("semi-supervised-vae"))
    written(snapshot, few_digits, tmp_path / "m2")
    images = few_digits.test.images[:7].astype(np.float32) / 255
    told = np.eye(10, dtype=np.float32)[np.arange(7)]
    encoder, decoder, classifier = (
        session(tmp_path / "m2" / f"{name}.onnx") for name in ("encoder", "decoder", "classifier")
    )
    code, deviation = encoder.run(None, {"image": images, "condition": told})
    model = FrozenModel(snapshot)
    expected = model.encode(images, told)
    np.testing.assert_allclose(code, expected.mean, atol=1e-5)
    np.testing.assert_allclose(deviation, expected.std, rtol=1e-5)
    [decoded] = decoder.run(None, {"code": code, "condition": told})
    np.testing.assert_allclose(decoded, model.decode_exactly(code, told), rtol=0, atol=1e-5)
    other = decoder.run(None, {"code": code, "condition": told[::-1].copy()})[0]
    assert np.abs(other - decoded).max() > 0.01, "the class makes a difference"
    [guessed] = classifier.run(None, {"image": images})
    np.testing.assert_allclose(guessed, chances(guessed_scores(model, images)), rtol=0, atol=1e-5)
    said = decoder.get_modelmeta().custom_metadata_map
    assert "1 for that of the image" in said["condition"]


@pytest.mark.thorough
def test_colour_images_with_odd_sides(few_digits: Dataset, tmp_path: Path) -> None:
    data = DataShape(ImageShape(3, 21, 33))
    for name in ("residual-ae", "row-lstm-ae", "gan", "vq-vae", "patch-transformer-ae"):
        written(snapshot_like_trained(find_recipe(name), data), few_digits, tmp_path / name)


def test_layers_that_only_own_networks_use() -> None:
    import torch

    from aestudio.export.onnx.onnx_steps import new_graph
    from aestudio.export.steps.model_steps import layer_steps
    from aestudio.layers.sequence import build_sequence

    torch.manual_seed(0)
    module = build_sequence(LAYERS, (1, 6, 5)).eval()
    weights = {f"a.{name}": value.numpy() for name, value in module.state_dict().items()}
    graph = new_graph()
    steps = layer_steps(LAYERS, (1, 6, 5), weights, "a.")
    result = {"made": (graph.steps(steps, "image"), steps[-1].shape)}
    model = graph.model({"image": (1, 6, 5)}, result, "layers")
    images = torch.rand(2, 1, 6, 5)
    ran = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        np.testing.assert_allclose(ran.run(None, {"image": images.numpy()})[0], module(images), atol=1e-5)
