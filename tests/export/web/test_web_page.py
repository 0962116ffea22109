"""The web page shows the pictures that the program shows: each kind of model in headless Chromium."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.handwriting import normalise_drawing
from aestudio.datasets.synthetic import generate
from aestudio.export.exporter import export, find_exporter
from aestudio.inference.conditions import condition_of_set
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe, shipped_recipes
from aestudio.resources import resources_folder
from aestudio.runs.index import find_run
from tests.export.test_to_python import Untrained
from tests.export.trained_like import snapshot_like_trained
from tests.export.web.chromium import needs_chromium, written_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot

# The groups of the catalogue. The network of every recipe is computed by node in test_network_js.py.
KINDS = (
    *("vae", "row-gru-ae", "vq-vae", "categorical-vae", "k-sparse-ae", "gan", "digit-classifier"),
    *("patch-transformer-ae", "info-gan", "conditional-vae", "semi-supervised-vae"),
)
COUNT = 200
# Every page in a frame of its own; the pictures as numbers from 0 to 65535, base64.
HARNESS = """<!doctype html><meta charset="utf-8"><pre id="made"></pre>
<script id="given" type="application/json">%s</script><script>
const given = JSON.parse(document.getElementById("given").textContent);
function packed(rows) {
  let text = "";
  for (const row of rows) for (const value of row) {
    const number = Math.round(value * 65535);
    text += String.fromCharCode(number & 255, number >> 8);
  }
  return btoa(text);
}
function bytes(text) { return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)); }
function rows(values, length) {
  const count = values.length / length;
  return Array.from({ length: count }, (_, k) => values.subarray(k * length, (k + 1) * length));
}
async function main() {
  const made = {};
  for (const one of given) {
    const frame = document.createElement("iframe");
    frame.srcdoc = one.page;
    const loaded = new Promise((done) => (frame.onload = done));
    document.body.append(frame);
    await loaded;
    const { capsule } = frame.contentWindow;
    const grey = (row) => Float32Array.from(row, (value) => value / 255);
    const images = rows(bytes(one.images), one.size).map(grey);
    const codes = rows(new Float32Array(bytes(one.codes).buffer), one.length || 1);
    const first = frame.contentDocument.documentElement.dataset.first;
    const pictures = one.classes
      ? images.map((image) => capsule.classify(image))
      : images.map((image, k) => capsule.decode(capsule.encode(image, one.told[k]), one.told[k]));
    const decoded = codes.map((code, k) => capsule.decode(code, one.told[k]));
    made[one.name] = { reconstructed: packed(pictures), decoded: packed(decoded), first };
    frame.remove();
  }
  document.getElementById("made").textContent = JSON.stringify(made);
}
const failed = (error) => JSON.stringify({ error: String(error.stack) });
main().catch((error) => (document.getElementById("made").textContent = failed(error)));
</script>"""


@pytest.fixture(scope="module")
def digits() -> Dataset:
    """As many test images as are compared."""
    return generate(train=10, test=COUNT, seed=3)


def page_of(snapshot: Snapshot, digits: Dataset, folder: Path) -> str:
    path = folder / f"{snapshot.run}.html"
    export(find_exporter("web"), Untrained(snapshot, digits, snapshot.run), path)
    return path.read_text(encoding="utf-8")


def random_codes(snapshot: Snapshot) -> np.ndarray:
    latent, draws = snapshot.architecture.latent, np.random.default_rng(5)
    if latent.choices:
        return draws.integers(0, latent.choices, (COUNT, latent.size)).astype(np.float32)
    return draws.standard_normal((COUNT, latent.size), np.float32)


def compare_in_chromium(snapshots: Sequence[Snapshot], digits: Dataset, folder: Path) -> None:
    """Random codes and test images of each model: no number of a picture differs by a grey level."""
    given: list[dict[str, Any]] = []
    images = digits.test.images[:COUNT]
    assert digits.test.labels is not None
    for snapshot in snapshots:
        architecture = snapshot.architecture
        decodes, encodes = architecture.decodes, architecture.encodes
        shown = images if encodes else images[:0]
        codes = random_codes(snapshot) if decodes else np.empty(0, np.float32)
        one = {
            "name": snapshot.run,
            "page": page_of(snapshot, digits, folder),
            "images": base64.b64encode(shown.tobytes()).decode(),
            "codes": base64.b64encode(codes.tobytes()).decode(),
            "size": architecture.data.image.size,
            "length": architecture.latent.size,
            "classes": not architecture.latent.exists,
            "told": digits.test.labels[:COUNT].tolist(),
        }
        given.append(one)
    harness = folder / "harness.html"
    harness.write_text(HARNESS % json.dumps(given).replace("</", "<\\/"), encoding="utf-8")
    made = json.loads(written_by(harness, folder / "profile", "made"))
    assert "error" not in made, made["error"]
    for snapshot in snapshots:
        found = {
            name: np.frombuffer(base64.b64decode(made[snapshot.run][name]), "<u2") / 65535
            for name in ("reconstructed", "decoded")
        }
        model = FrozenModel(snapshot)
        expected: dict[str, np.ndarray] = {}
        told = condition_of_set(snapshot.architecture, digits.test)
        if snapshot.architecture.decodes:
            expected["decoded"] = model.decode_exactly(random_codes(snapshot), told)
        if snapshot.architecture.reconstructs:
            expected["reconstructed"] = model.reconstruct_exactly(images, told)
        elif snapshot.architecture.encodes:
            scores = np.exp(model.encode(images).mean.astype(np.float64))
            expected["reconstructed"] = scores / scores.sum(1, keepdims=True)
        assert expected
        for name, pictures in expected.items():
            worst = np.abs(found[name].reshape(pictures.shape) - pictures).max()
            assert worst <= 1 / 255, f"{snapshot.run}, {name}: {worst * 255:.2f} grey levels"
        assert made[snapshot.run]["first"] is not None, "no picture was shown"


@needs_chromium
@pytest.mark.thorough
def test_every_kind_of_model_gives_the_same_pictures_in_chromium(digits: Dataset, tmp_path: Path) -> None:
    models = [snapshot_like_trained(find_recipe(name)) for name in KINDS]
    models.append(find_run("conv-vae-2d").snapshot())
    compare_in_chromium(models, digits, tmp_path)


@needs_chromium
@pytest.mark.slow
def test_every_recipe_gives_the_same_pictures_in_chromium(digits: Dataset, tmp_path: Path) -> None:
    recipes = [one for one in shipped_recipes() if one.name not in KINDS]
    models = [snapshot_like_trained(one) for one in recipes]
    fit = [one for one in models if not find_exporter("web").obstacle(one.architecture)]
    for start in range(0, len(fit), 8):
        compare_in_chromium(fit[start : start + 8], digits, tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["conv-vae", "conv-vae-2d", "gan"])
def test_pages_of_shipped_models_are_small_and_ask_for_nothing(
    name: str, digits: Dataset, tmp_path: Path
) -> None:
    """At most 1.5 MB; no address in it but those that name nothing to load, and a policy that forbids all."""
    snapshot = find_run(name).snapshot()
    text = page_of(snapshot, digits, tmp_path)
    assert len(text.encode()) <= 1_500_000
    assert "default-src 'none'" in text
    assert not re.findall(r"https?://|src=|@import|fetch\(|XMLHttpRequest|WebSocket", text)
    assert (
        "{{" not in re.sub(r'<script id="model".*?</script>', "", text, flags=re.DOTALL).split("<script>")[0]
    )


def test_a_page_says_nothing_untrue_of_a_model_that_tells_nothing_apart(
    few_digits: Dataset, tmp_path: Path
) -> None:
    """Untrained weights: no data support, no names of sliders; and no text ends the script."""
    snapshot = snapshot_like_trained(find_recipe("vae"))
    run = Untrained(snapshot, few_digits, "</script><b>&")
    export(find_exporter("web"), run, tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    content = json.loads(text.partition('type="application/json">')[2].partition("</script>")[0])
    assert content["support"] is None
    assert {slider["name"] for slider in content["sliders"]} <= {"", "changes little", "changes nothing"}
    assert len(content["sliders"]) == 16
    assert content["hidden"] == "16 further numbers of the code stay as they are."
    assert "<title>&lt;/script&gt;&lt;b&gt;&amp;</title>" in text


DRAW = """
const drawing = require(process.argv[1]);
const given = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(given.map((ink) => Array.from(drawing.normalised(ink, 112, 112, 28, 28)))));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_drawing_is_normalised_as_in_the_window(few_digits: Dataset) -> None:
    """Within the difference of the two filters: the same box, the same place."""
    canvases = [
        np.pad(image[0].repeat(3, 0).repeat(3, 1), ((4, 24), (20, 8))) for image in few_digits.test.images[:6]
    ]
    given = json.dumps([(canvas.ravel() / 255).tolist() for canvas in [*canvases, canvases[0] * 0]])
    script = str(resources_folder() / "web" / "drawing.js")
    done = subprocess.run(
        [str(shutil.which("node")), "-e", DRAW, script],
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    *made, nothing = np.array(json.loads(done.stdout)).reshape(-1, 28, 28)
    assert not nothing.any()
    for found, canvas in zip(made, canvases, strict=True):
        expected = normalise_drawing(canvas) / 255
        assert np.abs(found - expected).mean() < 0.02
        assert abs(found.sum() - expected.sum()) < 0.05 * expected.sum()
