"""A view that was hidden while the type became larger looks as if it had been in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QApplication, QGraphicsView, QSplitterHandle, QWidget

from aestudio.gui.theme import late_parts
from aestudio.gui.theme.style import apply_theme, current_theme
from tests.end_to_end.test_presentation import begin_presentation, leave_presentation

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person

Looks = dict[str, tuple[int, str, QRect]]


class StyleChanges(QObject):
    """Notes which widgets a change of the style reaches."""

    def __init__(self) -> None:
        super().__init__()
        self.widgets: set[int] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            self.widgets.add(id(watched))
        return False


def looks_of(window: QWidget) -> Looks:
    """Type, colour and place of everything that is visible, by its number and kind.

    A plot has no type of its own: its axes and texts have. The handle of a splitter writes nothing.
    """
    visible = [part for part in window.findChildren(QWidget) if part.isVisible() and not part.isWindow()]
    return {
        f"{number} {type(part).__name__}": (
            0 if isinstance(part, QGraphicsView | QSplitterHandle) else part.font().pixelSize(),
            part.palette().windowText().color().name(),
            QRect(part.mapTo(window, QPoint(0, 0)), part.size()),
        )
        for number, part in enumerate(visible)
    }


def differences(late: Looks, at_once: Looks) -> str:
    return "\n".join(
        f"{key}: {late.get(key)}, {at_once.get(key)}"
        for key in late.keys() | at_once.keys()
        if late.get(key) != at_once.get(key)
    )


def check_every_view(person: Person, where: str) -> None:
    """Each view as it is when it is shown late, and after all of the window was dressed again."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for name in person.window.views:
        person.window.show_view(name)
        person.settle()
        late = looks_of(person.window)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(late_parts, "_parts", {})
            apply_theme(app, current_theme(), current_theme().scale)
        person.settle()
        assert differences(late, looks_of(person.window)) == "", f"{where}, {name}"


@pytest.mark.thorough
def test_a_view_that_was_hidden_looks_as_if_it_had_been_in_front(person: Person) -> None:
    window = person.window
    for name in window.views:
        window.show_view(name)
        person.settle()
    window.show_view("latent")
    person.settle()
    told = StyleChanges()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.installEventFilter(told)
    begin_presentation(person, (1280, 800))
    app.removeEventFilter(told)
    all_of_it = len(window.findChildren(QWidget))
    assert len(told.widgets) < all_of_it / 2, "most of the window is hidden, and costs nothing"
    check_every_view(person, "presentation")
    leave_presentation(person)
    person.settle()
    check_every_view(person, "after it")
    person.open_sidebars()
    person.settle()
    late = looks_of(window)
    for sidebar in (window.left, window.right):
        window.sidebars.set_open(sidebar, False)
    assert window.theme_holder is not None
    window.theme_holder.set_scheme("light")
    window.theme_holder.set_scheme("dark")
    person.open_sidebars()
    person.settle()
    assert differences(late, looks_of(window)) == "", "sidebars"
