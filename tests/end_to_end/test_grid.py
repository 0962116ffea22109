"""The grid in the real window: filled in coarse to fine, moved, zoomed and enlarged by mouse and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.end_to_end.conftest import LONG, pixels, send_move, small

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from aestudio.gui.inference.requests.grid_request import GridImage
    from aestudio.gui.widgets.plane_view import PlaneView
    from tests.end_to_end.conftest import Person


@pytest.fixture
def trained(person: Person) -> Person:
    """A VAE with three latent dimensions, trained for two epochs, with the grid in front."""
    person.window.resize(1280, 900)
    person.window.session.recipe.choose_recipe(small(latent_size=3, epochs=2))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.window.show_panel("grid")
    person.wait_computed()
    person.wait(lambda: person.state.value("grid") is not None and panel(person).view.image is not None)
    return person


def panel(person: Person) -> Any:
    return person.window.views["latent"].panels["grid"]  # type: ignore[attr-defined]


def grid(person: Person) -> GridImage:
    return person.state.value("grid")


def at(view: PlaneView, right: float, up: float) -> QPoint:
    """A position in the view, given as shares of the sides of its window."""
    window = view.window_rect()
    from PySide6.QtCore import QPointF

    x, y = window.left() + right * window.width(), window.bottom() - up * window.height()
    return QPointF(x, y).toPoint()


def choose_side(person: Person, side: int) -> None:
    """Choose the number of cells per side in the box."""
    box = panel(person).controls.side
    index = next(i for i in range(box.count()) if box.itemText(i).startswith(str(side)))
    box.setCurrentIndex(index)
    box.activated.emit(index)
    person.wait_computed()
    person.wait(lambda: grid(person).cell_grid.count == (side, side))


def decoded(person: Person, xy: tuple[float, float]) -> np.ndarray:
    """The decoded image of a point of the grid's plane, uint8 (H, W)."""
    frozen_model = person.window.session.explore._frozen_model
    assert frozen_model is not None
    shown = grid(person)
    return frozen_model.decode(shown.plane.from_plane(np.array([xy]), shown.base))[0]


def _show_decoded_images_up_to_forty_a_side_and_for_quantiles(trained: Person) -> None:
    for side in (10, 20, 40):
        choose_side(trained, side)
        shown = grid(trained)
        assert shown.mosaic.shape == (1, 28 * side, 28 * side)
        column, row = side // 2, side // 3
        tile = shown.mosaic[:, 28 * (side - 1 - row) : 28 * (side - row), 28 * column : 28 * column + 28]
        expected = decoded(trained, shown.cell_grid.centre(column, row))
        np.testing.assert_allclose(tile.astype(int), expected.astype(int), atol=1)
    # with a prior, the cells can be spaced at its quantiles
    even = grid(trained)
    box = panel(trained).controls.spacing_box
    assert box.isEnabled()
    box.setCurrentIndex(1)
    box.activated.emit(1)
    trained.wait_computed()
    trained.wait(lambda: grid(trained).cell_grid.scales[0].spacing == "normal")
    assert not np.array_equal(even.mosaic, grid(trained).mosaic)
    trained.wait(lambda: [text for _, text in panel(trained).view._ticks[0]].count("0") == 1)


def _drag_and_press_home(trained: Person) -> None:
    view, before = panel(trained).view, grid(trained)
    code = trained.state.exploration.code
    for _ in trained.drag(view, at(view, 0.7, 0.5), at(view, 0.6, 0.5), at(view, 0.2, 0.4)):
        pass
    trained.wait_computed()
    after = grid(trained)
    assert panel(trained)._window.left == pytest.approx(0.5, abs=0.02)
    assert panel(trained)._window.bottom == pytest.approx(0.1, abs=0.02)
    assert after.cell_grid.first[0] > before.cell_grid.first[0]
    assert trained.state.exploration.code is code, "the code stays where it was"
    trained.qtbot.keyClick(view, qt_key("Home"))
    trained.wait_computed()
    trained.wait(lambda: grid(trained).cell_grid == before.cell_grid)


def qt_key(name: str) -> Any:
    from PySide6.QtCore import Qt

    return getattr(Qt.Key, f"Key_{name}")


def _enlarge_and_return(trained: Person) -> None:
    view = panel(trained).view
    choose_side(trained, 10)
    plain = pixels(view)
    trained.click(view, at(view, 0.75, 0.35))
    assert view.enlarged
    expected = grid(trained).cell_grid.centre(7, 3)
    code = trained.state.exploration.decoded_code
    assert code is not None
    np.testing.assert_allclose(grid(trained).plane.to_plane(code[None])[0], expected, atol=1e-4)
    assert f"{expected[0]:.2f}" in view.accessibleDescription()
    assert f"{expected[1]:.2f}" in view.accessibleDescription()
    large = pixels(view)
    assert (large != plain).mean() > 0.2
    trained.qtbot.keyClick(view, qt_key("Right"))
    code = trained.state.exploration.decoded_code
    assert code is not None
    np.testing.assert_allclose(
        grid(trained).plane.to_plane(code[None])[0], grid(trained).cell_grid.centre(8, 3), atol=1e-4
    )
    trained.qtbot.keyClick(view, qt_key("Escape"))
    assert not view.enlarged
    trained.click(view, at(view, 0.25, 0.85))
    trained.click(view, at(view, 0.5, 0.5))
    assert not view.enlarged, "a click goes back as well"


@pytest.mark.thorough
def test_the_grid(trained: Person) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    _drag_and_press_home(trained)
    _enlarge_and_return(trained)
    _use_keys(trained)
    _drag_with_shift(trained)
    _show_decoded_images_up_to_forty_a_side_and_for_quantiles(trained)


def _use_keys(trained: Person) -> None:
    view = panel(trained).view
    choose_side(trained, 10)
    view.setFocus()
    trained.qtbot.keyClick(view, qt_key("Right"))
    trained.qtbot.keyClick(view, qt_key("Up"))
    assert panel(trained)._window.left == pytest.approx(0.1)
    assert panel(trained)._window.bottom == pytest.approx(0.1)
    trained.qtbot.keyClick(view, qt_key("Plus"))
    assert panel(trained)._window.width == pytest.approx(0.8)
    trained.qtbot.keyClick(view, qt_key("Minus"))
    trained.qtbot.keyClick(view, qt_key("Home"))
    trained.wait_computed()
    trained.qtbot.keyClick(view, qt_key("Return"))
    assert view.enlarged
    trained.qtbot.keyClick(view, qt_key("Return"))
    assert not view.enlarged


def _drag_with_shift(trained: Person) -> None:
    from PySide6.QtCore import Qt

    view, images = panel(trained).view, set()
    window = panel(trained)._window
    left, shift = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    trained.qtbot.mousePress(view, left, shift, at(view, 0.2, 0.2))
    for share in (0.3, 0.5, 0.7, 0.9):
        send_move(view, at(view, share, share))
        image = trained.state.exploration.image
        assert image is not None
        images.add(image.tobytes())
    trained.qtbot.mouseRelease(view, left, shift, at(view, 0.9, 0.9))
    assert len(images) == 4
    assert panel(trained)._window == window
    cross = view._cross
    assert cross == pytest.approx((0.9, 0.9), abs=0.02)


@pytest.mark.slow
def test_the_grid_is_updated_during_a_training(person: Person) -> None:
    person.show("latent")
    person.window.session.recipe.choose_recipe(small(latent_size=3, epochs=LONG, batch_size=20))
    person.click(person.window.left.training.start)
    person.wait_phase("running")
    person.window.show_panel("grid")
    person.wait(lambda: person.state.value("grid") is not None)
    first = grid(person)
    person.wait(lambda: not np.array_equal(grid(person).mosaic, first.mosaic))
    view = panel(person).view
    person.wait(lambda: view.image is not None)
    for _ in person.drag(view, at(view, 0.7, 0.5), at(view, 0.3, 0.5)):
        pass
    person.wait(lambda: grid(person).cell_grid.first[0] > 0)
    assert person.training.phase == "running"
