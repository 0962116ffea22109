"""The grid of images: painting, mouse, keyboard and setters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.pixmap import array_of
from tests.gui.widgets.conftest import SHAPES, as_painted, random_images

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def grid(qtbot: QtBot, noise: NDArray[np.uint8]) -> ImageGrid:
    widget = ImageGrid()
    qtbot.addWidget(widget)
    widget.resize(640, 480)
    widget.set_images(noise)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def tile(grid: ImageGrid, index: int, scale: int = 1) -> NDArray[np.uint8]:
    """One cell as painted, every `scale`-th pixel."""
    area = grid.cell_rect(index).toRect()
    return array_of(grid.grab(area).toImage())[::scale, ::scale]


def middle(grid: ImageGrid, index: int) -> QPoint:
    return grid.cell_rect(index).center().toPoint()


def test_each_image_is_painted_in_whole_pixels(grid: ImageGrid, noise: NDArray[np.uint8]) -> None:
    scale = int(grid.cell_rect(0).width()) // 28
    assert scale >= 4
    for index in (0, 5, 11):
        assert np.array_equal(tile(grid, index, scale)[..., 0], noise[index, 0])
        whole = tile(grid, index)[..., 1]
        assert np.array_equal(whole, np.kron(noise[index, 0], np.ones((scale, scale), np.uint8)))


def test_the_images_of_a_cell_are_side_by_side(grid: ImageGrid, noise: NDArray[np.uint8]) -> None:
    colour = np.random.default_rng(4).integers(0, 256, (12, 1, 3, 28, 28), dtype=np.uint8)
    grid.set_cells(np.stack([noise, noise[::-1]], axis=1), colour)
    area = grid.cell_rect(7)
    scale = int(area.height()) // 28
    cell = tile(grid, 7)
    side = 28 * scale
    assert np.array_equal(cell[::scale, :side:scale, 0], noise[7, 0])
    assert np.array_equal(cell[::scale, -side::scale], colour[7, 0].transpose(1, 2, 0))


class Painted(ImageGrid):
    """Records the sizes of the painted areas."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[tuple[int, int]] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.areas.append((event.rect().width(), event.rect().height()))
        super().paintEvent(event)


def test_only_what_changed_is_repainted(qtbot: QtBot, noise: NDArray[np.uint8]) -> None:
    grid = Painted()
    qtbot.addWidget(grid)
    grid.resize(640, 480)
    grid.set_images(noise)
    with qtbot.waitExposed(grid):
        grid.show()
    grid.areas.clear()
    changed = noise.copy()
    changed[4] = 255 - changed[4]
    grid.set_images(changed)
    qtbot.waitUntil(lambda: bool(grid.areas))
    assert all(width < 320 and height < 320 for width, height in grid.areas)
    scale = int(grid.cell_rect(4).width()) // 28
    assert np.array_equal(tile(grid, 4, scale)[..., 0], changed[4, 0])


def test_click_hover_and_leave(qtbot: QtBot, grid: ImageGrid) -> None:
    received: list[tuple[str, int]] = []
    grid.clicked.connect(lambda index: received.append(("clicked", index)))
    grid.hovered.connect(lambda index: received.append(("hovered", index)))
    grid.selected_changed.connect(lambda index: received.append(("selected", index)))
    qtbot.mouseMove(grid, middle(grid, 2))
    qtbot.mouseMove(grid, middle(grid, 2) + QPoint(3, 3))
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 6))
    assert ("clicked", 6) in received
    assert ("selected", 6) in received
    assert received.count(("hovered", 2)) == 1
    grid.leaveEvent(QEvent(QEvent.Type.Leave))
    assert received[-1] == ("hovered", -1)
    assert grid.selected == 6


def test_a_click_between_the_cells_has_no_effect(qtbot: QtBot, grid: ImageGrid) -> None:
    gap = grid.cell_rect(0).topRight().toPoint() + QPoint(4, 10)
    with qtbot.assertNotEmitted(grid.clicked):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=gap)


def test_arrow_keys_move_the_selection(qtbot: QtBot, grid: ImageGrid) -> None:
    grid.setFocus()
    columns = sum(grid.cell_rect(i).top() == grid.cell_rect(0).top() for i in range(12))
    grid.set_selected(0)
    for key, expected in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 1 + columns),
        (Qt.Key.Key_Left, columns),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, 11),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(grid, key)
        assert grid.selected == expected
    with qtbot.waitSignal(grid.activated) as caught:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert caught.args == [0]


def test_setters_emit_no_signal(qtbot: QtBot, grid: ImageGrid, noise: NDArray[np.uint8]) -> None:
    with qtbot.assertNotEmitted(grid.selected_changed), qtbot.assertNotEmitted(grid.hovered):
        grid.set_selected(3)
        grid.set_images(noise[:5])
        grid.set_captions(["a"] * 5)
    assert grid.selected == 3
    grid.set_images(noise[:2])
    assert grid.selected == -1


def test_captions_are_painted_and_accessible(grid: ImageGrid, noise: NDArray[np.uint8]) -> None:
    grid.set_captions([f"{index}.5 nats" for index in range(12)])
    below = grid.cell_rect(3).toRect()
    below.moveTop(below.bottom() + 2)
    below.setHeight(20)
    assert array_of(grid.grab(below).toImage()).std() > 5
    grid.set_selected(3)
    assert grid.accessibleDescription() == "3.5 nats"
    scale = int(grid.cell_rect(3).width()) // 28
    assert np.array_equal(tile(grid, 3, scale)[..., 0], noise[3, 0])


def test_the_ring_has_the_new_themes_accent(qtbot: QtBot, qapp: QApplication, grid: ImageGrid) -> None:
    grid.set_selected(0)
    grid.setFocus()
    corner = grid.cell_rect(0).topLeft().toPoint() + QPoint(20, -3)
    for theme in (DARK, LIGHT):
        apply_theme(qapp, theme)
        assert grid.grab().toImage().pixelColor(corner).name() == theme.accent.lower()
    apply_theme(qapp, DARK)


def test_thirty_thousand_setter_calls_and_an_empty_grid(grid: ImageGrid, noise: NDArray[np.uint8]) -> None:
    few = noise[:1]
    for number in range(30_000):
        grid.set_selected(number % 2 - 1)
        if number % 10 == 0:
            grid.set_images(few)
    grid.set_images(noise[:0])
    assert grid.count == 0
    assert not grid.grab().isNull()
    assert grid.capacity(2) > 40


def test_captions_are_painted_without_characters_that_turn_them_round(
    grid: ImageGrid, noise: NDArray[np.uint8]
) -> None:
    grid.set_captions(["\u202eturned\a\nname"] * 12)
    hostile = grid.grab().toImage()
    grid.set_captions(["turned name"] * 12)
    assert np.array_equal(array_of(hostile), array_of(grid.grab().toImage()))


@pytest.mark.parametrize("shape", SHAPES)
def test_images_of_any_shape_are_painted_in_whole_pixels(
    grid: ImageGrid, shape: tuple[int, int, int]
) -> None:
    images = random_images(6, shape)
    grid.set_images(images)
    area = grid.cell_rect(0)
    scale = int(area.height()) // shape[1]
    assert scale >= 2
    assert (area.width(), area.height()) == (scale * shape[2], scale * shape[1])
    for index in (0, 5):
        expected = as_painted(images[index]).repeat(scale, axis=0).repeat(scale, axis=1)
        assert np.array_equal(tile(grid, index), expected)


def test_grey_images_and_coloured_errors_share_a_cell(grid: ImageGrid) -> None:
    pair, errors = random_images(4, (1, 28, 20)), random_images(4, (3, 28, 20))
    grid.set_cells(pair[:, None], errors[:, None])
    cell = tile(grid, 2)
    scale = len(cell) // 28
    assert np.array_equal(cell[::scale, : 20 * scale : scale], as_painted(pair[2]))
    assert np.array_equal(cell[::scale, -20 * scale :: scale], as_painted(errors[2]))


def test_the_size_of_the_images_is_known_without_any_and_changes_the_capacity(
    qtbot: QtBot, grid: ImageGrid
) -> None:
    wide = grid.capacity(2)
    with qtbot.waitSignal(grid.image_size_changed):
        grid.set_images(np.zeros((0, 3, 64, 64), np.uint8))
    assert grid.image_size == (64, 64)
    assert 0 < grid.capacity(2) < wide
    assert grid.minimumSizeHint().width() > 64
    with qtbot.assertNotEmitted(grid.image_size_changed):
        grid.set_images(np.zeros((3, 1, 64, 64), np.uint8))


@pytest.mark.parametrize("shape", [(12, 28, 28), (12, 28, 28, 3), (2, 3, 1, 28, 28)])
def test_images_without_their_channels_are_refused(grid: ImageGrid, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(str(shape))):
        grid.set_images(np.zeros(shape, np.uint8))
    assert grid.count == 12


def test_cells_of_different_sizes_are_refused(grid: ImageGrid) -> None:
    with pytest.raises(ValueError, match="dimension"):
        grid.set_cells(np.zeros((2, 1, 1, 28, 28), np.uint8), np.zeros((2, 1, 1, 28, 20), np.uint8))


def test_a_cut_caption_is_whole_in_the_tooltip(grid: ImageGrid) -> None:
    long = "a class name that is much longer than any image of this grid is wide, surely"
    grid.set_captions([long, "short", *(str(index) for index in range(2, 12))])
    grid.setToolTip("Click an image")
    assert grid.help_at(grid.cell_rect(0).center()) == f"{long}\nClick an image"
    assert grid.help_at(grid.cell_rect(1).center()) == "Click an image"
    assert grid.help_at(grid.cell_rect(0).topLeft() - QPoint(5, 5)) == "Click an image"
