"""Embeddings and the alignment of maps over time, in the real window."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtTest import QTest

from aestudio.analysis.alignment import best_rotation
from aestudio.analysis.embedding_settings import TITLES
from tests.end_to_end.conftest import small
from tests.residual import residual

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.analysis.embedding_settings import EmbeddingKind
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


@pytest.mark.thorough
def test_maps_that_turn_and_maps_that_are_computed_step_by_step(trained: Person) -> None:
    a_third_axis_turns_the_map_and_leaves_the_same_plane(trained)
    a_stop_before_the_first_step_goes_back(trained)
    if sys.platform != "win32":
        a_killed_process_is_reported(trained)
        choose(trained, "Components")
        trained.wait(lambda: trained.state.value("map").plane.kind == "components")
    it_is_paused_perturbed_and_stopped(trained)
    another_setting_or_another_run_never_shows_an_old_embedding(trained)


def a_third_axis_turns_the_map_and_leaves_the_same_plane(trained: Person) -> None:
    panel = map_of(trained)
    tools, turner = panel.tools, panel.map.space.turner
    plane = trained.state.value("map")
    trained.click(tools.options_button)
    third = tools.options.third
    third.setFocus()
    trained.keys("End", third)
    trained.keys("Escape", third)
    trained.wait(lambda: trained.state.value("map").depth is not None and panel.map.space.turned)
    assert trained.state.plane.third == 7
    assert "no plane" in panel._note.text()
    assert tools.play.isVisible()
    at = turner.turn.angle
    trained.wait(lambda: turner.turn.angle != at)
    trained.wait_computed()
    trained.click(tools.play)
    assert not turner.playing
    # The cursor is where the code is in space, and a click selects what is seen there.
    shown, code = trained.state.value("map"), trained.state.exploration.code
    assert code is not None
    place = np.array([[*shown.plane.to_plane(code[None])[0], *shown.third.along(code[None])]], np.float32)
    np.testing.assert_allclose(panel.map.plot.cross, panel.map.space.seen(place)[0, :2], atol=1e-3)
    panel.map.grab()
    index = int(panel.map._xy[:, 2].argmax())
    port, pixel = panel.map.plot.viewport(), panel.map.pixel_of_point(index).toPoint()
    trained.click(port, port.mapFrom(panel.map.plot, pixel))
    trained.wait(lambda: trained.state.selected == index)
    trained.keys("F11")
    trained.wait(lambda: trained.state.presentation)
    trained.wait_computed()
    before = turner.turn.angle
    trained.keys("T", panel.map.plot)
    trained.wait(lambda: turner.turn.angle != before)
    trained.keys("F11")
    trained.wait(lambda: not trained.state.presentation)
    trained.click(tools.options_button)
    third.setFocus()
    trained.keys("Home", third)
    trained.keys("Escape", third)
    trained.wait(lambda: not panel.map.space.turned)
    trained.wait_computed()
    assert trained.state.plane.third is None
    np.testing.assert_array_equal(trained.state.value("map").xy, plane.xy)
    assert not tools.play.isVisible()
    assert panel._note.text() == ""


def it_is_paused_perturbed_and_stopped(trained: Person) -> None:
    panel, bar = map_of(trained), map_of(trained).tools.embedding
    assert not bar.isVisible()
    choose(trained, "t-SNE")
    trained.wait(lambda: trained.state.value("map").plane.kind == "tsne")
    live = trained.state.value("map")
    assert live.plane.titles == ("t-SNE 1", "t-SNE 2")
    assert len(live.xy) == 120
    assert "Wattenberg" in panel._note.text()
    assert "iteration" in bar.note.text
    assert "of 10,000" in bar.note.text
    trained.wait(lambda: trained.state.value("map").plane.done > live.plane.done)
    trained.click(bar.pause)
    trained.wait(lambda: "paused at iteration" in bar.note.text)
    trained.wait(lambda: rests(trained))
    at = trained.state.value("map")
    trained.click(bar.perturb)
    trained.wait(lambda: trained.state.value("map") is not at)
    moved = trained.state.value("map")
    assert moved.plane.done == at.plane.done
    assert (moved.xy != at.xy).any(axis=1).all()
    trained.click(bar.pause)
    trained.wait(lambda: trained.state.value("map").plane.done > at.plane.done)
    trained.click(bar.stop)
    trained.wait(lambda: "stopped at" in bar.note.text)
    assert bar.note.text.endswith("perturbed")
    assert trained.state.plane.kind == "tsne"
    trained.wait_computed()
    the_map_works_as_any_other(trained, panel)


def rests(person: Person) -> bool:
    """Whether the map of a paused embedding is the last one that was sent."""
    before = person.state.embedding.live
    person.qtbot.wait(300)
    shown = person.state.value("map")
    return person.state.embedding.live is before and shown is not None and shown.plane is before


def type_setting(person: Person, kind: EmbeddingKind, name: str, text: str) -> None:
    """Open the map's options, type a value into the field of a setting, and close them."""
    tools = map_of(person).tools
    before = person.state.plane.kind
    choose(person, TITLES[kind])
    person.click(tools.options_button)
    box = tools.options.embedding.rows[kind][name].editor
    assert box.isVisible()
    box.setFocus()
    box.selectAll()  # type: ignore[union-attr]
    QTest.keyClicks(box, text)
    person.keys("Return", box)
    assert getattr(person.state.embedding.settings[kind], name) == float(text)
    person.keys("Escape", box)
    assert not tools.options.isVisible()
    if before != kind:
        choose(person, "Components")
        person.wait(lambda: not person.window.session.tasks.alive())


def the_map_works_as_any_other(trained: Person, panel: MapPanel) -> None:
    """A click selects the image there, and the cursor gives a code."""
    shown = trained.state.value("map")
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


def another_setting_or_another_run_never_shows_an_old_embedding(trained: Person) -> None:
    bar = map_of(trained).tools.embedding
    type_setting(trained, "tsne", "iterations", "60")
    choose(trained, "t-SNE")
    trained.wait(lambda: bar.note.text == "t-SNE, 60 iterations")
    trained.wait_computed()
    first = trained.state.value("map")
    trained.click(bar.again)
    trained.wait(lambda: bar.note.text == "t-SNE, 60 iterations" and trained.state.value("map") is not first)
    trained.wait_computed()
    np.testing.assert_array_equal(trained.state.value("map").xy, first.xy)
    type_setting(trained, "tsne", "perplexity", "5")
    trained.wait(lambda: bar.note.text == "t-SNE, 60 iterations")
    trained.wait_computed()
    assert not np.allclose(trained.state.value("map").xy, first.xy)
    # Another run: until its own embedding begins the map shows its components.
    before = trained.training.run
    trained.click(trained.window.left.training.start)
    trained.wait(lambda: trained.state.snapshot is not None and trained.state.snapshot.run != before)
    shown = trained.state.results.get("map")
    assert shown is None or shown.request.snapshot.run != before


def a_stop_before_the_first_step_goes_back(trained: Person) -> None:
    bar = map_of(trained).tools.embedding
    type_setting(trained, "tsne", "iterations", "10000")
    choose(trained, "t-SNE")
    trained.wait(lambda: bar.stop.isVisible() and trained.state.embedding.live is None)
    trained.click(bar.stop)
    trained.wait(lambda: not bar.isVisible() and process_of(trained) is None)
    assert trained.state.plane.kind == "components"
    trained.wait(lambda: not trained.window.session.tasks.alive())
    assert trained.state.embedding.problem is None


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


@pytest.mark.thorough
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


@pytest.mark.thorough
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
        # One that is asked before the run's first map is there has none to be aligned with.
        return sum(request.before is not None for request, _ in maps) >= 2

    person.wait(remember)
    person.window.session.training.stop()
    person.wait_phase("ended")
    aligned, unaligned = [], []
    for (earlier, _), (request, xy) in itertools.pairwise(maps):
        if request.before is None:
            continue
        before = request.before.xy
        plain = components(request)
        aligned.append(residual(xy, before))
        unaligned.append(residual(plain, components(earlier)))
        # No rotation of the plane leaves the digits nearer to their earlier positions.
        best = residual(best_rotation(plain, before)(plain), before)
        assert aligned[-1] == pytest.approx(best, rel=0.02)
    assert len(aligned) >= 2
    assert np.mean(aligned) <= np.mean(unaligned) + 1e-6
