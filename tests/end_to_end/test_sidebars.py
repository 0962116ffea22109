"""The sidebars fold, are dragged, lie over a small view, and Start and Pause are always one click away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from aestudio.gui.window.gallery import Gallery
from aestudio.gui.window.sidebars.sidebar_arrangement import FOLDED, LEAST, USUAL
from tests.clipping import texts_cut_silently
from tests.end_to_end.conftest import LONG, close, send_move, small
from tests.end_to_end.test_small_screens import cut_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.theme.holder import Scheme
    from tests.end_to_end.conftest import Person

SIZES = [(800, 600), (1024, 640), (1280, 800), (1366, 768), (1400, 900), (1920, 1080)]


def visible(person: Person) -> tuple[bool, bool]:
    return person.window.left.isVisible(), person.window.right.isVisible()


def resize(person: Person, *size: int) -> None:
    person.window.resize(*size)
    person.settle()
    assert person.window.size().toTuple() == size


@pytest.mark.thorough
def test_folded_sidebars(person: Person, folded_sidebars: None) -> None:
    """In one window: opening it takes longer than most of it."""
    start_and_pause_are_one_click_away_at_every_size(person)
    in_a_small_window_a_sidebar_lies_over_the_view_and_escape_folds_it(person)
    the_recipe_is_read_in_full_where_it_is_narrowest(person)
    a_folded_sidebar_is_48_pixels_wide_and_says_what_it_is(person)


def start_and_pause_are_one_click_away_at_every_size(person: Person) -> None:
    window = person.window
    window.session.recipe.choose_recipe(small(epochs=LONG))
    for size in SIZES:
        resize(person, *size)
        assert visible(person) == ((True, True) if size[0] >= 1400 else (False, False)), size
        button: Any = window.start_button
        person.click(button)
        person.wait(lambda: person.training.phase == "running")
        person.wait(partial(offers_pause, button))
        person.wait(partial(has_passed, person, person.step))
        assert window.focusWidget() is button, size  # so that Space pauses
        person.click(button)
        person.wait_phase("paused")
        inside = window.rect().contains(button.mapTo(window, button.rect().center()))
        assert inside, size
    resize(person, 1280, 800)
    bar = window.folded_left.training.bar
    person.wait(lambda: bar.value() == round(bar.maximum() * person.step / total(person)))
    person.click(window.folded_left.training.stop)
    person.wait_phase("ended")


def offers_pause(button: Any) -> bool:
    return "Pause" in (button.text() or button.toolTip())


def has_passed(person: Person, step: int) -> bool:
    return person.step > step


def total(person: Person) -> int:
    started = person.training.started
    assert started is not None
    return started.epochs * started.steps_per_epoch


def a_folded_sidebar_is_48_pixels_wide_and_says_what_it_is(person: Person) -> None:
    window = person.window
    resize(person, 1280, 800)
    folded = (window.folded_left, window.folded_right)
    assert [part.width() for part in folded] == [FOLDED, FOLDED]
    assert [part.name.text for part in folded] == ["Next training", "Inspector and runs"]
    assert person.state.recipe_sidebar_open is False
    person.click(window.folded_left.gallery)
    gallery = QApplication.activeModalWidget()
    assert isinstance(gallery, Gallery)
    gallery.close()
    QApplication.processEvents()
    person.click(window.folded_left.open)
    assert visible(person) == (True, False)
    assert person.state.recipe_sidebar_open is True
    person.click(window.left.fold)
    assert visible(person) == (False, False)
    assert person.state.recipe_sidebar_open is False
    person.click(window.folded_right.runs)
    assert visible(person) == (False, True)
    assert window.right.runs.list.hasFocus() or not window.isActiveWindow()


def drag(person: Person, handle: QWidget, by: int) -> None:
    start = handle.rect().center()
    person.qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    send_move(handle, start + QPoint(by, 0))
    person.qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start + QPoint(by, 0))
    person.settle()


def test_a_sidebar_is_dragged_to_another_width_and_remembers_it(
    person: Person, open_window: Callable[..., Person], folded_sidebars: None
) -> None:
    window = person.window
    resize(person, 1600, 800)
    assert (window.left.width(), window.right.width()) == USUAL
    view = window.stack.width()
    drag(person, window.sidebars.splitter.handle(1), 90)
    assert window.left.width() == USUAL[0] + 90
    assert window.stack.width() == view - 90
    drag(person, window.sidebars.splitter.handle(2), 900)
    assert window.right.width() == LEAST[1], "there is a sensible minimum"
    person.keys("Ctrl+B")
    assert not window.left.isVisible()
    person.keys("Ctrl+B")
    assert window.left.width() == USUAL[0] + 90
    close(person)
    again = open_window()
    resize(again, 1600, 800)
    assert (again.window.left.width(), again.window.right.width()) == (USUAL[0] + 90, LEAST[1])


def test_what_is_open_is_remembered_for_windows_of_that_size(
    person: Person, open_window: Callable[..., Person], folded_sidebars: None
) -> None:
    resize(person, 1280, 800)
    person.keys("Ctrl+B")
    resize(person, 1500, 800)
    person.keys("Ctrl+I")
    assert visible(person) == (True, False)
    close(person)
    again = open_window()
    resize(again, 1280, 800)
    assert visible(again) == (True, False)
    again.keys("Ctrl+B")
    assert visible(again) == (False, False)
    resize(again, 1500, 800)
    assert visible(again) == (True, False)


def in_a_small_window_a_sidebar_lies_over_the_view_and_escape_folds_it(person: Person) -> None:
    window = person.window
    resize(person, 800, 600)
    assert not window.folded_left.isVisible()
    view = window.stack.geometry()
    for button, sidebar in ((window.open_left, window.left), (window.open_right, window.right)):
        person.click(button)
        assert sidebar.isVisible()
        assert window.stack.geometry() == view, "the view keeps its size"
        assert sidebar.height() == window.sidebars.height()
        person.keys("Escape", sidebar)
        assert not sidebar.isVisible()
    person.click(window.open_left)
    resize(person, 1024, 640)
    assert visible(person) == (False, False), "it was opened in the small window only"
    resize(person, 800, 600)
    assert visible(person) == (False, False)


def the_recipe_is_read_in_full_where_it_is_narrowest(person: Person) -> None:
    window = person.window
    resize(person, 1024, 640)
    person.click(window.folded_left.open)
    assert window.open_right.isVisible(), "one click opens the other"
    person.wait(lambda: texts_cut_silently(window.left) == [], 5_000)
    assert cut_texts(window.left) == []
    person.click(window.left.fold)
    assert window.folded_right.isVisible()


def test_the_least_widths_are_enough_for_what_the_sidebars_hold(person: Person) -> None:
    assert person.window.theme_holder is not None
    form = person.window.left.recipe.form
    assert form is not None
    form.set_expanded(True)
    schemes: tuple[Scheme, ...] = ("dark", "light")
    for scheme in schemes:
        person.window.theme_holder.set_scheme(scheme)
        person.settle()
        for sidebar, least in zip((person.window.left, person.window.right), LEAST, strict=True):
            assert sidebar.minimumSizeHint().width() <= least, scheme
