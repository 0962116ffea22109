"""Right click and Menu key on everything: each image, plot and table of the window has a menu, and each entry
does what it says."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu, QMessageBox, QWidget

from aestudio.gui.plots.bar_chart import BarChart
from aestudio.gui.plots.painted_chart import PaintedChart
from aestudio.gui.plots.themed_plot import ThemedPlot
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.views.latent.examples.example_row import ExampleRow
from aestudio.gui.views.latent.grid.class_rows_view import ClassRowsView
from aestudio.gui.views.network.layer_diagram import LayerDiagram
from aestudio.gui.widgets.class_shares import ClassShares
from aestudio.gui.widgets.count_bars import CountBars
from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.image_strip import ImageStrip
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.widgets.offer import Offering
from aestudio.gui.widgets.painted_widget import PaintedWidget
from aestudio.gui.widgets.pixmap import array_of
from aestudio.gui.widgets.plane_view import PlaneView
from aestudio.gui.widgets.stack_bar import StackBar
from aestudio.gui.widgets.true_pixels import SCALE
from aestudio.gui.widgets.usage_bars import UsageBars
from aestudio.gui.window.context.explanation import Explanation
from aestudio.gui.window.glossary_dialog import GlossaryDialog

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction

    from tests.end_to_end.conftest import Person

# opening a menu offscreen
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)

IMAGES = (ImageGrid, ImageView, ImageStrip, PlaneView, ClassRowsView)
PLOTS = (ThemedPlot, BarChart, PaintedChart, ClassShares, CountBars, StackBar, UsageBars)
DECORATION = {"_Dot", "FocusRing", "StepMark"}  # painted, and nothing that could be copied


# ---- opening menus ----------------------------------------------------------------------------------


def right_click(person: Person, widget: QWidget, at: QPoint | None = None) -> QMenu:
    """The menu that a right click opens."""
    at = widget.rect().center() if at is None else at
    if isinstance(widget, (ThemedPlot, DrawingPad)):  # whose right button can be dragged, too
        inner = widget.viewport() if isinstance(widget, ThemedPlot) else widget
        QTest.mouseClick(inner, Qt.MouseButton.RightButton, pos=at)
    else:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
        QApplication.sendEvent(widget, event)
    return opened(person)


def opened(person: Person) -> QMenu:
    person.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def texts(menu: QMenu) -> list[str]:
    return [one.text().split("\t")[0] for one in menu.actions() if not one.isSeparator()]


def entry(menu: QMenu, text: str) -> QAction:
    found = [one for one in menu.actions() if one.text().split("\t")[0] == text]
    assert len(found) == 1, f"{text}: {texts(menu)}"
    return found[0]


def choose(menu: QMenu, text: str) -> None:
    action = entry(menu, text)
    assert action.isEnabled(), action.toolTip()
    menu.close()
    action.trigger()


def save_as(path: Path, filter_number: int = 0) -> None:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.selectNameFilter(dialog.nameFilters()[filter_number])
    dialog.filterSelected.emit(dialog.nameFilters()[filter_number])
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    dialog.accept()


def proposed_name() -> str:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    return dialog.selectedFiles()[0].rpartition("/")[2]


def clipboard_pixels() -> np.ndarray:
    return array_of(QGuiApplication.clipboard().image())


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def squares(image: np.ndarray) -> np.ndarray:
    """An image uint8 (1, H, W) with each pixel as a square, (10 H, 10 W)."""
    return np.kron(image[0], np.ones((SCALE, SCALE), np.uint8))


# ---- everything has a menu --------------------------------------------------------------------------


@pytest.mark.thorough
def test_everything_in_every_view_has_a_menu(person: Person, tmp_path: Path) -> None:
    """In one window: opening it takes longer than all the rest."""
    open_model(person)
    for view in person.window.views.known:
        person.show(view)
        latent: Any = person.window.views["latent"]
        for panel in latent.panels.known if view == "latent" else ("",):
            if panel:
                person.window.show_panel(panel)
            person.wait_computed()
            person.settle()
            check_every_part(person)
    check_reconstruct(person, tmp_path)
    check_the_map(person, tmp_path)
    check_sliders_and_terms(person)
    check_bars_and_curves(person, tmp_path)
    check_diagrams(person, tmp_path)
    check_keys(person)
    check_header_and_history(person)
    check_buttons_that_are_off(person)
    check_runs(person)


def open_model(person: Person) -> None:
    person.window.commands.run("run.open", wanted="conv-vae-2d")
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == "conv-vae-2d")
    person.wait_computed()


def check_every_part(person: Person) -> None:
    """Each visible part of the window that paints itself, shows text or offers something."""
    for part in person.window.findChildren(QWidget):
        painted = isinstance(part, (PaintedWidget, ThemedPlot, Offering)) and not isinstance(part, ExampleRow)
        if not part.isVisible() or part.visibleRegion().isEmpty() or not painted:
            continue
        if type(part).__name__ in DECORATION or part.size().isEmpty():
            continue
        menu = right_click(person, part, part.visibleRegion().boundingRect().center())
        found, name = texts(menu), f"{type(part).__name__} {part.accessibleName()}: {texts(menu)}"
        assert "Copy image of the view" in found, name
        if isinstance(part, IMAGES):
            assert {"Copy image", "Copy all images"} & set(found), name
            assert {"Save image as ...", "Save all images as ..."} & set(found), name
        if isinstance(part, PLOTS):
            assert {"Copy plot", "Save plot as ...", "Save data as ..."} <= set(found), name
        off = [one for one in menu.actions() if not one.isEnabled() and not one.isSeparator()]
        for action in off:
            explained = action.objectName() == "heading" or action.toolTip() != action.text()
            assert explained, f"{name}: {action.text()} is off without a reason"
        menu.close()


def check_buttons_that_are_off(person: Person) -> None:
    """Qt opens no menu on them; by the native window, as a real click comes."""
    person.show("train")
    person.settle()
    window = person.window
    off = [one for one in window.findChildren(QAbstractButton) if one.isVisible() and not one.isEnabled()]
    off = [one for one in off if not one.visibleRegion().isEmpty()]
    assert window.left.training.stop in off
    for button in off:
        at = button.mapTo(window, button.visibleRegion().boundingRect().center())
        QTest.mouseClick(window.windowHandle(), Qt.MouseButton.RightButton, pos=at)
        menu = opened(person)
        assert "Copy image of the view" in texts(menu), button
        assert not button.toolTip() or "What is this?" in texts(menu), button
        menu.close()
    # Elsewhere than where it was pressed, the release opens nothing.
    native, right = window.windowHandle(), Qt.MouseButton.RightButton
    at = off[0].mapTo(window, off[0].rect().center())
    QTest.mousePress(native, right, pos=window.status.geometry().center())
    person.live(20)
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    QTest.mouseRelease(native, right, pos=at)
    person.live(20)
    assert QApplication.activePopupWidget() is None


# ---- images -----------------------------------------------------------------------------------------


def check_reconstruct(person: Person, folder: Path) -> None:
    person.show("reconstruct")
    person.wait_computed()
    view: Any = person.window.views["reconstruct"]
    grid, state = view.grid, person.state
    value = state.value("triples") if "triples" in state.results else grid._value
    cell = grid.cell_rect(2)
    third = int(cell.width() / 3)
    left, middle = cell.topLeft().toPoint() + QPoint(third // 2, 4), cell.center().toPoint()
    number = int(value.indices[2])
    for at, pixels, line in (
        (left, value.originals[2], f"Test image {number}"),
        (middle, value.reconstructed[2], "Reconstruction"),
    ):
        menu = right_click(person, grid, at)
        assert texts(menu)[0].startswith(line)
        choose(menu, "Copy image")
        assert np.array_equal(clipboard_pixels()[..., 0], squares(as_shown(pixels, state.ink_on_paper)))
    check_saving_an_image(person, grid, middle, value.reconstructed[2], folder)
    menu = right_click(person, grid, middle)
    choose(menu, "Copy all images")
    sheet = clipboard_pixels()
    assert sheet.shape[0] % SCALE == 0 or sheet.shape[0] <= 4096
    choose(right_click(person, grid, left), "Show in Latent")
    assert person.state.selected == number
    assert person.window.views.front_name == "latent"
    menu = right_click(person, view_of(person, "latent").explorer.image)
    assert "Show in Latent" not in texts(menu)  # it is there
    assert "Show in Reconstruct" in texts(menu)
    menu.close()


def view_of(person: Person, name: str) -> Any:
    return person.window.views[name]


def check_saving_an_image(
    person: Person, grid: ImageGrid, at: QPoint, image: np.ndarray, folder: Path
) -> None:
    step = person.state.snapshot.step  # type: ignore[union-attr]
    choose(right_click(person, grid, at), "Save image as ...")
    assert proposed_name().startswith(f"conv-vae-2d, step {step}, Reconstruction, Test image")
    save_as(folder / "own.png", filter_number=1)
    person.wait(lambda: (folder / "own.png").exists() and not person.state.tasks)
    with Image.open(folder / "own.png") as written:
        assert np.array_equal(np.asarray(written.convert("L")), image[0])
    choose(right_click(person, grid, at), "Save data as ...")
    assert proposed_name().startswith(f"conv-vae-2d, step {step}, Reconstruction, Test image")
    save_as(folder / "own.csv")
    person.wait(lambda: (folder / "own.csv").exists() and not person.state.tasks)
    rows = table(folder / "own.csv")
    assert rows[0][:3] == ["channel (levels 0 to 255)", "row", "column 0"]
    assert np.array_equal(np.array([row[2:] for row in rows[1:]], int), image[0])
    # The next dialog begins there, and proposes a name that is free; a taken one is asked about.
    choose(right_click(person, grid, at), "Save image as ...")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    assert dialog.directory().absolutePath() == str(folder)
    before = (folder / "own.png").read_bytes()
    dialog.selectFile("own.png")
    asked: list[str] = []

    def refuse() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.button(QMessageBox.StandardButton.No).click()

    QTimer.singleShot(0, refuse)
    dialog.accept()
    assert "already exists" in asked[0]
    dialog.reject()
    assert (folder / "own.png").read_bytes() == before


# ---- the map ----------------------------------------------------------------------------------------


def check_the_map(person: Person, folder: Path) -> None:
    person.show("latent")
    person.wait_computed()
    latent = view_of(person, "latent")
    chart = latent.map.map
    person.settle()
    number = 7
    at = chart.pixel_of_point(number).toPoint()
    found = chart.point_under(chart.pixel_of_point(number))  # another may lie over it
    menu = right_click(person, chart.plot, at)
    assert texts(menu)[0].startswith(f"Test image {found}, class")
    choose(menu, "Copy image")
    images = person.state.image_sets[0].images
    assert np.array_equal(clipboard_pixels()[..., 0], squares(images[found]))
    choose(right_click(person, chart.plot, at), "Copy plot")
    assert clipboard_pixels().shape[1] == chart.plot.width()
    choose(right_click(person, chart.plot, at), "Copy data")
    person.wait(lambda: not person.state.tasks)
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t"))
    shown = person.state.value("map")
    assert rows[0] == ["index", *shown.plane.titles, "class"]
    assert np.allclose([[float(one) for one in row[1:3]] for row in rows[1:]], shown.xy)
    for suffix, begins in ((".pdf", b"%PDF"), (".svg", b"<?xml"), (".png", b"\x89PNG")):
        choose(right_click(person, chart.plot, at), "Save plot as ...")
        path = folder / f"map{suffix}"
        save_as(path, filter_number=(".pdf", ".svg", ".png").index(suffix))
        person.wait(lambda path=path: path.exists() and not person.state.tasks)
        assert path.read_bytes().startswith(begins)
    assert b"FontFile" in (folder / "map.pdf").read_bytes()
    choose(right_click(person, chart.plot, at), "Show in Reconstruct")
    assert person.state.selected == found
    assert person.window.views.front_name == "reconstruct"
    person.show("latent")


# ---- diagrams ---------------------------------------------------------------------------------------


def check_diagrams(person: Person, folder: Path) -> None:
    """Of the next recipe and of the shown model: figures in vectors, and their layers as a table."""
    person.window.sidebars.set_open(person.window.left, True)
    person.show("network")
    person.wait_computed()
    person.settle()
    own = person.window.left.recipe.diagram
    layers = person.window.findChildren(LayerDiagram)[0]
    for number, diagram in enumerate((own, layers)):
        person.window.session.show_message("")
        choose(right_click(person, diagram), "Save plot as ...")
        path = folder / f"diagram{number}.pdf"
        save_as(path)
        person.wait(lambda path=path: path.exists() and not person.state.tasks)
        assert path.read_bytes().startswith(b"%PDF")
        assert b"FontFile" in path.read_bytes()
        choose(right_click(person, diagram), "Copy data")
        person.wait(
            lambda: not person.state.tasks and person.state.message.text.startswith("Copied the data")
        )
        assert QGuiApplication.clipboard().text().startswith("layer")
    offer = own.offer_at(None)
    assert offer.values is not None
    rows = list(offer.values().rows)
    assert rows[0][1] == "1×28×28"
    assert sum(int(str(row[3])) for row in rows) > 0


# ---- sliders and terms ------------------------------------------------------------------------------


def check_sliders_and_terms(person: Person) -> None:
    person.wait_computed()
    latent = view_of(person, "latent")
    slider = latent.explorer.slider_column.findChildren(LatentSlider)[0]
    menu = right_click(person, slider)
    assert {"Solo: hold all others", "Animate", "What is this?", "Copy text"} <= set(texts(menu))
    choose(menu, "Solo: hold all others")
    assert slider.buttons["soloed"].isChecked()
    menu = right_click(person, slider)
    assert entry(menu, "Solo: hold all others").isChecked()
    choose(menu, "Solo: hold all others")
    choose(right_click(person, slider), "What is this?")
    explanation = person.window.findChildren(Explanation)[-1]
    assert explanation.isVisible()
    assert any(text == "Latent dimension" for text in explanation.sentences)
    person.click(explanation.glossary)
    glossary = QApplication.activeModalWidget()
    assert isinstance(glossary, GlossaryDialog)
    assert glossary.search.text() == "Latent dimension"
    glossary.close()
    person.wait(lambda: QApplication.activeModalWidget() is None)
    person.show("train")
    heading = view_of(person, "train").heading
    menu = right_click(person, heading)
    choose(menu, "Copy text")
    assert QGuiApplication.clipboard().text() == heading.text()
    plot, clip = view_of(person, "train").plot, "Clip outliers of curves"
    assert not entry(right_click(person, plot), clip).isChecked()
    choose(opened(person), clip)
    assert person.state.clip_outliers
    assert entry(right_click(person, plot), clip).isChecked()
    choose(opened(person), clip)
    assert not person.state.clip_outliers


# ---- bars, curves, keys, tables ---------------------------------------------------------------------


def check_bars_and_curves(person: Person, folder: Path) -> None:
    person.show("compress")
    person.wait_computed()
    compress = view_of(person, "compress")
    menu = right_click(person, compress.digit.bars, QPoint(20, 5))
    assert texts(menu)[0].startswith("Pixels: ")
    choose(menu, "Save data as ...")
    save_as(folder / "sizes.csv")
    person.wait(lambda: (folder / "sizes.csv").exists() and not person.state.tasks)
    rows = table(folder / "sizes.csv")
    assert rows[0] == ["Name", "Value", "Note"]
    assert [row[0] for row in rows[1:]] == [bar.name for bar in compress.digit.bars.bars]
    choose(right_click(person, compress.digit.bars), "Save plot as ...")
    save_as(folder / "sizes.pdf")
    person.wait(lambda: (folder / "sizes.pdf").exists() and not person.state.tasks)
    assert b"FontFile" in (folder / "sizes.pdf").read_bytes()
    choose(right_click(person, compress.curve), "Save data as ...")
    save_as(folder / "rate.csv")
    person.wait(lambda: (folder / "rate.csv").exists() and not person.state.tasks)
    rows = table(folder / "rate.csv")
    assert rows[0] == ["Bits per image", "Mean squared error per pixel"]
    points = person.state.value("rate of set") if "rate of set" in person.state.results else compress._points
    assert [float(row[1]) for row in rows[1:]] == [point.mse_per_pixel for point in points]


def check_keys(person: Person) -> None:
    """The Menu key and Shift+F10 open the menu of what has the focus; Ctrl+C copies it."""
    person.show("reconstruct")
    person.wait_computed()
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    view = view_of(person, "reconstruct")
    person.click(view.grid, view.grid.cell_rect(1).center().toPoint())
    person.wait_computed()
    assert view.grid.hasFocus()
    for keys in ("Menu", "Shift+F10"):
        person.keys(keys)
        menu = opened(person)
        assert texts(menu)[0].startswith(f"Test image {person.state.selected}")
        menu.close()
    person.keys("Ctrl+C")
    index = person.state.selected
    assert np.array_equal(clipboard_pixels()[..., 0], squares(person.state.image_sets[0].images[index]))
    person.action("picture.copy").trigger()  # the Edit menu has the same command
    assert np.array_equal(clipboard_pixels()[..., 0], squares(person.state.image_sets[0].images[index]))
    person.window.left.training.start.setFocus()
    assert person.window.commands["pictures.copy"].obstacle().startswith("Select an image of several")
    person.keys("Ctrl+C")
    assert clipboard_pixels().shape[1] == person.window.views.stack.width()


def check_header_and_history(person: Person) -> None:
    header = person.window.bar.header
    menu = right_click(person, header)
    choose(menu, "Copy text")
    assert QGuiApplication.clipboard().text() == header.text
    menu = right_click(person, header)
    assert (
        entry(menu, "Save the run as ...").toolTip().startswith("There is no run of yours")
    )  # a shipped one
    menu.close()
    history = person.window.history
    menu = right_click(person, history)
    assert texts(menu)[0] == "History"
    assert person.window.commands["history.branch"].text not in texts(menu)  # there is no history
    choose(menu, "What is this?")
    explanation = person.window.findChildren(Explanation)[-1]
    assert explanation.sentences[0] == "Checkpoint"
    explanation.hide()


# ---- runs -------------------------------------------------------------------------------------------


def check_runs(person: Person) -> None:
    """The list and the table of runs: what can be done with a run, and their cells."""
    small = person.window.right.runs.list
    item = small.topLevelItem(0)
    assert item is not None
    menu = right_click(person, small.viewport(), small.visualItemRect(item).center())
    assert texts(menu)[:2] == [item.text(0), "Open"]
    choose(menu, "Copy data")
    person.wait(lambda: not person.state.tasks)
    rows = QGuiApplication.clipboard().text().splitlines()
    assert rows[0] == "Name\tLoss"
    assert rows[1].startswith(item.text(0))
    person.window.show_all_runs()
    runs: Any = person.window.runs_window
    person.wait(lambda: runs.table.model().rowCount() > 0 and not person.state.tasks)
    model = runs.table.model()
    runs.table.selectRow(0)
    port = runs.table.viewport()
    menu = right_click(person, port, runs.table.visualRect(model.index(0, 0)).center())
    assert {"Open", "Show its folder", "Copy cells", "Copy data", "Save data as ..."} <= set(texts(menu))
    assert "Picture of the view ..." not in texts(menu)  # that is in the other window
    choose(menu, "Copy cells")
    cells = QGuiApplication.clipboard().text().split("\t")
    header = runs.table.horizontalHeader()
    shown = [at for at in range(model.columnCount()) if not header.isSectionHidden(at)]
    shown.sort(key=header.visualIndex)
    assert cells == [model.index(0, at).data() or "" for at in shown]
    runs.table.setFocus()
    person.wait(runs.isActiveWindow)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), runs.mapToGlobal(QPoint(9, 9)))
    QApplication.sendEvent(runs.table, event)
    menu = opened(person)
    assert "Show its folder" in texts(menu)
    menu.close()
    runs.close()
