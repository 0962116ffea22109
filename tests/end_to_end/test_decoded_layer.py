"""The decoded images under the points of a map, through the real window: one plane, one model, one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from tests.end_to_end.conftest import LONG, pixels, small

if TYPE_CHECKING:
    from aestudio.gui.inference.requests.grid_request import DecodedPlane, GridImage
    from aestudio.gui.views.latent.map.map_panel import MapPanel
    from tests.end_to_end.conftest import Person

CHANNEL = "decoded plane"


def panel(person: Person) -> MapPanel:
    latent: Any = person.window.views["latent"]
    return latent.map


def train(person: Person, name: str = "vae", **settings: object) -> None:
    person.window.session.recipe.choose_recipe(small(name, **settings))
    person.window.session.training.toggle()
    person.wait_phase("ended")


def drawn(person: Person) -> bool:
    return panel(person).map.plot.decoded.images is not None


@pytest.fixture
def mapped(person: Person) -> Person:
    """A VAE with two latent dimensions, trained for two epochs, and its map in front."""
    train(person, latent_size=2, epochs=2)
    person.show("latent")
    person.wait(lambda: drawn(person))
    person.wait_computed()
    person.wait(lambda: drawn(person))
    return person


def settle(person: Person) -> None:
    """Wait until the visible part of the map rests and its images are decoded."""
    latent: Any = person.window.views["latent"]
    resting = latent.decoded_layer._visible._rest_timer
    person.settle()  # the view of the map follows from its layout
    person.wait(lambda: not resting.isActive())
    person.wait_computed()


def result(person: Person) -> tuple[DecodedPlane, GridImage]:
    found = person.state.results[CHANNEL]
    return found.request, found.value


def each_image_is_what_the_model_decodes_at_its_place(person: Person) -> None:
    """The layer against the model itself: the image at a place of the plane is that of the code there."""
    from aestudio.inference.frozen_model import FrozenModel

    request, grid = result(person)
    images = panel(person).map.plot.decoded.images
    shown, snapshot = person.state.value("map"), person.state.snapshot
    assert images is not None
    assert snapshot is not None
    assert request.snapshot is person.state.results["map"].request.snapshot
    x0, x1, y0, y1 = images.rect
    (columns, rows), mosaic = grid.cell_grid.count, images.mosaic
    codes, tiles = [], []
    for column, row in ((0, 0), (columns // 2, rows // 3), (columns - 1, rows - 1)):
        x = x0 + (column + 0.5) * (x1 - x0) / columns
        y = y1 - (row + 0.5) * (y1 - y0) / rows  # the top row first
        codes.append(shown.plane.from_plane(np.array([[x, y]]), np.zeros(2, np.float32))[0])
        tiles.append(mosaic[:, row * 28 : row * 28 + 28, column * 28 : column * 28 + 28])
    decoded = FrozenModel(snapshot).decode(np.stack(codes))
    # Codes differ in the last bit, and so a rounded grey level may.
    assert np.abs(np.stack(tiles).astype(int) - decoded.astype(int)).max() <= 1


def it_covers_the_view_after_zooming_and_panning(person: Person) -> None:
    plot = panel(person).map.plot
    for move in (
        lambda: plot.map_box.scaleBy((0.3, 0.3)),
        lambda: plot.map_box.translateBy(x=0.4, y=-0.2),
        plot.fit,
    ):
        move()
        settle(person)
        images, view = plot.decoded.images, plot.map_box.viewRect()
        assert images is not None
        x0, x1, y0, y1 = images.rect
        assert x0 <= view.left() + 1e-6 < view.right() <= x1 + 1e-6
        assert y0 <= view.top() + 1e-6 < view.bottom() <= y1 + 1e-6
        assert x1 - x0 < 3 * view.width()
        each_image_is_what_the_model_decodes_at_its_place(person)


def it_is_switched_in_the_options_and_remembered(person: Person) -> None:
    tools = panel(person).tools
    before = pixels(panel(person).map.plot)
    person.click(tools.options_button)
    assert tools.options.decoded.isChecked()
    tools.options.decoded.setFocus()
    person.keys("Space", tools.options.decoded)
    person.wait(lambda: not drawn(person))
    person.keys("Escape", tools.options.decoded)
    assert np.abs(pixels(panel(person).map.plot).astype(int) - before).mean() > 1
    person.show("train")
    person.show("latent")
    person.wait_computed()
    assert not drawn(person)
    assert CHANNEL not in person.state.pending
    person.click(tools.options_button)
    person.click(tools.options.decoded, tools.options.decoded.rect().center())
    person.keys("Escape", tools.options.decoded)
    person.wait(lambda: drawn(person))


def points_step_back(person: Person) -> None:
    tools, cloud = panel(person).tools, panel(person).map.plot.cloud
    person.click(tools.options_button)
    tools.options.points.setFocus()
    person.keys("Down", tools.options.points)
    assert cloud._strength < 1
    person.keys("Down", tools.options.points)
    assert len(cloud._xy) == 0
    person.keys("Up", tools.options.points)
    person.keys("Up", tools.options.points)
    assert (cloud._strength, len(cloud._xy)) == (1.0, 120)
    person.keys("Escape", tools.options.points)


def the_grid_panel_has_the_controls_and_no_second_picture(person: Person) -> None:
    """The plane is decoded once: under the points, or in the panel, as the user chooses."""
    person.window.show_panel("grid")
    settle(person)
    latent: Any = person.window.views["latent"]
    grid = latent.panels["grid"]
    controls = grid.controls
    assert "grid" not in person.state.results
    assert (grid.view.isVisible(), grid.on_map.isVisible(), drawn(person)) == (False, True, True)
    assert controls.on_map.isChecked()
    before = result(person)[1].cell_grid.count
    for across in (40, 10):
        choose(controls.side, across)
        settle(person)
        person.wait(lambda across=across: abs(min(result(person)[1].cell_grid.count) - across) <= 2)
        each_image_is_what_the_model_decodes_at_its_place(person)
    choose(controls.points, "hidden")
    assert len(panel(person).map.plot.cloud._xy) == 0
    choose(controls.points, "full")
    choose(controls.side, 0)
    person.wait(lambda: result(person)[1].cell_grid.count == before)

    person.click(controls.on_map, QPoint(8, controls.on_map.height() // 2))
    person.wait(lambda: person.state.value("grid") is not None and grid.view.image is not None)
    assert (grid.view.isVisible(), grid.on_map.isVisible(), drawn(person)) == (True, False, False)
    assert all(request.channel != CHANNEL for request in latent.requests(person.state))
    person.click(controls.on_map, QPoint(8, controls.on_map.height() // 2))
    person.wait(lambda: drawn(person))
    assert not grid.view.isVisible()
    assert all(request.channel != "grid" for request in latent.requests(person.state))

    choose(controls.spacing_box, "normal")
    person.wait(grid.view.isVisible)  # the map cannot have this one
    person.wait(lambda: person.state.value("grid").cell_grid.scales[0].spacing == "normal")
    assert drawn(person)
    choose(controls.spacing_box, "even")
    person.wait(lambda: not grid.view.isVisible())
    latent.panels.drawer.set_open(False)
    settle(person)


def choose(box: Any, value: object) -> None:
    """Choose an entry as the user does."""
    index = next(index for index in range(box.count()) if box.itemData(index) == value)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def components_are_another_plane(person: Person) -> None:
    """At no moment are images of the old plane under the axes of the new one."""
    kind = panel(person).tools.kind
    kind.setFocus()
    person.keys("Down", kind)
    person.wait(lambda: person.state.plane.kind == "components")

    def consistent() -> bool:
        found = person.state.results.get(CHANNEL)
        if drawn(person):
            assert found is not None
            assert found.request.plane.titles == person.state.value("map").plane.titles
        return drawn(person) and found is not None and found.request.plane.titles[0].startswith("PC")

    person.wait(consistent)
    settle(person)
    each_image_is_what_the_model_decodes_at_its_place(person)
    person.keys("Up", kind)
    person.wait(lambda: person.state.plane.kind == "dimensions")
    settle(person)


def another_run_has_none_of_these(person: Person) -> None:
    """From the first frame of another run on, the images of the old one are gone."""
    old = panel(person).map.plot.decoded.images
    seen = []

    def watch() -> None:
        snapshot, images = person.state.snapshot, panel(person).map.plot.decoded.images
        if images is not None and snapshot is not None:
            seen.append((snapshot.run_key, person.state.results[CHANNEL].request.snapshot.run_key))

    person.window.session.changed.connect(watch)
    person.window.session.recipe.choose_recipe(small(latent_size=2, epochs=LONG))
    person.window.session.training.toggle()
    person.wait_phase("running")
    person.wait(lambda: drawn(person) and panel(person).map.plot.decoded.images is not old)
    assert seen
    assert all(shown == decoded for shown, decoded in seen)
    first = result(person)[0].snapshot.step
    person.wait(lambda: person.state.value(CHANNEL) is not None and result(person)[0].snapshot.step > first)
    mark = panel(person).mark
    assert mark is not None
    assert CHANNEL in mark.channels
    person.window.session.training.stop()
    person.wait_phase("ended")
    settle(person)
    person.wait(lambda: result(person)[0].snapshot is person.state.snapshot)
    each_image_is_what_the_model_decodes_at_its_place(person)


def longer_codes_have_none(person: Person) -> None:
    train(person, latent_size=5, epochs=1)
    person.wait(lambda: person.state.value("map") is not None and person.state.value("map").plane.size == 5)
    person.wait_computed()
    assert not drawn(person)
    assert "5 numbers" in panel(person).tools.options.decoded.toolTip()
    assert person.state.map_choice.decoded, "the choice stays for the next two-dimensional model"


@pytest.mark.thorough
def test_decoded_images_under_the_points(mapped: Person) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    each_image_is_what_the_model_decodes_at_its_place(mapped)
    it_covers_the_view_after_zooming_and_panning(mapped)
    it_is_switched_in_the_options_and_remembered(mapped)
    points_step_back(mapped)
    the_grid_panel_has_the_controls_and_no_second_picture(mapped)
    components_are_another_plane(mapped)
    another_run_has_none_of_these(mapped)
    longer_codes_have_none(mapped)
