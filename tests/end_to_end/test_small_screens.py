"""On 1024 x 640 and in presentation nothing is cut at the side, no title is longer than its axis is high."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QWidget,
)

from aestudio.gui.plots.themed_plot import ThemedPlot
from aestudio.gui.window.window_geometry import FRAME, fit_to_screen
from tests.end_to_end.conftest import LONG, small
from tests.end_to_end.test_presentation import begin_presentation, leave_presentation, resize

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person

VIEWS = ("train", "reconstruct", "latent", "features", "compress", "compare", "network")
SIZES = pytest.mark.parametrize("size", [(1024, 640), pytest.param((1280, 800), marks=pytest.mark.slow)])
LEAST_LOSS = 128  # pixels of data, however long the title of the run
PARTS = (QLabel, QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)


@pytest.fixture
def trained(person: Person) -> Person:
    """A model with four latent dimensions: its sliders have pages, its map has components."""
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    return person


def scroll_area_of(widget: QWidget) -> QScrollArea | None:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above


def beyond_the_side(window: QWidget) -> list[str]:
    """Widgets that are cut at the left or right; vertical scroll_area_of is allowed, horizontal is not."""
    found = []
    for area in window.findChildren(QScrollArea):
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0:
            found.append(f"{area.findChildren(QWidget)} scrolls sideways")
    for part in window.findChildren(QWidget):
        if not isinstance(part, PARTS) or isinstance(part, QScrollBar) or not part.isVisible():
            continue
        above = scroll_area_of(part)
        available: QWidget = window if above is None else above.viewport()
        left = part.mapTo(available, QPoint(0, 0)).x()
        if left < 0 or left + part.width() > available.width():
            found.append(f"{type(part).__name__} {part.accessibleName() or part.toolTip()}")
    return found


def cut_texts(window: QWidget) -> list[str]:
    """Tab bars that scroll, boxes whose entry is elided, lines of text that are wider than their label."""
    found = [
        f"{bar.objectName()} scrolls"
        for bar in window.findChildren(QTabBar)
        if bar.isVisible() and bar.sizeHint().width() > bar.width()
    ]
    for box in window.findChildren(QComboBox):
        if box.isVisible():
            option = QStyleOptionComboBox()
            box.initStyleOption(option)
            complex_control, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
            available = box.style().subControlRect(complex_control, option, field, box).width()
            if box.fontMetrics().horizontalAdvance(box.currentText()) > available + 1:
                found.append(f"{box.accessibleName()}: {box.currentText()}")
    for label in window.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap() and label.text():
            hint = label.sizeHint()
            if hint.width() > label.width() + 1 or hint.height() > label.height() + 1:
                found.append(label.text())
    return found


def overlapping(window: QWidget) -> list[str]:
    """Pairs of parts of one layout that lie over each other."""
    found = []
    for above in (window, *window.findChildren(QWidget)):
        layout = above.layout()
        if layout is None or not above.isVisible():
            continue
        items: list[Any] = [layout.itemAt(number) for number in range(layout.count())]
        parts = [item.geometry() for item in items if not item.isEmpty()]
        for number, one in enumerate(parts):
            if any(one.intersects(other) for other in parts[number + 1 :]) and layout.count() > 1:
                found.append(f"{type(above).__name__}: {parts}")
    return [problem for problem in found if not problem.startswith("QStackedWidget")]


def titles_beyond_their_plots(window: QWidget) -> list[str]:
    found = []
    for plot in window.findChildren(ThemedPlot):
        for axis in (plot.left_axis, plot.bottom_axis):
            label: Any = axis.label
            if plot.isVisible() and label.isVisible() and label.toPlainText().strip():
                inside = plot.mapFromScene(label.sceneBoundingRect()).boundingRect()
                slack = QRect(-6, -6, plot.width() + 12, plot.height() + 12)  # the text's own margins
                if not slack.contains(inside):
                    found.append(f"{label.toPlainText()}: {inside} in {plot.size()}")
    return found


def check_every_view(person: Person) -> None:
    """Check every view, and every panel of the Latent view."""
    for name in VIEWS:
        person.show(name)
        person.wait_computed()
        view: Any = person.window.view
        for panel in view.panels.known if name == "latent" else ("",):
            if panel:
                view.panels.show_page(panel)
                person.wait_computed()
            person.settle()
            for wrong in (beyond_the_side, cut_texts, overlapping, titles_beyond_their_plots):
                assert wrong(person.window) == [], (name, panel, person.window.size().toTuple())


@pytest.mark.thorough
@SIZES
def test_nothing_is_cut(trained: Person, size: tuple[int, int]) -> None:
    """In the window, and then in presentation, where the map is large enough, too."""
    trained.window.resize(*size)
    trained.settle()
    assert trained.window.size().toTuple() == size
    check_every_view(trained)
    check_the_loss_has_the_most_room(trained)
    begin_presentation(trained, size)
    check_every_view(trained)
    trained.show("latent")
    view: Any = trained.window.view
    view.panels.show_page("grid")
    trained.wait_computed()
    resize(trained, size)
    shown = view.map.map.plot.view_box.sceneBoundingRect()
    assert shown.height() >= 110, shown
    leave_presentation(trained)


def check_the_loss_has_the_most_room(person: Person) -> None:
    """With either sidebar open, too: of the curves of each term, and of the images, each has less."""
    person.show("train")
    view: Any = person.window.view
    for sidebar in (None, person.window.left, person.window.right):
        if sidebar is not None:
            person.window.sidebars.set_open(sidebar, True)
        person.settle()
        loss = view.plot.view_box.sceneBoundingRect()
        assert loss.height() >= LEAST_LOSS, (loss, view.size())
        assert not view.parentWidget().parentWidget().parentWidget().verticalScrollBar().isVisible()
        assert len(view.plot.left_axis._marks()) >= 2
        for plot in view.terms.plots:
            assert plot.view_box.sceneBoundingRect().height() <= loss.height() / 2
        assert loss.width() * loss.height() >= view.image_row.width() * view.image_row.height()
        said = (view.heading.text(), *(axis.label.toPlainText() for axis in (view.plot.left_axis,)))
        assert any("[nats per image]" in text for text in said)
        assert view.plot.bottom_axis.label.toPlainText().strip() == "Epochs"
        assert titles_beyond_their_plots(person.window) == []
    for sidebar in (person.window.left, person.window.right):
        person.window.sidebars.set_open(sidebar, False)


@pytest.mark.thorough
def test_the_sidebars_on_a_narrow_window_and_in_presentation(person: Person) -> None:
    check_a_narrow_window_shows_one_sidebar_at_a_time(person)
    person.keys("Ctrl+B")
    check_a_sidebar_can_be_opened_in_presentation_and_is_restored_afterwards(person)


def check_a_narrow_window_shows_one_sidebar_at_a_time(person: Person) -> None:
    window = person.window
    person.keys("Ctrl+B")
    person.keys("Ctrl+B")  # the recipe was opened last
    window.resize(1280, 800)
    person.settle()
    assert (window.left.isVisible(), window.right.isVisible()) == (True, True)
    assert not any(part.isVisible() for part in (window.folded_left, window.folded_right))
    window.resize(1024, 640)
    person.settle()
    assert (window.left.isVisible(), window.right.isVisible()) == (True, False)
    assert not any(part.isVisible() for part in (window.folded_left, window.folded_right))
    person.click(window.open_right)
    assert (window.left.isVisible(), window.right.isVisible()) == (False, True)
    assert window.folded_left.isVisible()
    person.keys("Ctrl+B")
    assert (window.left.isVisible(), window.right.isVisible()) == (True, False)
    person.keys("Ctrl+B")
    assert (window.left.isVisible(), window.right.isVisible()) == (False, False)
    person.keys("Ctrl+I")
    assert (window.left.isVisible(), window.right.isVisible()) == (False, True)
    window.resize(1280, 800)
    person.settle()
    assert (window.left.isVisible(), window.right.isVisible()) == (False, True)


def check_a_sidebar_can_be_opened_in_presentation_and_is_restored_afterwards(person: Person) -> None:
    window = person.window
    window.toggle_presentation()
    assert not window.left.isVisible()
    person.settle()
    view = window.stack.geometry()
    person.keys("Ctrl+I")
    assert window.right.isVisible()
    assert window.stack.geometry() == view, "it lies over the view"
    person.keys("Ctrl+I")
    assert not window.right.isVisible()
    window.toggle_presentation()
    window.resize(1280, 800)
    person.settle()
    assert (window.left.isVisible(), window.right.isVisible()) == (True, True)


@pytest.mark.thorough
def test_the_loss_weights_do_not_move_when_a_training_begins_or_ends(person: Person) -> None:
    person.show("latent")
    person.window.session.update(recipe_sidebar_open=False)
    person.window.session.recipe.choose_recipe(small(latent_size=3, epochs=LONG))
    person.wait_computed()
    weights = cast("Any", person.window.view).explorer.objective_weights

    def geometries() -> list[QRect]:
        return [part.geometry() for part in (weights.when, *weights.editors.values())]

    before, texts = geometries(), {weights.when.text()}
    person.click(person.window.left.training.start)
    person.wait(lambda: person.step > 2)
    assert geometries() == before
    texts.add(weights.when.text())
    person.window.session.training.stop()
    person.wait_phase("ended")
    person.wait_computed()
    assert geometries() == before
    assert len(texts | {weights.when.text()}) == 3


@pytest.mark.thorough
def test_the_window_fits_a_screen_that_is_smaller_than_its_usual_minimum(person: Person) -> None:
    """960 x 540: a screen of 1920 x 1080 at 200 %; 800 x 600 with a title bar. What does not fit scrolls."""
    window = person.window
    for screen in (QRect(0, 0, 960, 540), QRect(0, 0, 800, 600)):
        fit_to_screen(window, restored=True, area=lambda _, screen=screen: screen)
        person.live(20)
        assert screen.contains(window.geometry().marginsAdded(FRAME)), window.geometry()
        for name in VIEWS:
            person.show(name)
            person.live(20)
            assert screen.contains(window.geometry().marginsAdded(FRAME)), name
            assert window.stack.height() >= 200, name
            start: Any = window.start_button
            assert window.rect().contains(QRect(start.mapTo(window, QPoint(0, 0)), start.size())), name
