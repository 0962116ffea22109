"""resources/web/network.js computes what the model computes: in node, for every recipe."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.export.steps.code_form import model_steps, refused
from aestudio.export.web.page_model import model_json, numbers_text
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.resources import resources_folder
from tests.export.test_to_python import NOT_WRITTEN, VARIANTS, guessed_scores
from tests.export.trained_like import snapshot_like_trained

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.training.events import Snapshot

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")
RUN = """
const network = require(process.argv[1]);
const fs = require("fs");
const given = JSON.parse(fs.readFileSync(process.argv[2]));
const model = given.model;
const weights = network.numbers(model.weights, model.half);
const encoder = network.withWeights(model.encoder, weights);
const decoder = network.withWeights(model.decoder, weights);
const classifier = network.withWeights(model.classifier, weights);
const floats = (values) => Float32Array.from(values || []);
const run = (steps, values, k) => Array.from(network.run(steps, floats(values), floats(given.told[k])));
const made = {
  codes: given.images.map((image, k) => run(encoder, image, k)),
  decoded: given.codes.map((code, k) => run(decoder, code, k)),
  guessed: classifier.length ? given.images.map((image, k) => run(classifier, image, k)) : [],
};
fs.writeFileSync(process.argv[2], JSON.stringify(made));
"""
COUNT = 5


def in_node(snapshot: Snapshot, path: Path, half: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was given to the page's network, and what it made of it."""
    architecture, draws = snapshot.architecture, np.random.default_rng(2)
    shape, latent = architecture.data.image.array, architecture.latent
    images = draws.random((COUNT, *shape), np.float32)
    codes = draws.standard_normal((COUNT, latent.size), np.float32)
    if latent.choices:
        codes = draws.integers(0, latent.choices, codes.shape).astype(np.float32)
    size = architecture.condition_size
    told = np.eye(size, dtype=np.float32)[np.arange(COUNT) % size] if size else None
    given = {
        "told": [] if told is None else told.tolist(),
        "model": model_json(model_steps(snapshot), half),
        "images": images.reshape(COUNT, -1).tolist() if architecture.encodes else [],
        "codes": codes.tolist() if architecture.decodes else [],
    }
    path.write_text(json.dumps(given), encoding="utf-8")
    script = str(resources_folder() / "web" / "network.js")
    done = subprocess.run(
        [str(NODE), "-e", RUN, script, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return {"images": images, "codes": codes, "told": told}, json.loads(path.read_text(encoding="utf-8"))


def compare(snapshot: Snapshot, path: Path) -> None:
    given, made = in_node(snapshot, path)
    model = FrozenModel(snapshot)
    if snapshot.architecture.encodes:
        expected = model.encode(given["images"], given["told"]).mean
        np.testing.assert_allclose(np.array(made["codes"]), expected, rtol=1e-4, atol=1e-4)
    if snapshot.architecture.decodes:
        expected = model.decode_exactly(given["codes"], given["told"])
        found = np.array(made["decoded"]).reshape(expected.shape)
        np.testing.assert_allclose(found, expected, atol=1e-5)
    if snapshot.recipe.objective.kind() == "semi_supervised":
        scores = guessed_scores(model, given["images"])
        np.testing.assert_allclose(np.array(made["guessed"]), scores, rtol=1e-4, atol=1e-4)


@needs_node
@pytest.mark.thorough
def test_every_recipe_and_its_variants(tmp_path: Path) -> None:
    recipes = {one.name: one for one in shipped_recipes()}
    recipes |= {f"{name} varied": find_recipe(name).with_settings(some) for name, some in VARIANTS.items()}
    not_written: set[str] = set()
    for name, recipe in recipes.items():
        snapshot = snapshot_like_trained(recipe)
        if refused(snapshot.architecture):
            not_written.add(name)
        else:
            compare(snapshot, tmp_path / "model.json")
    assert not_written == NOT_WRITTEN


@needs_node
@pytest.mark.thorough
@pytest.mark.parametrize("name", ["residual-ae", "row-gru-ae", "gan", "vq-vae", "patch-transformer-ae"])
def test_colour_images_with_odd_sides(name: str, tmp_path: Path) -> None:
    data = DataShape(ImageShape(3, 21, 33))
    compare(snapshot_like_trained(find_recipe(name), data), tmp_path / "model.json")


@needs_node
@pytest.mark.parametrize("name", ["conv-vae", "info-gan", "semi-supervised-vae"])
def test_images_and_codes_of_models(name: str, tmp_path: Path) -> None:
    compare(snapshot_like_trained(find_recipe(name)), tmp_path / "model.json")


@needs_node
def test_weights_of_half_precision_are_read_as_numpy_writes_them(tmp_path: Path) -> None:
    """Also numbers near 0, which have no leading one, and of both signs."""
    numbers = np.array([0.0, 1.0, -2.5, 6.1e-5, -5.9e-8, 3.1e-6, 65504.0, 1 / 3], np.float16)
    script = str(resources_folder() / "web" / "network.js")
    code = "const n = require(process.argv[1]); "
    code += "console.log(JSON.stringify([...n.numbers(process.argv[2], true)]))"
    command = [str(NODE), "-e", code, script, numbers_text(numbers, half=True)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert np.array_equal(np.array(json.loads(done.stdout), np.float16), numbers)
