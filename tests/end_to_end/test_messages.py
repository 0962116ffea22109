"""A message is never cut: it has the whole line, or is shown in full above it, and moves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person

SHORT = "The run was renamed."
LONG = (
    "Wrote 10,000 codes to /home/somebody/a folder with a long name/autoencoders/2026/" + "x" * 180 + ".npz."
)


@pytest.mark.thorough
def test_a_message_is_read_in_full(person: Person) -> None:
    for size in ((800, 600), (1024, 640), (1280, 800)):
        check_a_message_is_read_in_full(person, size)
    check_a_wide_window_needs_no_help_for_a_message(person)
    check_a_presentation_shows_what_the_lecturer_has_to_know(person)


def check_a_message_is_read_in_full(person: Person, size: tuple[int, int]) -> None:
    window = person.window
    window.resize(*size)
    person.settle()
    line, whole = window.status, window.whole_message
    window.session.show_message(SHORT)
    person.settle()
    assert line._message.shown == SHORT
    assert not whole.isVisible()
    before = window.stack.geometry(), line.geometry()
    window.session.show_message(LONG, "bad")
    person.settle()
    assert whole.isVisible()
    assert whole.label.text() == LONG
    assert whole.label.heightForWidth(whole.label.width()) <= whole.label.height()
    assert QRect(0, 0, window.width(), line.y()).contains(whole.geometry())
    assert (window.stack.geometry(), line.geometry()) == before, "nothing moves"
    person.click(whole)
    assert not whole.isVisible()
    window.session.show_message(LONG + "!")
    assert whole.isVisible()
    window.session.show_message(SHORT)
    assert not whole.isVisible()


def check_a_wide_window_needs_no_help_for_a_message(person: Person) -> None:
    window = person.window
    window.resize(800, 600)
    person.settle()
    text = "x" * 150
    window.session.show_message(text)
    assert window.whole_message.isVisible()
    window.resize(1920, 1080)
    person.wait(lambda: not window.whole_message.isVisible())
    person.wait(lambda: window.status._message.shown == text)


def check_a_presentation_shows_what_the_lecturer_has_to_know(person: Person) -> None:
    window = person.window
    window.toggle_presentation()
    person.settle()
    window.session.show_message(SHORT)
    assert not window.whole_message.isVisible()
    window.session.show_message(LONG, "bad")
    assert window.whole_message.isVisible()
    bottom = window.whole_message.geometry().bottom()
    assert bottom < window.line.y()
    window.toggle_presentation()
