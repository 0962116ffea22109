"""Embeddings and the alignment of maps over time, in the real window."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.alignment import best_rotation
from tests.end_to_end.conftest import small
from tests.residual import residual

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.inference.requests.latent_map_request import LatentMapRequest
    from aestudio.gui.views.latent.map.map_panel import MapPanel
    from tests.end_to_end.conftest import Person


@pytest.fixture
def trained(person: Person) -> Person:
    """A model with 8 latent dimensions, trained on 600 digits, and the Latent view in front."""
    person.window.session.recipe.choose_recipe(small(latent_size=8))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait(lambda: person.state.value("map") is not None)
    person.wait_computed()
    return person


def map_of(person: Person) -> MapPanel:
    return person.window.views["latent"].map  # type: ignore[union-attr]


def choose(person: Person, kind: str) -> None:
    """Choose the kind of axes with the keyboard."""
    box = map_of(person).tools.kind
    index = box.findText(kind)
    box.setFocus()
    person.keys("Home", box)
    for _ in range(index):
        person.keys("Down", box)
    assert box.currentText() == kind


def test_tsne_shows_its_progress_can_be_stopped_and_may_be_killed(
    trained: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, bar = map_of(trained), map_of(trained).tools.embedding
    assert not bar.isVisible()
    monkeypatch.setattr("aestudio.analysis.embedding_tsne.EARLY", 10_000_000)  # it never ends by itself
    choose(trained, "t-SNE")
    trained.wait(lambda: bar.progress.isVisible() and bar.progress.value() > 0)
    assert trained.state.value("map").plane.kind == "components", "shown in the meantime"
    trained.click(trained.button("stop-layout"))
    trained.wait(lambda: not bar.isVisible() and process_of(trained) is None)
    assert trained.state.plane.kind == "components"
    trained.wait(lambda: not trained.window.session.tasks.alive())
    assert trained.state.embedding.problem is None
    if sys.platform != "win32":
        a_killed_process_is_reported(trained)
        choose(trained, "Dimensions")

    monkeypatch.setattr("aestudio.analysis.embedding_tsne.EARLY", 50)
    monkeypatch.setattr("aestudio.analysis.embedding_tsne.LATE", 50)
    choose(trained, "t-SNE")
    trained.wait(lambda: trained.state.value("map").plane.kind == "tsne")
    shown = trained.state.value("map")
    assert shown.plane.titles == ("t-SNE 1", "t-SNE 2")
    assert len(shown.xy) == 120
    trained.wait(lambda: not bar.isVisible())  # all shown images are embedded: nothing to report

    # The map works as any other: a click selects the image there, and the cursor gives a code.
    trained.wait_computed()
    index = 17
    trained.window.session.explore.select(index)
    trained.wait(lambda: trained.state.value("inspect").index == index)
    trained.wait_computed()
    code = trained.state.exploration.code
    assert code is not None
    np.testing.assert_allclose(shown.plane.to_plane(code[None])[0], shown.xy[index], atol=1e-2)
    panel._cursor_moved(*shown.xy[30].tolist())
    moved = trained.state.exploration.code
    assert moved is not None
    np.testing.assert_allclose(moved, shown.plane.codes[30], atol=1e-3)


def process_of(person: Person) -> int | None:
    return person.window.session.embedding._process.pid


# umap-learn's functions that are used, without a step: importing it and compiling take ten seconds.
QUICK_UMAP = {
    "layouts": "def optimize_layout_euclidean(positions, *_, **__): return positions",
    "umap_": """
import numpy as np
def find_ab_params(spread, nearest): return 1.6, 0.9
def make_epochs_per_sample(weights, epochs): return np.ones(len(weights))
""",
}


@pytest.fixture(params=["quick", pytest.param("real", marks=pytest.mark.slow)])
def umap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the process imports; tests/analysis/test_embedding.py checks the real one's positions."""
    if request.param == "quick":
        folder = tmp_path / "instead" / "umap"
        folder.mkdir(parents=True)
        for name, text in {"__init__": "", **QUICK_UMAP}.items():
            (folder / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(str(folder.parent))


def test_umap_is_computed_by_a_process_that_ends_with_the_window(trained: Person, umap: None) -> None:
    choose(trained, "UMAP")
    trained.wait(lambda: trained.state.value("map").plane.kind == "umap")
    assert len(trained.state.value("map").xy) == 120
    assert "umap" not in sys.modules
    assert "numba" not in sys.modules
    assert process_of(trained) is not None, "it waits for the next embedding"
    trained.window.close()
    trained.wait(trained.window.session.close)
    assert process_of(trained) is None


def a_killed_process_is_reported(trained: Person) -> None:
    choose(trained, "t-SNE")
    trained.wait(lambda: trained.state.tasks.get("embedding", (0, 1, ""))[2] == "t-SNE")
    pid = process_of(trained)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    trained.wait(lambda: trained.state.embedding.problem is not None)
    assert "was killed, perhaps because memory ran out" in trained.state.message.text
    assert process_of(trained) is None


def test_missing_umap_is_reported(trained: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "umap.py").write_text("raise ModuleNotFoundError(\"No module named 'umap'\")")
    monkeypatch.syspath_prepend(str(tmp_path))
    choose(trained, "UMAP")
    trained.wait(lambda: trained.state.embedding.problem is not None)
    assert "UMAP cannot be loaded (No module named 'umap')" in trained.state.message.text
    assert "Install the program again" in trained.state.message.text


@pytest.mark.slow
def test_maps_of_a_training_are_aligned(person: Person) -> None:
    from aestudio.analysis.projections import plane_of_components
    from aestudio.inference.codes import encode_set
    from aestudio.inference.frozen_model import FrozenModel

    def components(request: LatentMapRequest) -> np.ndarray:
        codes = encode_set(FrozenModel(request.snapshot), request.image_sets[0]).mean
        return plane_of_components(codes, 0, 1).to_plane(codes)

    recipe = small(latent_size=8, epochs=400, learning_rate=1e-3)
    person.window.session.recipe.choose_recipe(recipe)
    person.show("latent")
    person.click(person.window.left.training.start)
    person.wait_phase("running")
    maps: list[tuple[LatentMapRequest, np.ndarray]] = []

    def remember() -> bool:
        result = person.state.results.get("map")
        ours = result is not None and result.request.snapshot.run == person.training.run
        if ours and (not maps or result.request is not maps[-1][0]):
            maps.append((result.request, result.value.xy))
        return len(maps) >= 3

    person.wait(remember)
    person.window.session.training.stop()
    person.wait_phase("ended")
    aligned, unaligned = [], []
    for (earlier, _), (request, xy) in itertools.pairwise(maps):
        assert request.before is not None
        before = request.before.xy
        plain = components(request)
        aligned.append(residual(xy, before))
        unaligned.append(residual(plain, components(earlier)))
        # No rotation of the plane leaves the digits nearer to their earlier positions.
        best = residual(best_rotation(plain, before)(plain), before)
        assert aligned[-1] == pytest.approx(best, rel=0.02)
    assert np.mean(aligned) <= np.mean(unaligned) + 1e-6
