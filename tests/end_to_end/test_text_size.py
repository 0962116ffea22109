"""The size of the text is the user's: by keys and menu, in the next window, and below a presentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.gui.theme.style import current_theme
from tests.end_to_end.test_presentation import begin_presentation, leave_presentation

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel

    from tests.end_to_end.conftest import Person

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)


@pytest.fixture
def active(person: Person) -> Person:
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    return person


@pytest.mark.thorough
def test_the_size_of_the_text(active: Person) -> None:
    """In one window: opening it takes longer than all of it."""
    keys_and_menu_change_all_type(active)
    sidebars_fold_and_open_again(active)
    a_presentation_has_the_larger_of_both_sizes(active)


def keys_and_menu_change_all_type(active: Person) -> None:
    window = active.window
    heading: QLabel = window.left.heading
    before = heading.fontMetrics().height()
    sizes = []
    for keys in ("Ctrl++", "Ctrl+=", "Ctrl++", "Ctrl++", "Ctrl+-", "Ctrl+Shift+T", "Ctrl+-"):
        active.keys(keys)
        assert current_theme().scale == active.state.text_size / 100
        sizes.append(active.state.text_size)
    assert sizes == [110, 125, 150, 150, 125, 100, 100]
    for name in ("text.larger", "text.larger"):
        active.action(name).trigger()
    was_open = window.is_open(window.left)
    window.sidebars.set_open(window.left, True)  # it folds in a window that larger text makes smaller
    assert heading.isVisible()
    assert heading.fontMetrics().height() >= 1.2 * before
    window.sidebars.set_open(window.left, was_open)
    active.action("text.normal").trigger()
    window.sidebars.set_open(window.left, True)
    assert heading.fontMetrics().height() == before


def a_presentation_has_the_larger_of_both_sizes(person: Person) -> None:
    person.window.session.update(text_size=150)
    begin_presentation(person, (1920, 1080))
    presented = current_theme().scale
    assert presented == pytest.approx(24 / 13)
    leave_presentation(person)
    assert current_theme().scale == 1.5
    begin_presentation(person, (800, 600))  # it would be smaller there
    assert current_theme().scale == 1.5
    person.window.session.preferences.restore_text_size()
    assert current_theme().scale < 1.2
    leave_presentation(person)
    assert current_theme().scale == 1.0


def test_the_next_window_has_the_same_size(person: Person, open_window: Callable[..., Person]) -> None:
    person.window.session.preferences.change_text_size(1)
    assert open_window().state.text_size == 110
    assert current_theme().scale == 1.1


def sidebars_fold_and_open_again(person: Person) -> None:
    window = person.window
    window.resize(1480, 900)
    person.live(20)
    assert window.sidebars.shown == ("open", "open")
    window.session.update(text_size=150)  # 987 pixels at 100 %
    assert window.sidebars.shown == ("none", "none")
    window.session.update(text_size=100)
    assert window.sidebars.shown == ("open", "open")
