"""Slider, map and drawing pad of the web page show the picture that the model makes."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.synthetic import generate
from aestudio.inference.frozen_model import FrozenModel
from aestudio.recipes.library import find_recipe
from aestudio.runs.index import find_run
from tests.export.test_to_python import guessed_scores
from tests.export.trained_like import snapshot_like_trained
from tests.export.web.chromium import needs_chromium, written_by
from tests.export.web.test_web_page import KINDS, page_of

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Snapshot

# Without a screen and with a clock of its own, Chromium calls nobody before a frame after the first ones.
FRAMES = "<head><script>requestAnimationFrame = (call) => setTimeout(call, 16);</script>"
# Every page in a frame of its own, in which events of slider, map and pad are sent.
HARNESS = """<!doctype html><meta charset="utf-8"><pre id="made"></pre>
<script id="given" type="application/json">%s</script><script>
const given = JSON.parse(document.getElementById("given").textContent);
const packed = (values) => btoa(String.fromCharCode(...new Uint8Array(Float32Array.from(values).buffer)));
const framed = () => new Promise((done) => setTimeout(done, 100));
async function main() {
  const made = {};
  for (const page of given) {
    const frame = document.createElement("iframe");
    Object.assign(frame, { width: 1200, height: 800, srcdoc: page.text });
    const loaded = new Promise((done) => (frame.onload = done));
    document.body.append(frame);
    await loaded;
    const view = frame.contentWindow;
    const find = (id) => view.document.getElementById(id);
    const { capsule } = view;
    const painted = () => {
      const canvas = find("image");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return btoa(String.fromCharCode(...data));
    };
    const seen = async () => {
      await framed();
      return { code: packed(capsule.code()), painted: painted(), told: capsule.told() };
    };
    const point = (element, kind, across, down) => {
      const box = element.getBoundingClientRect();
      const [clientX, clientY] = [box.left + across * box.width, box.top + down * box.height];
      element.setPointerCapture = () => {}; // there is no such pointer
      element.dispatchEvent(new view.PointerEvent(kind, { clientX, clientY, pointerId: 1, buttons: 1 }));
    };
    const one = (made[page.name] = {});
    const slider = view.document.querySelector("#rows input");
    if (slider) {
      slider.value = Number(slider.min) + 0.8 * (slider.max - slider.min);
      const [number, value] = [Number(slider.id.slice(1)), Number(slider.value)];
      const before = packed(capsule.code());
      slider.dispatchEvent(new view.Event("input"));
      one.moved = { number, value, before, ...(await seen()) };
    }
    if (!find("map").hidden) {
      point(find("plane"), "pointerdown", 0.3, 0.6);
      one.clicked = await seen();
    }
    if (!find("told").hidden) {
      find("class").value = 7;
      find("class").dispatchEvent(new view.Event("input"));
      one.chosen = await seen();
    }
    if (!find("drawing").hidden) {
      point(find("pad"), "pointerdown", 0.3, 0.3);
      point(find("pad"), "pointermove", 0.6, 0.3);
      point(find("pad"), "pointermove", 0.5, 0.8);
      const image = capsule.drawn();
      one.guessed = page.guesses ? capsule.guess(image) : capsule.told();
      const after = page.classes ? { classes: packed(capsule.classify(image)) } : await seen();
      one.drawn = { image: packed(image), ...after };
    }
    frame.remove();
  }
  document.getElementById("made").textContent = JSON.stringify(made);
}
const failed = (error) => JSON.stringify({ error: String(error.stack) });
main().catch((error) => (document.getElementById("made").textContent = failed(error)));
</script>"""


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.float32)


def told_in(snapshot: Snapshot, seen: dict[str, Any]) -> np.ndarray | None:
    """What the page tells a conditional model, float32 (1, K)."""
    size = snapshot.architecture.condition_size
    return np.eye(size, dtype=np.float32)[[seen["told"]]] if size else None


def grey_levels(snapshot: Snapshot, seen: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """What is on the page, and what the model makes of the page's code: (C, H, W) each, 0 to 255."""
    channels, height, width = snapshot.architecture.data.image.array
    pixels = np.frombuffer(base64.b64decode(seen["painted"]), np.uint8).reshape(height, width, 4)
    made = FrozenModel(snapshot).decode_exactly(floats(seen["code"])[None], told_in(snapshot, seen))[0]
    return pixels[:, :, :channels].transpose(2, 0, 1).astype(int), np.round(255 * made).astype(int)


def check(snapshot: Snapshot, found: dict[str, Any], content: dict[str, Any]) -> set[str]:
    """Compare each input with torch; returns which there were."""
    model, architecture = FrozenModel(snapshot), snapshot.architecture
    for kind in ("moved", "clicked", "chosen", "drawn"):
        if kind in found and "painted" in found[kind]:
            page, expected = grey_levels(snapshot, found[kind])
            assert np.abs(page - expected).max() <= 1, f"{snapshot.run}, {kind}"
    if "moved" in found:
        code = floats(found["moved"]["before"]).copy()
        code[found["moved"]["number"]] = found["moved"]["value"]
        assert np.array_equal(floats(found["moved"]["code"]), code)
    if "clicked" in found:
        plane = content["map"]
        spans = np.array([plane["x"], plane["y"]])
        wanted = spans[:, 0] + np.array([0.3, 0.4]) * np.ptp(spans, axis=1)
        axes, origin = np.array(plane["axes"]), np.array(plane["origin"])
        placed = (floats(found["clicked"]["code"]) - origin) @ axes.T
        assert np.abs(placed - wanted).max() < 0.005 * np.ptp(spans, axis=1).max()
    if "drawn" in found:
        image = floats(found["drawn"]["image"]).reshape(1, *architecture.data.image.array)
        assert image.max() > 0.5, "something was drawn"
        if "classes" in found["drawn"]:
            scores = np.exp(model.encode(image).mean[0].astype(np.float64))
            assert floats(found["drawn"]["classes"]) == pytest.approx(scores / scores.sum(), abs=1 / 255)
        else:
            page, _ = grey_levels(snapshot, found["drawn"])
            told = told_in(snapshot, found["drawn"])
            expected = np.round(255 * model.reconstruct_exactly(image, told)[0]).astype(int)
            assert np.abs(page - expected).max() <= 1, f"{snapshot.run}, drawn and reconstructed"
    if "chosen" in found:
        assert found["chosen"]["told"] == 7
        assert found["drawn"]["told"] == found["guessed"]
        if snapshot.recipe.objective.kind() == "semi_supervised":
            assert found["guessed"] == guessed_scores(model, image)[0].argmax()
    return set(found) - {"guessed"}


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return generate(train=10, test=120, seed=3)


@needs_chromium
@pytest.mark.thorough
def test_slider_map_and_pad_show_what_the_model_makes(digits: Dataset, tmp_path: Path) -> None:
    """Within a grey level of the painted picture, for every group of the catalogue."""
    models = [snapshot_like_trained(find_recipe(name)) for name in KINDS]
    models += [find_run(name).snapshot() for name in ("conv-vae-2d", "conv-vae")]
    pages = {f"{number} {one.run}": page_of(one, digits, tmp_path) for number, one in enumerate(models)}
    given = [
        {
            "name": name,
            "text": text.replace("<head>", FRAMES),
            "classes": not one.architecture.latent.exists,
            "guesses": one.recipe.objective.kind() == "semi_supervised",
        }
        for (name, text), one in zip(pages.items(), models, strict=True)
    ]
    harness = tmp_path / "harness.html"
    harness.write_text(HARNESS % json.dumps(given).replace("</", "<\\/"), encoding="utf-8")
    made = json.loads(written_by(harness, tmp_path / "profile", "made"))
    assert "error" not in made, made["error"]
    tried: dict[str, set[str]] = {}
    for (name, text), snapshot in zip(pages.items(), models, strict=True):
        content = json.loads(text.partition('type="application/json">')[2].partition("</script>")[0])
        tried[name] = check(snapshot, made[name], content)
    kinds = [tried[name] for name in pages]
    assert kinds.count({"moved", "clicked", "drawn"}) >= 5
    assert {"drawn"} in kinds, "the codebook and the classifier"
    assert {"moved"} in kinds, "the generators"
    assert kinds.count({"moved", "clicked", "chosen", "drawn"}) == 2, "those that are told the class"
