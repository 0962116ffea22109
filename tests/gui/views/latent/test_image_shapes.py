"""The Latent view and its panels with digits, with colour 32x32, and with grey images 20 wide, 28 high."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aestudio.datasets.image_shape import size_text
from aestudio.gui.state.model_shape import shown_shape
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.state.workspace import Example
from aestudio.gui.views.latent.interpolation.animation_export import AnimationDialog
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.gui.views.latent.map.drawing_trails import drawing_trails
from aestudio.gui.views.latent.map.map_content import images_of
from aestudio.gui.widgets.pixmap import array_of
from aestudio.runs.drawings_file import Drawing
from tests.images import dataset_named

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.views.view import View

WAIT = 20_000
OTHER = {(1, 28, 28): (3, 32, 32), (3, 32, 32): (1, 28, 28), (1, 28, 20): (1, 28, 28)}


@pytest.fixture
def view(shaped_session: Session, show_view: Callable[[type[View]], Any], qtbot: QtBot) -> LatentView:
    shown = show_view(LatentView)
    qtbot.waitUntil(lambda: shaped_session.state.value("map") is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: shaped_session.state.exploration.image is not None, timeout=WAIT)
    return shown


def shape_of(session: Session) -> tuple[int, int, int]:
    return shown_shape(session.state).array


def in_colour(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """An image (C, H, W) as (H, W, 3), as it is on the screen."""
    return np.broadcast_to(np.moveaxis(image, 0, -1), (*image.shape[1:], 3))


def painted(widget: QWidget, x: int, y: int, width: int, height: int) -> NDArray[np.uint8]:
    """What a widget shows in this rectangle, (height, width, 3)."""
    return array_of(widget.grab().toImage())[y : y + height, x : x + width]


def test_explorer_and_map_show_the_image_in_its_shape(
    view: LatentView, shaped_session: Session, qtbot: QtBot
) -> None:
    shape, state = shape_of(shaped_session), shaped_session.state
    assert state.exploration.image is not None
    assert state.exploration.image.shape == shape
    area = view.explorer.image.image_rect().toRect()
    assert area.width() * shape[1] == area.height() * shape[2], "the proportions of the image"
    scale = area.width() // shape[2]
    seen = painted(view.explorer.image, area.x(), area.y(), area.width(), area.height())
    np.testing.assert_array_equal(seen[::scale, ::scale], in_colour(state.exploration.image))
    assert state.data.dataset is not None
    on_map = images_of(state)(np.array([0, len(state.data.dataset.test) + 2]))
    np.testing.assert_array_equal(on_map[0], state.data.dataset.test.images[0])
    np.testing.assert_array_equal(on_map[1], state.data.dataset.train.images[2])
    shaped_session.explore.hover(3)
    view.map.details.hover(3)
    qtbot.waitUntil(lambda: shaped_session.state.value("hovered") is not None, timeout=WAIT)
    view.map.details.hover(3)
    card = view.map.details.card
    pixmap = card.image.pixmap()
    assert pixmap.width() * shape[1] == pixmap.height() * shape[2]
    times = pixmap.width() // shape[2]
    expected = in_colour(state.data.dataset.test.images[3])
    np.testing.assert_array_equal(array_of(pixmap.toImage())[::times, ::times], expected)
    assert card.reconstruction.pixmap().size() == pixmap.size()


def test_the_grid_has_tiles_in_the_proportions_of_the_image(
    view: LatentView, shaped_session: Session, qtbot: QtBot
) -> None:
    channels, height, width = shape_of(shaped_session)
    view.panels.show_page("grid")
    panel = view.panels["grid"]
    qtbot.waitUntil(lambda: panel.view.image is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: not shaped_session.state.pending, timeout=WAIT)
    grid = shaped_session.state.value("grid")
    columns, rows = grid.cell_grid.count
    assert grid.mosaic.shape == (channels, rows * height, columns * width)
    area = panel.view.window_rect()
    assert area.width() * height == pytest.approx(area.height() * width, rel=0.05)
    panel._choose(0.5, 0.5)
    assert panel.view.enlarged
    decoded = shaped_session.state.exploration.decoded_code
    x, y = grid.plane.to_plane(decoded[None])[0]
    column, row = grid.cell_grid.cell_at(float(x), float(y))
    column, down = column - grid.cell_grid.first[0], rows - 1 - (row - grid.cell_grid.first[1])
    tile = grid.mosaic[:, down * height : (down + 1) * height, column * width : (column + 1) * width]
    np.testing.assert_allclose(shaped_session.state.exploration.image.astype(int), tile.astype(int), atol=2)


def test_samples_and_the_nearest_images(view: LatentView, shaped_session: Session, qtbot: QtBot) -> None:
    view.panels.show_page("samples")
    panel = view.panels.front
    qtbot.waitUntil(lambda: panel.nearest.count > 0, timeout=WAIT)
    assert panel.grid.image_size == panel.nearest.image_size == shape_of(shaped_session)[1:]


def test_interpolation_through_a_drawing_and_its_export(
    view: LatentView, shaped_session: Session, qtbot: QtBot
) -> None:
    shape = shape_of(shaped_session)
    assert shaped_session.state.image_set is not None
    own = Example("own", image=shaped_session.state.image_set.images[5])
    other = Example("other", image=np.full(OTHER[shape], 200, np.uint8))
    shaped_session.workspace.set_keyframes((Example("first", number=0), other, own))
    view.panels.show_page("interpolation")
    panel = view.panels.front
    qtbot.waitUntil(lambda: panel.animation is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: panel.frames.count > 0, timeout=WAIT)
    assert panel.animation.keyframes == (shaped_session.state.workspace.keyframes[0], own), (
        "the drawing of another shape is kept, and not used"
    )
    assert panel.frames.image_size == shape[1:]
    unused = [cell.unused for cell in panel.keyframes.row.cells]
    assert [bool(text) for text in unused] == [False, True, False]
    assert ("32 × 32 in colour" if OTHER[shape][0] == 3 else "28 × 28") in unused[1]
    assert panel._frames_to_export(True).shape[1:] == shape
    panel.keyframes._go_to(2)
    np.testing.assert_allclose(shaped_session.state.exploration.code, panel.animation.codes[-1], atol=1e-6)
    dialog = AnimationDialog(60, 10, shape)
    qtbot.addWidget(dialog)
    assert dialog.size_box.itemText(0) == size_text(4 * shape[1], 4 * shape[2])
    assert ("256" in dialog.kind.toolTip()) is (shape[0] == 3)


def test_attribute_vectors(view: LatentView, shaped_session: Session, qtbot: QtBot) -> None:
    shape = shape_of(shaped_session)
    other = Example("other", image=np.full(OTHER[shape], 200, np.uint8))
    first, second, mean = Example("1", number=0), Example("2", number=1), Example("class", label=0)
    shaped_session.workspace.set_groups((first, other), (second, mean))
    shaped_session.workspace.set_term(0, first)
    shaped_session.workspace.set_term(1, mean)
    shaped_session.workspace.set_term(2, other)
    view.panels.show_page("attributes" if "attributes" in view.panels.known else "attribute vectors")
    panel = view.panels.front
    qtbot.waitUntil(lambda: panel.groups.preview.count == 3, timeout=WAIT)
    assert panel.groups.preview.image_size == shape[1:]
    assert [cell.unused != "" for cell in panel.groups.rows[0].cells] == [False, True]
    assert shaped_session.state.results["difference"].request.a == (first,)
    panel.show_page(1)
    qtbot.waitUntil(lambda: shaped_session.state.value("combination") is not None, timeout=WAIT)
    assert shaped_session.state.value("combination").code is None, "c is of another shape"
    shaped_session.workspace.set_term(2, second)
    qtbot.waitUntil(lambda: panel.analogy.bookmark.isEnabled(), timeout=WAIT)
    panel.analogy._bookmark()
    assert shaped_session.state.workspace.bookmarks[-1].image.shape == shape
    panel.show_page(2)
    qtbot.waitUntil(lambda: panel.classes.grid.count > 0, timeout=WAIT)
    assert panel.classes.grid.image_size == shape[1:]


def test_drawings_of_the_shape_are_used_and_others_are_kept_and_dimmed(
    view: LatentView, shaped_session: Session, qtbot: QtBot
) -> None:
    shape = shape_of(shaped_session)
    session = shaped_session
    session.workspace.keep_drawing(np.full(OTHER[shape], 200, np.uint8), "other")
    view.panels.show_page("drawings")
    panel = view.panels.front
    pad = panel.pad.pad_rect()
    assert pad.width() * shape[1] == pytest.approx(pad.height() * shape[2], rel=0.05)
    x, y = int(pad.center().x()), int(pad.top())
    qtbot.mousePress(panel.pad, Qt.MouseButton.LeftButton, pos=QPoint(x, y + 20))
    qtbot.mouseMove(panel.pad, QPoint(x, y + 60))
    qtbot.mouseRelease(panel.pad, Qt.MouseButton.LeftButton, pos=QPoint(x, y + 60))
    qtbot.waitUntil(lambda: session.state.drawing is not None)
    assert session.state.drawing.shape == shape
    panel._keep()
    _, own = session.state.workspace.drawings
    qtbot.waitUntil(lambda: session.state.value("drawings") is not None, timeout=WAIT)
    assert session.state.results["drawings"].request.drawings == (own,)
    qtbot.waitUntil(lambda: panel.grid.count == 2, timeout=WAIT)
    assert panel.grid.image_size == shape[1:]
    assert "1 of other sizes" in panel.message.text()
    for width in (1200, 700):
        view.resize(width, 700)
        text = panel.message
        assert text.height() >= text.heightForWidth(text.width()), "no line of it is cut"
    panel._hovered(0)
    size = "32 × 32 in colour" if OTHER[shape][0] == 3 else "28 × 28"
    assert f"Made for images of {size}" in panel.grid.toolTip()
    panel._hovered(1)
    assert "Made for" not in panel.grid.toolTip()
    before = session.state.exploration.code
    panel._go_to(0)
    assert session.state.exploration.code is before, "the other drawing has no code here"
    panel._go_to(1)
    np.testing.assert_array_equal(session.state.exploration.code, session.state.value("drawings").codes[0])
    pixels = panel.grid._pixels[:, 0]  # (cells, H, W)
    assert int((pixels[0] & 0xFF).max()) == 70, "200, dimmed to a third"


def test_a_bookmark_of_another_shape_is_dimmed_and_not_visited(
    view: LatentView, shaped_session: Session
) -> None:
    session, shape = shaped_session, shape_of(shaped_session)
    code = np.full(6, 0.25, np.float32)
    session.workspace.add_bookmark("own", code, np.zeros(shape, np.uint8))
    session.workspace.add_bookmark("other", 2 * code, np.zeros(OTHER[shape], np.uint8))
    view.panels.show_page("interpolation")
    cells = view.panels.front.bookmarks.row.cells
    assert [bool(cell.unused) for cell in cells] == [False, True]
    session.workspace.go_to_bookmark(1)
    assert "another size" in session.state.message.text
    assert not np.array_equal(session.state.exploration.code, 2 * code)
    session.workspace.go_to_bookmark(0)
    np.testing.assert_array_equal(session.state.exploration.code, code)
    menu = view.panels.front.keyframes.add
    menu.fill()
    actions = {action.text(): action for action in menu._menu.actions()[-1].menu().actions()}
    assert actions["own"].isEnabled()
    assert not actions["other"].isEnabled()


def test_a_drawing_goes_when_a_model_of_another_shape_comes(
    view: LatentView, shaped_session: Session
) -> None:
    del view
    shaped_session.explore.draw(np.full((280, 280), 200, np.uint8))
    drawing = shaped_session.state.drawing
    assert drawing is not None
    assert drawing.shape == shape_of(shaped_session)
    shaped_session.update(drawing=np.zeros(OTHER[drawing.shape], np.uint8))  # as made for the model before
    assert shaped_session.state.drawing is None


def test_the_trail_of_a_drawing_ends_at_its_image(
    view: LatentView, shaped_session: Session, qtbot: QtBot
) -> None:
    image = shaped_session.state.image_set.images[4]
    own = Drawing("own", image)
    shaped_session.workspace.change("", drawings=(own,))
    qtbot.waitUntil(lambda: shaped_session.state.value("drawings") is not None, timeout=WAIT)
    other = Drawing("other", np.zeros(OTHER[image.shape], np.uint8))
    shaped_session.update(workspace=replace(shaped_session.state.workspace, drawings=(own, other)))
    (trail,) = drawing_trails(shaped_session.state)
    np.testing.assert_allclose(trail.xy[-1], shaped_session.state.value("map").xy[4], atol=1e-3)


def test_images_that_the_model_does_not_take_are_named_on_the_map(
    view: LatentView, shaped_session: Session, few_digits: Dataset, qtbot: QtBot
) -> None:
    shape = shape_of(shaped_session)
    other = dataset_named("digits" if shape[0] == 3 else "colour 32x32", few_digits)
    shaped_session.update(data=DataState(other.name, "ready", dataset=other))
    taken, loaded = (str(shape) for shape in (shown_shape(shaped_session.state), other.shape.image))
    sentence = f"takes images of {taken}, and those of the data set are {loaded}."
    assert sentence in view.map.map.plot._empty.text()
    qtbot.waitUntil(lambda: not shaped_session.state.pending, timeout=WAIT)
    assert sentence in view.map.map.plot._empty.text()
    shaped_session.explore.move_to(np.ones(6, np.float32))
    assert shaped_session.state.exploration.image is not None, "its codes are decoded nevertheless"
    assert shaped_session.state.exploration.image.shape == shape
