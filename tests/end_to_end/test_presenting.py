"""A presentation: large type, larger digits, the line at the foot, and the keys of a presenter remote."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from tests.end_to_end.conftest import LONG, pixels, small
from tests.end_to_end.test_one_subject import example
from tests.end_to_end.test_presentation import begin_presentation, leave_presentation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Person

SIZES = [(1280, 800), (1920, 1080)]
LEAST_TYPE = 24  # pixels on a screen of 1080
FASTEST = 0.5  # seconds


def views(person: Person) -> list[str]:
    return list(person.window.views)


@pytest.mark.thorough
def test_type_is_large_enough_for_the_last_row(person: Person) -> None:
    for name in views(person):
        person.show(name)
        person.wait_computed()
    for size in SIZES:
        check_the_type(person, size)


def check_the_type(person: Person, size: tuple[int, int]) -> None:
    least = int(LEAST_TYPE * size[1] / 1080)
    begin_presentation(person, size)
    for name in views(person):
        person.show(name)
        person.wait_computed()
        written = [
            part
            for kind in (QLabel, QAbstractButton, QComboBox, QLineEdit)
            for part in person.window.findChildren(kind)
            if part.isVisible() and not part.visibleRegion().isEmpty()
        ]
        assert written
        small_type = {
            f"{name}: {type(part).__name__} {part.accessibleName()} {part.font().pixelSize()}"
            for part in written
            if part.font().pixelSize() < least
        }
        assert small_type == set()
    leave_presentation(person)


@pytest.mark.thorough
@pytest.mark.parametrize("shown", [True, False])
def test_a_view_that_is_made_just_before_has_large_type_too(person: Person, shown: bool) -> None:
    if shown:
        person.window.show_view("latent")
    assert person.window.views["latent"]  # makes it
    begin_presentation(person, (1920, 1080))
    person.window.show_view("latent")
    person.wait_computed()
    labels = [part for part in person.window.view.findChildren(QLabel) if part.isVisible() and part.text()]
    assert labels
    assert min(part.font().pixelSize() for part in labels) >= LEAST_TYPE
    leave_presentation(person)


@pytest.mark.thorough
def test_the_line_keeps_progress_loss_and_pause(person: Person) -> None:
    window, line = person.window, person.window.line
    window.session.recipe.choose_recipe(small(epochs=LONG))
    assert not line.isVisible()
    person.click(window.left.training.start)
    person.wait(lambda: person.step > 10)
    for size in SIZES:
        begin_presentation(person, size)
        assert not window.status.isVisible()
        assert not window.menuBar().isVisible()
        hidden = (window.folded_left, window.left, window.open_left, window.right, window.folded_right)
        assert not any(part.isVisible() for part in hidden)
        for part in (line.start, line.bar, line.epoch, line.loss):
            assert part.isVisible()
            assert line.rect().contains(part.geometry()), size
        bottom = line.mapTo(window, QPoint(0, line.height())).y()
        assert bottom == window.height(), "it is at the foot"
        assert line.height() <= window.height() // 15, "it is slim"
        name, value, split = line.loss.text.split()[:3]
        assert name == "Loss"
        assert float(value) > 0
        assert split == "training"
        assert line.loss.shown == line.loss.text
        person.click(line.start)
        person.wait_phase("paused")
        person.wait(lambda: line.start.text() == "Resume")
        started = person.training.started
        assert started is not None
        share = person.step / (started.epochs * started.steps_per_epoch)
        person.wait(lambda share=share: line.bar.value() == round(line.bar.maximum() * share))
        person.click(line.start)
        person.wait_phase("running")
        leave_presentation(person)
        assert not line.isVisible()
        assert window.status.isVisible()
    window.session.training.stop()
    person.wait_phase("ended")
    begin_presentation(person, SIZES[0])
    assert "newest" not in line.loss.text
    window.session.history.show(1)
    person.wait(lambda: "of the newest step" in line.loss.text)
    window.session.history.show(None)
    person.wait(lambda: "newest" not in line.loss.text)
    leave_presentation(person)


@pytest.mark.thorough
def test_the_keys_of_a_presenter_remote(person: Person) -> None:
    window = person.window
    window.activateWindow()
    person.wait(window.isActiveWindow)
    order = views(person)
    person.show(order[1])
    for keys in ("PgDown", "PgUp", "B", "."):
        person.keys(keys)
    assert window.view.name == order[1], "outside a presentation the keys belong to the widgets"
    assert not window.blank_screen.blank
    window.toggle_presentation()
    for name in order[2:]:
        person.keys("PgDown")
        assert window.view.name == name
    person.keys("PgDown")
    assert window.view.name == order[-1], "the last one stays"
    person.keys("PgUp")
    assert window.view.name == order[-2]
    for keys in ("B", "."):
        person.keys(keys)
        assert window.blank_screen.isVisible()
        assert pixels(window).max() == 0
        person.keys(keys)
        assert not window.blank_screen.isVisible()
        assert pixels(window).max() > 100
    person.keys("B")
    person.keys("PgDown")
    assert not window.blank_screen.blank, "the next view is seen"
    person.keys("B")
    person.keys("Escape")
    assert not window.blank_screen.blank
    assert window.presentation.active, "Escape showed the screen again"
    person.keys("B")
    person.click(window.blank_screen)
    assert not window.blank_screen.blank
    person.keys("Escape")
    assert not window.presentation.active
    assert window.menuBar().isVisible()


@pytest.mark.thorough
def test_a_dot_that_is_typed_into_a_field_blanks_nothing(person: Person) -> None:
    window = person.window
    person.show("latent")
    person.wait_computed()
    window.activateWindow()
    person.wait(window.isActiveWindow)
    window.toggle_presentation()
    field = next(part for part in window.findChildren(QLineEdit) if part.isVisible() and part.isEnabled())
    field.setFocus()
    person.wait(field.hasFocus)
    person.qtbot.keyClick(field, Qt.Key.Key_Period)
    assert not window.blank_screen.blank
    window.toggle_presentation()


def image_sides(person: Person, name: str) -> dict[str, float]:
    """The sides in pixels of the images of a view, by what they are."""
    view: Any = person.window.view
    if name == "reconstruct":
        enlarged = view.enlarged
        found = {"grid": view.grid.cell_rect(0).height()}
        parts = {"original": enlarged.original, "error": enlarged.error, "enlarged": enlarged.reconstruction}
    else:
        column = view.board.columns[0]
        found, parts = {}, {"reconstruction": column.reconstruction, "at cursor": column.at_cursor}
    return found | {key: part.image_rect().height() for key, part in parts.items()}


@pytest.fixture
def compared(person: Person) -> Person:
    """Two compared runs, and the selected image reconstructed by the single model."""
    person.show("compare")
    person.window.session.recipe.choose_recipe(small(latent_size=2, epochs=1))
    view: Any = person.window.view
    person.click(view.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "ended")
    person.wait_computed()
    return person


@pytest.mark.thorough
def test_digits_are_larger_in_presentation(compared: Person) -> None:
    for size in SIZES:
        check_digits_are_larger(compared, size)


def check_digits_are_larger(person: Person, size: tuple[int, int]) -> None:
    for sidebar in (person.window.left, person.window.right):  # the view has as much space as it can have
        person.window.sidebars.set_open(sidebar, size[0] >= 1400)
    for name in ("reconstruct", "compare"):
        person.show(name)
        person.window.resize(*size)
        person.settle()
        person.wait_computed()
        before = image_sides(person, name)
        begin_presentation(person, size)
        person.wait_computed()
        person.settle()
        presented = image_sides(person, name)
        if name == "reconstruct":
            check_the_pad_has_what_the_images_leave(person, size)
        leave_presentation(person)
        assert {key for key in before if presented[key] <= before[key]} == set(), (before, presented)


def check_the_pad_has_what_the_images_leave(person: Person, size: tuple[int, int]) -> None:
    """Between the enlarged images, as large as the width allows, and the pad is a gap and no empty part."""
    view: Any = person.window.view
    enlarged, corner = view.enlarged, view.corner
    used = enlarged.used_height(enlarged.width(), enlarged.height())
    assert corner.geometry().bottom() >= corner.parentWidget().height() - 2, size
    assert corner.y() - enlarged.y() - used <= size[1] * 0.04, size
    assert corner.pad.height() >= size[1] * 0.27, size


@pytest.mark.alone
@pytest.mark.slow
def test_f11_is_painted_within_half_a_second(person: Person) -> None:
    window = person.window
    window.resize(1280, 800)
    window.session.recipe.choose_recipe(small(epochs=LONG))
    person.click(window.left.training.start)
    person.wait(lambda: person.step > 10)
    for name in views(person):
        person.show(name)
        person.wait_computed()
    for name in views(person):
        person.show(name)
        person.wait_computed()
        for _ in range(2):
            assert seconds_of(window.toggle_presentation, window) < FASTEST, name
    window.session.training.stop()
    person.wait_phase("ended")


def seconds_of(act: Callable[[], object], window: QWidget) -> float:
    """How long it takes until what follows is painted."""
    began = time.perf_counter()
    act()
    QApplication.processEvents()
    window.repaint()
    return time.perf_counter() - began


@pytest.mark.thorough
def test_map_and_image_take_the_screen_in_presentation(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(latent_size=10, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    for size in SIZES:
        check_map_and_image_take_the_screen(person, size)


def check_map_and_image_take_the_screen(person: Person, size: tuple[int, int]) -> None:
    begin_presentation(person, size)
    person.wait_computed()
    person.settle()
    view: Any = person.window.view
    image, view_of_map = view.explorer.image.image_rect(), view.map.map.plot
    assert image.height() >= size[1] * 0.35
    assert image.height() % 28 == 0
    assert min(view_of_map.width(), view_of_map.height()) >= size[1] * 0.55
    check_all_ten_sliders_are_legible(view, size)
    assert not view.explorer.start.isVisible()
    check_frames_are_large(person, view)
    leave_presentation(person)
    person.settle()
    assert view.explorer.start.isVisible()
    assert view.map.tools.isVisible()
    header = view.explorer.sliders.header
    assert header.isVisible()
    assert header.parentWidget() is view.explorer.sliders, "it is above the sliders again"


def check_all_ten_sliders_are_legible(view: Any, size: tuple[int, int]) -> None:
    sliders = view.explorer.sliders
    assert [row.symbol for row in sliders.column.rows] == [f"z{number}" for number in range(1, 11)]
    assert not sliders.header.next.isVisible(), "no paging"
    for slider in sliders.column.sliders:
        assert slider.visibleRegion().boundingRect() == slider.rect()
        metrics = slider.box.lineEdit().fontMetrics()
        assert slider.box.font().pixelSize() >= int(LEAST_TYPE * size[1] / 1080)
        assert metrics.height() <= slider.box.height() <= slider.height(), "the value is not cut"
        middles = {part.geometry().center().y() for part in (slider.slider, slider.box)}
        assert all(abs(middle - slider.rect().center().y()) <= 1 for middle in middles), "in one line"


def check_the_tools_are_beside_the_map(person: Person, view: Any) -> None:
    """All can be reached, also with a panel open; a choice by the keyboard changes the axes."""
    tools, plot = view.map.tools, view.map.map.plot
    for part in (tools.kind, tools.colour, tools.options_button, tools.lasso, tools.fit):
        assert part.visibleRegion().boundingRect() == part.rect()
        assert part.mapTo(view, QPoint(0, 0)).x() >= plot.mapTo(view, QPoint(plot.width(), 0)).x()
    other = "dimensions" if tools.kind.value == "components" else "components"
    before = tools.kind.value
    for wanted in (other, before):
        tools.kind.setFocus()
        person.qtbot.keyClick(tools.kind, Qt.Key.Key_Up if wanted == "dimensions" else Qt.Key.Key_Down)
        person.wait(lambda wanted=wanted: person.state.plane.kind == wanted)
    person.wait_computed()
    person.settle()


def check_frames_are_large(person: Person, view: Any) -> None:
    """The panel that a lecturer opens is what is looked at; the tools of the map are beside it, not above."""
    person.window.session.workspace.set_keyframes((example(1), example(2)))
    view.panels.show_page("interpolation")
    panel = view.panels.front
    person.wait(lambda: panel.animation is not None and not person.state.pending)
    person.settle()
    check_the_tools_are_beside_the_map(person, view)
    assert not panel.bookmarks.isVisible(), "the hint how to make the first one"
    whole = QRect(0, 0, panel.frames.width(), panel.frames.height())
    rows = {panel.frames.cell_rect(index).top() for index in range(panel.frames.count)}
    assert len(rows) == 1
    assert all(whole.contains(panel.frames.cell_rect(index).toRect()) for index in range(panel.frames.count))
    assert panel.frames.count >= 5
    assert panel.frames.cell_rect(0).height() >= 56
    for part in (panel.play, panel.path_kind, panel.end_kind, panel.export):
        assert part.visibleRegion().boundingRect() == part.rect(), "all of it can be reached"
    view.panels.drawer.set_open(False)
