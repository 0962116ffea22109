"""Exploring the latent space, drawing, exporting: by mouse, on the views of the real window."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.end_to_end.conftest import LONG, pixels, small

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.views.latent.map.map_panel import MapPanel
    from tests.end_to_end.conftest import Person


@pytest.fixture
def trained(person: Person) -> Person:
    """A model with four latent dimensions, trained for two epochs, and the Latent view in front."""
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=2))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait_computed()
    person.wait(lambda: person.state.model is not None and person.state.model.ranges is not None)
    return person


def latent(person: Person) -> Any:
    return person.window.views["latent"]


def drag(person: Person, widget: QWidget, *points: QPoint) -> None:
    for _ in person.drag(widget, *points):
        pass


def at(widget: QWidget, x: float, y: float) -> QPoint:
    """A position in a widget, given as shares of its width and height."""
    from PySide6.QtCore import QPoint

    return QPoint(int(x * widget.width()), int(y * widget.height()))


def a_dragged_slider_changes_the_big_digit_on_every_move(trained: Person) -> None:
    from aestudio.gui.widgets.fine_slider import FineSlider

    explorer = latent(trained).explorer
    slider = explorer.slider_column.sliders[0]
    track = slider.findChild(FineSlider)
    positions = [at(track, share / 10, 0.5) for share in (1, 3, 5, 7, 9)]
    renderings = []
    for _ in trained.drag(track, *positions):
        renderings.append(pixels(explorer.image))
    assert len(renderings) == 4
    assert all(not np.array_equal(one, other) for one, other in itertools.pairwise(renderings))
    code = trained.state.exploration.code
    assert code is not None
    assert code[0] == pytest.approx(slider.value, abs=1e-6)
    trained.wait(lambda: "slider" in trained.window.status.numbers)


def reset_prior_and_random_digit_move_all_sliders(trained: Person) -> None:
    explorer = latent(trained).explorer
    before = trained.state.exploration.code
    trained.keys("Ctrl+P")
    assert not np.array_equal(trained.state.exploration.code, before)  # type: ignore[arg-type]
    trained.keys("Ctrl+0")
    np.testing.assert_array_equal(trained.state.exploration.code, before)  # type: ignore[arg-type]
    shown = [slider.value for slider in explorer.slider_column.sliders]
    np.testing.assert_allclose(shown, before[: len(shown)], atol=1e-6)  # type: ignore[index]
    explorer.start.setValue(17)
    trained.wait_computed()
    assert trained.state.selected == 17
    np.testing.assert_array_equal(trained.state.exploration.code, trained.state.value("inspect").code)  # type: ignore[arg-type]


def map_point(panel: MapPanel, index: int) -> QPoint:
    """The position on the plot of a point of the map."""
    from PySide6.QtCore import QPointF

    plot = panel.map.plot
    x, y = panel.map._xy[index].tolist()
    scene = plot.map_box.mapViewToScene(QPointF(x, y))
    return plot.mapFromScene(scene)


def dragging_over_the_map_decodes(trained: Person) -> None:
    trained.wait_computed()
    panel = latent(trained).map
    plot = panel.map.plot.viewport()
    image = latent(trained).explorer.image
    renderings = [pixels(image)]
    # Far from each other: after a few steps of training near codes decode to the same grey levels.
    positions = [at(plot, x, y) for x, y in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.5, 0.5))]
    trained.wait(lambda: trained.window.session.explore._own_frozen_model() is not None)
    crosses = []
    for _ in trained.drag(plot, *positions):
        renderings.append(pixels(image))
        crosses.append(panel.map.plot.cross)
    assert len(set(crosses)) == 4, "every move"
    assert len({rendering.tobytes() for rendering in renderings}) >= 4
    code = trained.state.exploration.code
    assert code is not None
    shown = trained.state.value("map")
    cross = panel.map.plot.cross
    np.testing.assert_allclose(shown.plane.to_plane(code[None])[0], cross, atol=1e-4)


def a_clicked_point_is_the_selected_digit_everywhere(trained: Person) -> None:
    panel = latent(trained).map
    clicked = map_point(panel, 23)
    trained.click(panel.map.plot.viewport(), clicked)
    trained.wait_computed()
    chosen = trained.state.selected
    beside = map_point(panel, chosen) - clicked
    assert beside.manhattanLength() <= 2, "the point itself, or one in the same pixels"
    assert latent(trained).explorer.start.value() == chosen
    heading = trained.window.right.inspector.heading.text
    assert f"Test image {chosen}," in heading
    assert trained.state.value("inspect").index == chosen
    trained.show("reconstruct")
    trained.wait(lambda: _indices(trained, "enlarged") == [chosen])


def _indices(person: Person, channel: str) -> list[int]:
    value = person.state.value(channel)
    return [] if value is None else value.indices.tolist()


def hovering_a_point_shows_it_in_the_inspector(trained: Person) -> None:
    panel = latent(trained).map
    position = map_point(panel, 40)
    trained.qtbot.mouseMove(panel.map.plot.viewport(), position)
    trained.wait(lambda: trained.state.hovered >= 0)
    index = trained.state.hovered
    trained.wait(lambda: f"Test image {index}," in trained.window.right.inspector.heading.text)


def choosing_other_axes_changes_the_map(trained: Person) -> None:
    panel = latent(trained).map
    first = trained.state.value("map")
    panel.tools.kind.setFocus()
    panel.tools.kind.setCurrentIndex(0)
    panel.tools.kind.activated.emit(0)
    trained.wait_computed()
    second = trained.state.value("map")
    assert trained.state.plane.kind == "dimensions"
    assert not np.array_equal(first.xy, second.xy)


def an_interpolation_plays_and_moves_over_the_map(trained: Person) -> None:
    view = latent(trained)
    trained.click(view.panels.tabs, view.panels.tabs.tabRect(1).center())
    interpolation = view.panels["interpolation"]
    trained.wait(lambda: interpolation.animation is not None)
    trained.wait_computed()
    renderings = {pixels(view.explorer.image).tobytes()}
    trained.click(interpolation.play)
    trained.wait(lambda: interpolation.scrubber.value() > 5)
    renderings.add(pixels(view.explorer.image).tobytes())
    trained.wait(lambda: interpolation.scrubber.value() > 12)
    renderings.add(pixels(view.explorer.image).tobytes())
    assert len(renderings) == 3
    trained.click(interpolation.play)
    stopped = interpolation.scrubber.value()
    trained.live(150)
    assert interpolation.scrubber.value() == stopped
    drag(
        trained,
        interpolation.scrubber,
        at(interpolation.scrubber, 0.2, 0.5),
        at(interpolation.scrubber, 0.99, 0.5),
    )
    trained.click(view.panels.tabs, view.panels.tabs.tabRect(0).center())


def a_drawn_digit_is_reconstructed(trained: Person) -> None:
    trained.show("reconstruct")
    trained.wait_computed()
    view: Any = trained.window.views["reconstruct"]
    pad = view.corner.pad
    empty = pixels(view.corner.reconstruction)
    rect = pad.pad_rect().toRect()
    x, top, bottom = rect.center().x(), rect.top() + rect.height() // 5, rect.bottom() - rect.height() // 5
    from PySide6.QtCore import QPoint

    drag(trained, pad, *(QPoint(x, y) for y in range(top, bottom, 6)))
    trained.wait(lambda: trained.state.value("drawn") is not None)
    trained.wait_computed()
    drawn = trained.state.value("drawn")
    rows = np.flatnonzero(drawn.image[0].any(axis=1))
    assert 18 <= rows[-1] - rows[0] + 1 <= 20, "normalised as MNIST is: 20 pixels high"
    assert drawn.triple is not None
    trained.wait(lambda: not np.array_equal(pixels(view.corner.reconstruction), empty))
    trained.click(view.corner.clear)
    trained.wait(lambda: trained.state.drawing is None)
    trained.wait(lambda: np.array_equal(pixels(view.corner.reconstruction), empty))


def codes_are_exported_to_a_file(trained: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtWidgets import QFileDialog

    target = tmp_path / "features.npz"
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: dialog.fileSelected.emit(str(target)))
    trained.show("features")
    view: Any = trained.window.views["features"]
    trained.click(view.export.button)
    trained.wait(lambda: target.exists() and "export" not in trained.state.tasks)
    with np.load(target) as file:
        assert file["codes"].shape == (120, 4)
        np.testing.assert_array_equal(file["labels"], trained.state.image_set.labels)  # type: ignore[union-attr]
    assert "120" in trained.state.message.text


def test_exploring_a_trained_model(trained: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    reset_prior_and_random_digit_move_all_sliders(trained)
    a_dragged_slider_changes_the_big_digit_on_every_move(trained)
    dragging_over_the_map_decodes(trained)
    a_clicked_point_is_the_selected_digit_everywhere(trained)
    trained.show("latent")
    trained.wait_computed()
    hovering_a_point_shows_it_in_the_inspector(trained)
    an_interpolation_plays_and_moves_over_the_map(trained)
    choosing_other_axes_changes_the_map(trained)
    a_drawn_digit_is_reconstructed(trained)
    codes_are_exported_to_a_file(trained, tmp_path, monkeypatch)


@pytest.mark.thorough
def test_exploring_during_a_training(person: Person) -> None:
    """The reconstruction changes while the model learns, and follows the slider."""
    person.show("latent")
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=LONG, batch_size=20))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.phase == "running" and person.state.exploration.image is not None)
    person.wait(lambda: latent(person).explorer.sliders.count == 4)
    image = latent(person).explorer.image
    before = pixels(image)
    person.wait(lambda: not np.array_equal(before, pixels(image)))
    first = person.state.value("map")
    person.wait(lambda: person.state.value("map") not in (None, first))


def shipped(name: str) -> bool:
    from aestudio.runs.index import shipped_models

    return name in [run.name for run in shipped_models()]


def test_sliders_work_on_a_first_start_without_data_and_network(
    open_window: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was downloaded or trained; the data set never comes; the shipped model is there."""
    from aestudio.errors import StudioError

    if not shipped("conv-vae-2d"):
        pytest.skip("resources/models has no conv-vae-2d yet")

    def unreachable(*_: object, **__: object) -> None:
        raise StudioError("The server cannot be reached", where="example.org", advice="Try again.")

    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", unreachable)
    person = open_window("auto")
    person.wait(lambda: person.state.exploration.image is not None)
    assert person.state.data.dataset is None
    assert person.state.model is not None
    assert person.state.model.origin == "shipped"
    assert person.window.view.name == "latent"
    person.wait(lambda: person.state.value("map") is not None)
    explorer = latent(person).explorer
    before = pixels(explorer.image)
    from aestudio.gui.widgets.fine_slider import FineSlider

    for slider in explorer.slider_column.sliders:
        track = slider.findChild(FineSlider)
        drag(person, track, at(track, 0.5, 0.5), at(track, 0.9, 0.5))
    assert not np.array_equal(before, pixels(explorer.image))
    assert person.state.exploration.image.max() > 200  # type: ignore[union-attr]
