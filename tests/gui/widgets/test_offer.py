"""What widgets offer to a context menu: the inner offer first; what labels and tables offer by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QStringListModel
from PySide6.QtWidgets import QListView, QListWidget, QTableWidget, QTableWidgetItem, QWidget

from aestudio.gui.widgets.glossary import set_term
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.image_strip import ImageStrip
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column
from aestudio.gui.widgets.offer import Entry, Offer
from aestudio.gui.widgets.offer_kinds import offer_of
from aestudio.gui.widgets.pixmap import packed
from aestudio.gui.widgets.plain_text import MarkupLabel, PlainLabel
from aestudio.gui.widgets.plane_view import Frame, PlaneView

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot


def random_images(*shape: int) -> NDArray[np.uint8]:
    return np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)


class Around(QWidget):
    """Knows which digit is inside it."""

    def offer_at(self, at: QPoint | None) -> Offer:
        del at
        return Offer(what="around", digit=7, entries=(Entry("outer", lambda: None),))


def test_the_inner_offer_goes_first_and_entries_add_up() -> None:
    inner = Offer(what="inner", entries=(Entry("mine", lambda: None),), digit=0)
    both = inner.inside(Offer(what="outer", digit=5, step=3, entries=(Entry("other", lambda: None),)))
    assert (both.what, both.digit, both.step) == ("inner", 0, 3)
    assert [entry.text for entry in both.entries] == ["mine", "other"]


def test_a_widget_is_asked_with_those_around_it(qtbot: QtBot) -> None:
    around, image = Around(), ImageView(smallest=28)
    qtbot.addWidget(around)
    column(image, on=around)
    image.setAccessibleName("Original")
    image.set_image(random_images(1, 28, 28))
    offer = offer_of(image, QPoint(3, 3))
    assert (offer.what, offer.digit) == ("Original", 7)
    assert [entry.text for entry in offer.entries] == ["outer"]


def test_an_image_offers_its_own_pixels_and_without_one_says_why_not(qtbot: QtBot) -> None:
    image = ImageView()
    qtbot.addWidget(image)
    assert image.offer_at(None).picture is None
    assert image.offer_at(None).no_picture
    pixels = random_images(3, 8, 5)
    image.set_image(pixels)
    picture = image.offer_at(None).picture
    assert picture is not None
    for shift, channel in zip((16, 8, 0), pixels, strict=True):
        assert np.array_equal((picture >> shift) & 255, channel)


def test_a_grid_offers_the_tile_under_the_pointer_and_all_of_them(qtbot: QtBot) -> None:
    grid = ImageGrid()
    qtbot.addWidget(grid)
    grid.resize(700, 400)
    images = random_images(4, 3, 1, 28, 28)
    grid.set_cells(images)
    grid.set_captions(["a", "b", "c", "d"])
    asked: list[int] = []
    grid.describe = lambda index: asked.append(index) or Offer(step=9)  # type: ignore[func-returns-value]
    for cell in range(4):
        area = grid.cell_rect(cell)
        for member in range(3):
            at = QPoint(round(area.left() + (member + 0.5) * area.width() / 3), round(area.center().y()))
            offer = grid.offer_at(at)
            assert np.array_equal(offer.picture, packed(images[cell, member]))  # type: ignore[arg-type]
            assert asked[-1] == 3 * cell + member
            assert offer.step == 9
            assert offer.what.endswith("abcd"[cell])
    sheet = grid.offer_at(QPoint(1, 1)).pictures
    assert sheet is not None
    pixels, columns = sheet(), grid._layout.columns
    for cell in range(4):
        top, left = cell // columns * 29, cell % columns * (3 * 28 + 1)
        expected = np.concatenate(list(packed(images[cell])), axis=1)
        assert np.array_equal(pixels[top : top + 28, left : left + 84], expected)
    grid.set_selected(2)
    assert np.array_equal(grid.offer_at(None).picture, packed(images[2, 0]))  # type: ignore[arg-type]


def test_a_strip_offers_each_image_where_it_is(qtbot: QtBot) -> None:
    strip = ImageStrip(200, 8)
    qtbot.addWidget(strip)
    assert strip.offer_at(QPoint(2, 2)).no_picture
    images = random_images(8, 1, 28, 28)
    strip.set_images(images)
    found = set()
    for x in range(2, strip.width(), 8):
        for y in range(2, strip.height(), 8):
            picture = strip.offer_at(QPoint(x, y)).picture
            if picture is not None:
                found |= {number for number in range(8) if np.array_equal(picture, packed(images[number]))}
    assert found == set(range(8))


def test_a_plane_offers_the_image_under_the_pointer(qtbot: QtBot) -> None:
    """Each image has a grey level of its own: what is painted under a point is what is offered there."""
    plane = PlaneView()
    qtbot.addWidget(plane)
    plane.resize(420, 420)
    levels = np.arange(16, dtype=np.uint8).reshape(4, 4) * 15
    mosaic = np.kron(levels, np.ones((7, 7), np.uint8))[None]
    plane.set_image(mosaic, Frame(0, 0, 4, 4), (7, 7))
    plane.set_window(Frame(0, 0, 4, 4), 4)
    area = plane.window_rect()
    for row in range(4):
        for across in range(4):
            at = area.topLeft().toPoint() + QPoint(
                round((across + 0.5) * area.width() / 4), round((row + 0.5) * area.height() / 4)
            )
            picture = plane.offer_at(at).picture
            assert picture is not None
            assert set(np.unique(picture & 255).tolist()) == {int(levels[row, across])}
            assert plane.grab().toImage().pixelColor(at).red() == levels[row, across]
    assert plane.offer_at(QPoint(1, 1)).picture is None  # on the axis


def test_labels_offer_their_text_and_terms(qtbot: QtBot) -> None:
    label = PlainLabel("12.5 nats")
    marked = MarkupLabel()
    for one in (label, marked):
        qtbot.addWidget(one)
    set_term(label, "nats")
    marked.setText("<table><tr><td>Squared error</td><td>3.20</td></tr></table>")
    offer = offer_of(label, None)
    assert (offer.text, offer.terms) == ("12.5 nats", ("nats",))
    assert "nat" in offer.help
    assert offer_of(marked, None).text.split() == ["Squared", "error", "3.20"]


def test_a_list_offers_its_entries(qtbot: QtBot) -> None:
    """Also one whose model says by its class that it has one column."""
    view, widget = QListView(), QListWidget()
    view.setModel(QStringListModel(["one", "two"], view))
    widget.addItems(["one", "two"])
    for shown in (view, widget):
        qtbot.addWidget(shown)
        offer = offer_of(shown.viewport(), QPoint(3, 3))
        assert offer.values is not None
        assert list(offer.values().rows) == [["one"], ["two"]]
        assert offer.cells is None


def test_a_table_offers_its_selected_cells_and_all_of_them(qtbot: QtBot) -> None:
    table = QTableWidget(3, 2)
    qtbot.addWidget(table)
    table.setHorizontalHeaderLabels(["Loss [nats]", "Step"])
    for row in range(3):
        for across in range(2):
            table.setItem(row, across, QTableWidgetItem(f"{row}{across}"))
    table.selectRow(1)
    offer = offer_of(table.viewport(), QPoint(3, 3))
    assert offer.cells is not None
    assert offer.cells() == "10\t11"
    assert offer.values is not None
    values = offer.values()
    assert values.header == ("Loss [nats]", "Step")
    assert list(values.rows) == [["00", "01"], ["10", "11"], ["20", "21"]]
    table.horizontalHeader().moveSection(1, 0)
    assert offer_of(table, None).cells() == "11\t10"  # type: ignore[misc]
    table.hideColumn(1)
    assert offer_of(table, None).values().header == ("Loss [nats]",)  # type: ignore[misc]
    table.clearSelection()
    assert offer_of(table, None).cells is None
