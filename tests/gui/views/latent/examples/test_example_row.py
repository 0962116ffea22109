"""The row of examples: click, keys, drag and drop, rename."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from aestudio.datasets.image_shape import ImageShape
from aestudio.gui.state.workspace import Example
from aestudio.gui.views.latent.examples.example_row import ExampleMime, ExampleRow
from aestudio.gui.views.latent.examples.image_row import Cell
from aestudio.gui.widgets.pixmap import array_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def cells(*names: str) -> list[Cell]:
    return [
        Cell(Example(name, number=index), np.full((1, 28, 28), 40 * (index % 6), np.uint8), name)
        for index, name in enumerate(names)
    ]


def shown(qtbot: QtBot, *names: str, **how: Any) -> ExampleRow:
    row = ExampleRow("Examples", "empty", **how)
    qtbot.addWidget(row)
    row.set_cells(cells(*names))
    row.resize(300, row.sizeHint().height())
    row.show()
    return row


def test_the_menu_does_what_the_keys_do(qtbot: QtBot) -> None:
    row = shown(qtbot, "a", "b", renamable=True)
    removed, activated, moved = [], [], []
    row.removed.connect(removed.append)
    row.activated.connect(activated.append)
    row.moved.connect(lambda index, target: moved.append((index, target)))
    offer = row.offer_at(row.cell_rect(1).center())
    assert offer.what.splitlines() == ["Examples", "b"]
    entries = {entry.text.split("\t")[0]: entry for entry in offer.entries}
    assert entries["Move right"].obstacle == "It is the last one."
    assert entries["Move left"].obstacle == ""
    for name in ("Go there", "Move left", "Remove"):
        entries[name].act()
    assert (activated, moved, removed) == ([1], [(1, 0)], [1])
    entries["Rename ..."].act()
    assert row.findChildren(QLineEdit)[0].text() == "b"


def drop(row: ExampleRow, mime: ExampleMime, at: QPoint) -> None:
    """Send the events of a drag over the row and a drop."""
    actions, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(row, QDragEnterEvent(at, actions, mime, left, none))
    QApplication.sendEvent(row, QDropEvent(QPointF(at), actions, mime, left, none))


def test_a_click_activates_and_the_cross_removes(qtbot: QtBot) -> None:
    row = shown(qtbot, "a", "b", "c")
    removed, activated = [], []
    row.activated.connect(activated.append)
    row.removed.connect(removed.append)
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.image_rect(1).center())
    assert (activated, removed, row.selected) == ([1], [], 1)
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.close_rect(2).center())
    assert (activated, removed) == ([1], [2])


def test_keys_select_reorder_activate_and_remove(qtbot: QtBot) -> None:
    row = shown(qtbot, "a", "b", "c")
    moved, activated, removed = [], [], []
    row.moved.connect(lambda *indices: moved.append(indices))
    row.activated.connect(activated.append)
    row.removed.connect(removed.append)
    row.setFocus()
    qtbot.waitUntil(lambda: row.selected == 0)
    qtbot.keyClick(row, Qt.Key.Key_Right)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    qtbot.keyClick(row, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(row, Qt.Key.Key_Right)  # there is nothing further on the right
    qtbot.keyClick(row, Qt.Key.Key_Delete)
    assert (activated, moved, removed) == ([1], [(1, 2)], [2])


def test_a_drop_reports_its_index_and_its_origin(qtbot: QtBot) -> None:
    row, other = shown(qtbot, "a", "b", "c"), shown(qtbot, "x", "y")
    dropped, moved = [], []
    row.dropped.connect(
        lambda mime, index: dropped.append((mime.example.name, mime.origin, mime.index, index))
    )
    row.moved.connect(lambda *indices: moved.append(indices))
    drop(row, other.mime_of(1), row.cell_rect(1).topLeft() + QPoint(3, 10))
    drop(row, other.mime_of(0), QPoint(row.width() - 2, 10))
    assert dropped == [("y", other, 1, 1), ("x", other, 0, 3)]
    drop(row, row.mime_of(0), row.cell_rect(2).topRight())
    drop(row, row.mime_of(2), row.cell_rect(0).topLeft())
    drop(row, row.mime_of(1), row.cell_rect(1).center())
    assert moved == [(0, 2), (2, 0)]
    assert len(dropped) == 2


def test_a_row_without_drops_renames_in_place(qtbot: QtBot) -> None:
    row = shown(qtbot, "first", "second", accepts_drops=False, reorderable=False, renamable=True)
    assert not row.acceptDrops()
    named = []
    row.renamed.connect(lambda *change: named.append(change))
    row.setFocus()
    qtbot.waitUntil(lambda: row.selected == 0)
    qtbot.keyClick(row, Qt.Key.Key_F2)
    editor = row.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "first"
    qtbot.keyClicks(editor, "Seven")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert named == [(0, "Seven")]
    qtbot.waitUntil(lambda: row.findChild(QLineEdit) is None)
    row.edit_name(1)
    editor = row.findChild(QLineEdit)
    qtbot.keyClicks(editor, "never")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: row.findChild(QLineEdit) is None)
    assert named == [(0, "Seven")]


def test_the_selected_cell_is_scrolled_into_view(qtbot: QtBot) -> None:
    row = shown(qtbot, *"abcdefghijklmnop")
    row.setFocus()
    qtbot.waitUntil(lambda: row.selected == 0)
    for _ in range(15):
        qtbot.keyClick(row, Qt.Key.Key_Right)
    assert row.selected == 15
    assert row.rect().contains(row.image_rect(15))
    row.set_cells(cells("a", "b"))
    assert row.selected == 1
    assert row.rect().contains(row.image_rect(0))


def test_a_cell_paints_its_image_in_whole_pixels(qtbot: QtBot) -> None:
    row = shown(qtbot, "a", "b")
    row.set_scale(2)
    row.resize(300, row.sizeHint().height())
    image = row.grab().toImage()
    image_rect = row.image_rect(1)
    assert image_rect.width() == 56
    ratio = image.devicePixelRatio()
    for corner in (image_rect.topLeft() + QPoint(0, 20), image_rect.bottomRight()):
        assert image.pixelColor(int(corner.x() * ratio), int(corner.y() * ratio)).red() == 40


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((1, 28, 28), (28, 28)),
        ((1, 28, 20), (20, 28)),
        ((3, 32, 32), (32, 32)),
        ((1, 8, 16), (64, 32)),
        ((3, 64, 48), (21, 28)),
    ],
)
def test_images_of_every_shape_are_about_as_high_as_digits(
    qtbot: QtBot, shape: tuple[int, int, int], size: tuple[int, int]
) -> None:
    row = shown(qtbot, "a", "b")
    image = np.full(shape, 120, np.uint8)
    row.set_image_shape(ImageShape(*shape))
    row.set_cells([Cell(Example("a", image=image), image, "a"), Cell(Example("b"), image, "b", "not used")])
    row.resize(300, row.sizeHint().height())
    area = row.image_rect(0)
    assert (area.width(), area.height()) == size
    seen, grabbed = array_of(row.grab().toImage()), row.image_rect(1)
    bright = seen[area.top() : area.bottom() + 1, area.left() : area.right() + 1]
    assert (bright == 120).all()
    dimmed, paper = (seen[grabbed.center().y(), x].astype(int) for x in (grabbed.center().x(), 299))
    assert np.abs(dimmed - (0.35 * 120 + 0.65 * paper)).max() < 3, "an example that is not used is dimmed"


def test_an_example_of_another_shape_is_fitted_and_its_tooltip_says_why(qtbot: QtBot) -> None:
    row = shown(qtbot, "a")
    wide = np.full((1, 14, 28), 128, np.uint8)
    row.set_cells([Cell(Example("w", image=wide), wide, "w", "Made for images of 28x14.")])
    seen, area = array_of(row.grab().toImage()), row.image_rect(0)
    column = seen[area.top() : area.bottom() + 1, area.center().x(), 0].astype(int)
    inside, outside = column[14], column[[1, 26]]
    assert (np.abs(inside - outside.astype(int)) > 20).all(), "half as high as the room for it, in the middle"
    qtbot.mouseMove(row, area.center())
    qtbot.waitUntil(lambda: "Made for images of 28x14." in row.toolTip())
