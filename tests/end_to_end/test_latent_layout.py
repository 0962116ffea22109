"""The layout of the Latent view in the real window: sizes, the drawer of panels, the place of the weights."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest

from aestudio.analysis.attribute_discovery import AxisName
from aestudio.gui.inference.requests.grid_request import PlaneGrid
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.sliders.axis_names import axis_text, measure_title
from aestudio.gui.views.latent.sliders.objective_weights import ObjectiveWeights
from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.widgets.slider_painting import fitting_name, slider_layout
from tests.clipping import beyond_parents, texts_cut_silently
from tests.end_to_end.conftest import LONG, small
from tests.end_to_end.test_small_screens import beyond_the_side

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.views.latent.explorer import Explorer
    from tests.end_to_end.conftest import Person

PANELS = ("grid", "interpolation", "attribute vectors", "samples", "drawings", "traversals", "nearest")


def fold_rails(person: Person) -> None:
    """Fold both side rails, as a window of less than 1400 pixels does by itself."""
    window = person.window
    for rail in (window.left, window.right):
        if window.sidebars.is_open(rail):
            window.toggle_sidebar(rail)
    assert not person.state.recipe_sidebar_open


def train(person: Person, size: tuple[int, int] = (1280, 800), **settings: Any) -> Any:
    """Train a VAE for an epoch, fold the rails, and show the Latent view in a window of this size."""
    session = person.window.session
    session.recipe.choose_recipe(small(**{"epochs": 1, **settings}))
    session.training.start()
    person.wait_phase("ended")
    person.window.resize(*size)
    person.show("latent")
    fold_rails(person)
    person.wait_computed()
    view: Any = person.window.view
    sliders = view.explorer.sliders
    person.wait(lambda: len(sliders.column.sliders) == len(sliders.column.rows) > 0)
    person.settle()
    assert person.window.size().toTuple() == size
    return view


def data_square(view: Any) -> float:
    """The side of the largest square of the map's data, in logical pixels."""
    area = view.map.map.plot.view_box.sceneBoundingRect()
    return min(area.width(), area.height())


def rows_of(view: Any) -> list[LatentSlider]:
    """The sliders that are completely visible in the window."""
    stack = view.window().stack
    visible = []
    for slider in view.explorer.sliders.column.sliders:
        place = slider.rect().translated(slider.mapTo(stack, QPoint(0, 0)))
        if slider.isVisible() and stack.rect().contains(place):
            visible.append(slider)
    return visible


def check_nothing_scrolls_or_is_cut(person: Person, view: Any) -> None:
    assert view.height() <= person.window.stack.height()
    assert view.width() <= person.window.stack.width()
    assert beyond_the_side(person.window) == []
    for check in (beyond_parents, texts_cut_silently):
        assert check(view.explorer) == [], check.__name__


# ---- sizes -----------------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_at_1280_by_800_all_ten_sliders_a_large_image_and_a_large_map(person: Person) -> None:
    view = train(person, latent_size=10)
    check_the_layout_at_1280(person, view)
    session = person.window.session
    session.recipe.choose_recipe(small(latent_size=10, epochs=LONG))
    session.training.start()
    person.wait(lambda: person.step > 2 and person.state.model is not None)
    person.wait(lambda: len(view.explorer.sliders.column.sliders) == 10)
    check_the_layout_at_1280(person, view)
    session.training.stop()
    person.wait_phase("ended")


@pytest.mark.thorough
def test_the_sizes_hold_whatever_the_run_is_called_and_beside_a_hidden_training(person: Person) -> None:
    """A long title takes no height of the view, and the line of the training is taken from no part of it."""
    view = train(person, latent_size=10)
    session, name = person.window.session, person.training.run
    person.wait(lambda: any(run.name == name for run in person.state.runs))
    for title in ("VAE", " and on".join(["a run whose name goes on"] * 5), "x" * 90):
        kept = next(run for run in person.state.runs if run.name == name)
        session.runs.rename(kept, title)
        person.wait(lambda title=title: person.window.bar.header.text.startswith(title[:9]), 20_000)
        person.settle()
        check_the_layout_at_1280(person, view)
    session.recipe.choose_recipe(small(latent_size=10, epochs=LONG))
    session.training.start()
    person.wait_phase("running")
    kept = next(run for run in person.state.runs if run.name == name)
    session.runs.open(kept)
    person.wait(lambda: person.state.hidden_training is not None)
    chip = person.window.bar.hidden_training
    assert chip is not None
    person.wait(chip.isVisible)
    for panel in ("", "grid"):
        if panel:
            view.panels.show_page(panel)
        person.wait(lambda: len(view.explorer.sliders.column.sliders) == 10)
        person.settle()
        check_the_layout_at_1280(person, view)
    session.training.stop()
    person.wait_phase("ended")


def check_the_layout_at_1280(person: Person, view: Any) -> None:
    explorer = view.explorer
    assert explorer.image.image_rect().width() >= 220
    assert data_square(view) >= 420
    rows = rows_of(view)
    assert [slider.row.symbol for slider in rows] == [f"z{number}" for number in range(1, 11)]
    assert all(26 <= slider.height() <= 32 for slider in rows)
    tops = [slider.y() for slider in rows]
    assert {below - above for above, below in itertools.pairwise(tops)} <= set(range(26, 33))
    assert not explorer.sliders.header.next.isVisible(), "no paging"
    check_nothing_scrolls_or_is_cut(person, view)


@pytest.mark.thorough
def test_at_1024_by_640_all_ten_sliders_and_every_panel_without_scrolling(person: Person) -> None:
    view = train(person, (1024, 640), latent_size=10)
    assert len(rows_of(view)) == 10
    assert view.explorer.image.image_rect().width() >= 168
    check_nothing_scrolls_or_is_cut(person, view)
    for panel in PANELS:
        view.panels.show_page(panel)
        person.wait_computed()
        person.settle()
        assert len(rows_of(view)) == 10, panel
        assert data_square(view) >= 205, panel
        check_nothing_scrolls_or_is_cut(person, view)
    person.window.session.workspace.select(np.arange(40))
    person.settle()
    bar = view.map.tools.selection
    assert bar.isVisible()
    assert bar.count.text() == "40 selected"
    assert data_square(view) >= 205, "what is selected is said beside the map, and takes nothing from it"
    check_nothing_scrolls_or_is_cut(person, view)
    view.panels.drawer.set_open(False)
    person.settle()
    assert bar.isVisible(), "above the map again"
    check_nothing_scrolls_or_is_cut(person, view)


@pytest.mark.thorough
def test_large_text_at_1280_by_800_needs_no_scrolling(person: Person) -> None:
    """The controls are beside the image there, and not counted below it."""
    view = train(person, latent_size=10)
    person.window.session.update(text_size=150)
    person.window.resize(1280, 800)
    person.settle()
    check_nothing_scrolls_or_is_cut(person, view)
    assert view.explorer.image.image_rect().width() >= 196
    assert len(rows_of(view)) >= 6
    person.window.session.update(text_size=100)


@pytest.mark.thorough
def test_names_that_come_later_move_nothing(person: Person) -> None:
    view = train(person, latent_size=4, epochs=10, learning_rate=0.01)  # better than the mean image
    column = view.explorer.sliders.column

    def places() -> list[Any]:
        parts = [part for slider in column.sliders for part in (slider, slider.slider, slider.box)]
        return [part.geometry() for part in (view.explorer.image, view.map, *parts)]

    before = places()
    person.wait(lambda: person.state.value("axis names") is not None and not person.state.pending)
    person.wait(lambda: all(row.name for row in column.rows))
    assert places() == before
    for slider in column.sliders:
        assert slider.row.name in slider.help_at(QPoint(40, 14)), "what may be elided is in the tooltip"


@pytest.mark.thorough
def test_256_dimensions_have_as_many_widgets_as_fit_and_are_shown_at_once(person: Person) -> None:
    view = train(person, latent_size=256)
    sliders, column = view.explorer.sliders, view.explorer.sliders.column
    assert sliders.count == 256
    made = len(column.findChildren(LatentSlider))
    assert 10 <= len(rows_of(view)) == len(column.sliders) <= made <= 24
    began = time.thread_time()
    sliders.turn_page(1)
    shown = time.thread_time() - began
    assert column.rows[0].symbol == f"z{len(column.rows) + 1}"
    began = time.thread_time()
    sliders.jump(256)
    jumped = time.thread_time() - began
    assert column.rows[-1].symbol == "z256"
    assert len(column.findChildren(LatentSlider)) == made, "a page uses the same widgets"
    assert max(shown, jumped) < 1, "seconds of the processor, whatever else it does; hundredths are usual"
    person.qtbot.keyClicks(sliders.header.filter, "z25")
    assert [row.symbol for row in column.rows] == ["z25", *(f"z25{digit}" for digit in range(7))]


# ---- drawer ----------------------------------------------------------------------------------------------


def click_tab(person: Person, view: Any, name: str) -> None:
    tabs = view.panels.tabs
    person.click(tabs, tabs.tabRect(list(view.panels.known).index(name)).center())


@pytest.mark.thorough
def test_the_drawer_is_closed_at_first_and_asks_for_nothing(
    person: Person, open_window: Callable[..., Person]
) -> None:
    view = train(person, latent_size=3)
    drawer, panels = view.panels.drawer, view.panels
    assert not drawer.is_open
    assert panels.tabs.isVisible()
    assert not panels.stack.isVisible()
    assert drawer.height() <= 40
    assert PlaneGrid.channel not in person.state.results
    assert panels.requests(person.state) == ()
    closed = data_square(view)

    click_tab(person, view, "grid")
    assert drawer.is_open
    person.wait(lambda: panels.stack.isVisible() and panels.stack.height() >= 240)
    person.wait(lambda: PlaneGrid.channel in person.state.results)
    person.wait(lambda: panels.front.view.image is not None)
    click_tab(person, view, "samples")
    assert drawer.is_open
    assert panels.front.name == "samples"
    click_tab(person, view, "samples")
    assert not drawer.is_open
    person.wait(lambda: data_square(view) == closed)
    click_tab(person, view, "drawings")
    assert (drawer.is_open, panels.front.name) == (True, "drawings")
    person.click(drawer.chevron)
    assert not drawer.is_open
    person.keys("Alt+1")
    assert (drawer.is_open, panels.front.name) == (True, "grid")
    person.keys("Alt+1")
    assert drawer.is_open, "a command shows a panel, whatever is open"
    panels.tabs.setFocus()
    person.qtbot.keyClick(panels.tabs, Qt.Key.Key_Space)
    assert not drawer.is_open
    person.qtbot.keyClick(panels.tabs, Qt.Key.Key_Return)
    assert drawer.is_open
    second: Any = open_window().window
    assert second.views["latent"].panels.drawer.is_open, "the next window opens as this one was left"


@pytest.mark.thorough
def test_closing_the_drawer_stops_what_plays_in_it_and_takes_its_path_from_the_map(person: Person) -> None:
    from tests.end_to_end.test_one_subject import example

    view = train(person, latent_size=3)
    person.window.session.workspace.set_keyframes((example(1), example(2)))
    click_tab(person, view, "interpolation")
    panel = view.panels.front
    person.wait(lambda: panel.animation is not None and view.panels.path() is not None)
    left: list[str] = []
    panel.leave = lambda: left.append("left")
    click_tab(person, view, "interpolation")
    assert left == ["left"]
    assert view.panels.path() is None


def drag_the_border(person: Person, view: Any, across: int, down: int) -> None:
    """Drag the border between map and panel with the mouse."""
    handle = view._right.splitter.handle(1)
    middle = handle.rect().center()
    for _ in person.drag(handle, middle, middle + QPoint(across, down)):  # one move: the border goes along
        pass
    person.settle()


@pytest.mark.thorough
def test_a_panel_is_as_large_as_it_was_dragged_in_the_next_window_too(
    person: Person, open_window: Callable[..., Person]
) -> None:
    view = train(person, latent_size=3)
    drawer, stack, pair = view.panels.drawer, view.panels.drawer.stack, view._right.splitter
    tabs = drawer.geometry()
    drawer.set_open(True)
    person.settle()
    assert pair.orientation() == Qt.Orientation.Horizontal
    assert drawer.mapTo(view, QPoint(0, 0)).y() == tabs.y(), "the tabs stay where they were clicked"
    usual = stack.width()
    drag_the_border(person, view, -40, 0)
    dragged = stack.width()
    assert dragged == usual + 40
    drawer.set_open(False)
    person.settle()
    drawer.set_open(True)
    person.settle()
    assert stack.width() == dragged
    person.window.resize(1024, 640)
    person.settle()
    person.window.resize(1280, 900)
    fold_rails(person)
    person.window.toggle_sidebar(person.window.left)
    person.settle()
    assert pair.orientation() == Qt.Orientation.Vertical
    drag_the_border(person, view, 0, -30)
    high = stack.height()
    second: Any = open_window(sidebars=False)
    second.window.resize(1280, 800)
    second.show("latent")
    second.wait_computed()
    second.settle()
    assert second.window.view.panels.drawer.stack.width() == dragged
    person.window.resize(1280, 800)
    fold_rails(person)
    person.settle()
    assert stack.width() == dragged
    assert drawer.choices.height == high


@pytest.mark.thorough
def test_with_every_panel_at_1280_by_800_image_map_and_ten_sliders_keep_their_size(person: Person) -> None:
    view = train(person, latent_size=10)
    for panel in PANELS:
        view.panels.show_page(panel)
        person.wait_computed()
        person.settle()
        check_the_layout_at_1280(person, view)
        assert view.panels.stack.isVisible()
        check_names_are_whole(view)
        box = view.explorer.start
        assert box.lineEdit().width() >= box.fontMetrics().horizontalAdvance("9999"), "the number is whole"


def check_names_are_whole(view: Any) -> None:
    """Whatever an axis turns out to mean: the longest names are shown without their number."""
    metrics = QFontMetrics(font(current_theme()))
    strong = QFontMetrics(font(current_theme(), weight=QFont.Weight.DemiBold))
    for slider in rows_of(view):
        for name in (measure_title("length"), *map(axis_text, (verdict("nothing"), verdict("little")))):
            row = replace(slider.row, name=f"{name}, r = −0.93", short_name=name)
            beside = strong.horizontalAdvance(row.symbol) + current_theme().px(6)
            width = slider_layout(slider.width()).names.width() - beside
            assert fitting_name(row, metrics, width).startswith(name), row.symbol


def verdict(kind: Any) -> Any:
    return AxisName(kind, "", 0.0, 0.0, {}, 100)


# ---- one place for the weights -----------------------------------------------------------------------


def shown_weights(window: QWidget) -> list[ObjectiveWeights]:
    return [weights for weights in window.findChildren(ObjectiveWeights) if weights.isVisible()]


@pytest.mark.thorough
def test_the_weights_are_in_the_latent_view_only_while_the_recipe_is_not_on_the_screen(
    person: Person,
) -> None:
    view = train(person, latent_size=4)
    explorer: Explorer = view.explorer
    session = person.window.session
    for is_open in (True, False, True, False):
        session.update(recipe_sidebar_open=is_open)
        person.settle()
        assert shown_weights(person.window) == ([] if is_open else [explorer.objective_weights])
    # A refused text that nobody sees any more must not keep Start from beginning.
    box = explorer.objective_weights.editors["beta"].tab_stops[1]
    person.qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    box.selectAll()  # type: ignore[attr-defined]
    person.qtbot.keyClicks(box, "abc")
    person.wait(lambda: bool(person.state.obstacles()))
    session.update(recipe_sidebar_open=True)
    person.wait(lambda: not person.state.obstacles())


@pytest.mark.thorough
def test_two_dimensions_get_a_larger_image(person: Person) -> None:
    view = train(person, latent_size=2)
    for size, side in (((1280, 800), 336), ((1920, 1080), 560)):
        person.window.resize(*size)
        fold_rails(person)
        person.wait_computed()
        person.settle()
        assert view.explorer.image.image_rect().width() >= side
        assert data_square(view) >= 420
        check_nothing_scrolls_or_is_cut(person, view)


def wheel(person: Person, widget: QWidget, notches: int) -> None:
    """Turn the wheel over the middle of a widget, as the platform reports it."""
    handle = person.window.windowHandle()
    at = widget.mapTo(person.window, widget.rect().center())
    QTest.wheelEvent(handle, at.toPointF(), QPoint(0, 120 * notches))


@pytest.mark.thorough
def test_the_wheel_turns_the_pages_of_a_long_code(person: Person) -> None:
    view = train(person, latent_size=100)
    sliders, column = view.explorer.sliders, view.explorer.sliders.column
    page = len(column.rows)
    person.window.tabs.setFocus()
    code = person.state.exploration.decoded_code
    assert code is not None
    for part, notches, first in (
        (column.sliders[0].slider, -1, page),
        (column.sliders[1].box, -1, 2 * page),
        (column.sliders[2], 1, page),
        (column, 1, 0),
        (column, 1, 0),
    ):
        wheel(person, part, notches)
        assert column.rows[0].symbol == f"z{first + 1}"
    person.live(20)
    after = person.state.exploration.decoded_code
    assert after is not None
    assert (after == code).all(), "no slider was moved"
    slider = column.sliders[0].slider
    slider.setFocus()
    wheel(person, slider, 1)
    assert column.rows[0].symbol == "z1", "a slider that has the focus is moved instead"
    person.wait(lambda: (person.state.exploration.decoded_code != code).any())
    assert sliders.header.next.isVisible()
