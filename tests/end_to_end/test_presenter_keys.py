"""In a presentation its keys work wherever the focus is, and it follows the screen that it fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from aestudio.gui.theme.style import current_theme
from tests.end_to_end.conftest import close, small
from tests.end_to_end.test_presentation import begin_presentation, leave_presentation
from tests.end_to_end.test_window import described

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.end_to_end.conftest import Person


def focusable(person: Person) -> list[QWidget]:
    """What the user can give the focus, in the view, the history bar and the line at the foot."""
    window = person.window
    return [
        part
        for above in (window.view, window.history, window.line)
        for part in above.findChildren(QWidget)
        if part.isVisible()
        and part.isEnabled()
        and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and part.focusProxy() is None
    ]


def every_page(person: Person) -> Iterator[str]:
    """Every view, and every panel of the Latent view, in front."""
    for name in person.window.views:
        person.show(name)
        if name != "latent":
            yield name
            continue
        view: Any = person.window.view
        for panel in view.panels.known:
            person.window.show_panel(panel)
            person.live(20)
            yield f"{name} {panel}"


@pytest.fixture
def trained(person: Person) -> Person:
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=1))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait_computed()
    person.wait(lambda: person.window.view.map.map.plot.isVisible())  # type: ignore[attr-defined]
    return person


@pytest.mark.thorough
def test_keys_and_screens_of_a_presentation(trained: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one window: opening it and training take longer than all of it."""
    a_panel_that_is_asked_for_in_a_presentation_is_open(trained)
    escape_on_the_map_ends_first_what_was_begun_there(trained)
    the_blank_key_works_in_a_field_for_a_number(trained)
    the_type_follows_the_screen_that_is_filled(trained)
    escape_leaves_a_presentation_wherever_the_focus_is(trained, monkeypatch)
    the_keys_of_the_lasso_do_nothing_where_no_selection_is_shown(trained)


def escape_leaves_a_presentation_wherever_the_focus_is(
    trained: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, window = trained, trained.window
    window.activateWindow()
    person.wait(window.isActiveWindow)
    window.toggle_presentation()
    asked: list[str] = []
    stuck, tried = set(), 0
    with monkeypatch.context() as patched:
        patched.setattr(window, "toggle_presentation", lambda: asked.append("leave"))
        for page in every_page(person):
            for part in focusable(person):
                part.setFocus()
                if QApplication.focusWidget() is not part:
                    continue
                asked.clear()
                person.keys("Escape", part)
                tried += 1
                if asked != ["leave"]:
                    stuck.add(f"{page}: {described(part)}")
    window.toggle_presentation()
    assert tried > 60
    assert stuck == set()


def escape_on_the_map_ends_first_what_was_begun_there(trained: Person) -> None:
    person, window = trained, trained.window
    window.activateWindow()
    person.wait(window.isActiveWindow)
    window.toggle_presentation()
    person.show("latent")
    view: Any = window.view
    plot = view.map.map.plot
    plot.setFocus()
    person.keys("L", plot)
    assert view.map.tools.lasso.isChecked()
    person.keys("Escape", plot)
    assert not view.map.tools.lasso.isChecked()
    assert window.presentation.active
    person.keys("Escape", plot)
    assert not window.presentation.active


def the_keys_of_the_lasso_do_nothing_where_no_selection_is_shown(trained: Person) -> None:
    """In Compare an outline would select nothing, and the next drag would not move the cursor."""
    person, window = trained, trained.window
    window.session.recipe.choose_recipe(small(latent_size=2, epochs=1))
    person.show("compare")
    view: Any = window.view
    person.click(view.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "ended")
    person.wait_computed()
    plot = view.board.columns[0].map.plot
    plot.setFocus()
    person.keys("L", plot)
    assert not plot.lasso.on


def a_panel_that_is_asked_for_in_a_presentation_is_open(trained: Person) -> None:
    """Also where the Latent view has not been in front since the presentation began."""
    person, window = trained, trained.window
    view: Any = window.view
    assert not view.panels.drawer.is_open
    person.show("train")
    window.toggle_presentation()
    person.keys("Alt+1")
    assert window.view.name == "latent"
    assert view.panels.drawer.is_open
    assert view.panels.front.name == "grid"
    window.toggle_presentation()


def the_type_follows_the_screen_that_is_filled(trained: Person) -> None:
    """A projector is plugged in, or its resolution changes, while the presentation goes on."""
    person, window = trained, trained.window
    begin_presentation(person, (1280, 800))
    before = current_theme().scale
    window.presentation.screen_size = lambda _: QSize(1920, 1080)
    window.resize(1920, 1080)
    person.wait(lambda: current_theme().scale == pytest.approx(24 / 13))
    assert before < 24 / 13
    leave_presentation(person)
    assert current_theme().scale == pytest.approx(1)


def test_a_window_that_is_closed_in_a_presentation_opens_where_it_was_before(
    person: Person, open_window: Callable[..., Person], folded_sidebars: None
) -> None:
    window = person.window
    window.resize(800, 640)  # the offscreen screen has 800 x 800 pixels: a wider one is not restored
    person.live(20)
    window.toggle_presentation()
    assert isinstance(window.presentation.geometry, QByteArray)
    close(person)
    again = open_window().window
    assert not again.isFullScreen()
    assert again.size().toTuple() == (800, 640)


def the_blank_key_works_in_a_field_for_a_number(trained: Person) -> None:
    """No number has a B; a dot belongs to the number, and a B to a text."""
    person, window = trained, trained.window
    window.activateWindow()
    person.wait(window.isActiveWindow)
    view: Any = window.view
    slider = view.explorer.sliders.column.sliders[0]
    window.toggle_presentation()
    for field, blanks in ((slider.box, True), (view.explorer.sliders.header.filter, False)):
        field.setFocus()
        person.wait(field.hasFocus)
        person.qtbot.keyClick(field, Qt.Key.Key_B)
        assert window.blank_screen.blank == blanks, field
        window.blank_screen.set_blank(False)
    assert view.explorer.sliders.header.filter.text() == "b"
    window.toggle_presentation()
