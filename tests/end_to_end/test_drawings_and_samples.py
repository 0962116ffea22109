"""Drawings during a training, and samples from the latent space: in the real window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from aestudio.paths import runs_folder
from aestudio.runs.drawings_file import FILE, read_drawings
from tests.end_to_end.conftest import LONG, pixels, small

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tests.end_to_end.conftest import Person


@pytest.fixture
def trained(person: Person) -> Person:
    """A model with four latent dimensions after two epochs, and the Latent view in front."""
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=2))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait_computed()
    return person


def panel(person: Person, name: str) -> Any:
    """A panel under the map, brought to the front by a click on its tab."""
    panels: Any = person.window.views["latent"]
    tabs = panels.panels.tabs
    person.click(tabs, tabs.tabRect(list(panels.panels.known).index(name)).center())
    return panels.panels[name]


def draw_stroke(person: Person, pad: QWidget) -> None:
    middle, height = pad.width() // 2, pad.height()
    points = [QPoint(middle, int(height * share)) for share in (0.25, 0.4, 0.55, 0.7)]
    for _ in person.drag(pad, *points):
        pass
    person.wait(lambda: person.state.drawing is not None)


@pytest.mark.thorough
def test_a_drawing_moves_over_the_map_during_a_training_and_is_saved_with_the_run(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(latent_size=2, epochs=LONG))
    person.show("reconstruct")
    person.click(person.window.left.training.start)
    person.wait_phase("running")
    corner: Any = person.window.views["reconstruct"].corner  # type: ignore[attr-defined]
    person.wait(corner.pad.isVisible)
    draw_stroke(person, corner.pad)
    person.wait(corner.keep.isEnabled)
    person.click(corner.keep)
    person.show("latent")
    drawings = panel(person, "drawings")
    person.wait(lambda: drawings.grid.count == 1)
    view: Any = person.window.views["latent"]

    def trail() -> Any:
        trails = view.map.map.plot.trails._trails
        return trails[0].xy if trails else np.zeros((0, 2))

    person.wait(lambda: len(trail()) > 5)
    first = trail()[-1].copy()
    person.wait(lambda: len(trail()) > 5 and not np.allclose(trail()[-1], first))
    assert view.map.map.plot.trails._trails[0].ellipse is not None, "a VAE's code has a covariance"
    before = pixels(drawings.grid)
    person.wait(lambda: not np.array_equal(pixels(drawings.grid), before))
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
    run = runs_folder() / person.training.run
    person.wait(lambda: len(read_drawings(run / FILE)) == 1)
    np.testing.assert_array_equal(
        read_drawings(run / FILE)[0].image, person.state.workspace.drawings[0].image
    )


@pytest.mark.thorough
def test_samples_temperature_and_comparison_with_real_digits(trained: Person) -> None:
    samples = panel(trained, "samples")
    trained.wait(lambda: samples.nearest.count > 0)
    code = trained.state.exploration.code
    trained.click(samples.grid, samples.grid.cell_rect(7).center().toPoint())
    drawn = trained.state.value("samples")
    np.testing.assert_array_equal(trained.state.exploration.code, drawn.codes[7])  # type: ignore[arg-type]
    assert not np.array_equal(code, drawn.codes[7])  # type: ignore[arg-type]
    trained.click(samples.redraw)
    trained.wait_computed()
    assert trained.state.value("samples") is not drawn
    trained.click(samples.nearest, samples.nearest.cell_rect(1).center().toPoint())
    chosen = trained.state.selected_image
    assert chosen is not None
    assert chosen[0] is trained.state.image_sets[1], "a training digit, and every view points at it"
    trained.wait_computed()
    assert "Training image" in trained.window.right.inspector.heading.text
    trained.keys("Ctrl+Z")
    assert trained.state.message.text.startswith("Undone")


@pytest.mark.slow
def test_samples_follow_a_training(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait_phase("running")
    person.show("latent")
    samples = panel(person, "samples")
    person.wait(lambda: person.state.value("samples") is not None)
    first = person.state.value("samples")
    person.wait(lambda: person.state.value("samples") is not first)
    second = person.state.value("samples")
    np.testing.assert_array_equal(first.codes, second.codes)
    assert not np.array_equal(first.images, second.images), "the same codes through newer weights"
    assert "Pause" in samples.message.text()
    person.click(person.window.left.training.stop)
    person.wait_phase("ended")
