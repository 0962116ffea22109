"""Attribute vectors in the real window: groups become a slider, a - b + c, other classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.end_to_end.conftest import pixels, small

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
    from aestudio.gui.views.latent.examples.example_row import ExampleRow
    from aestudio.gui.views.latent.panels.attribute_vectors import AttributeVectorsPanel
    from tests.end_to_end.conftest import Person


@pytest.fixture
def trained(person: Person) -> Person:
    """A model of four numbers, trained for two epochs, and the attribute vectors in front."""
    person.window.resize(1280, 800)
    person.window.session.recipe.choose_recipe(small(latent_size=4, epochs=2))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    view: Any = person.window.views["latent"]
    tabs = view.panels.tabs
    person.click(tabs, tabs.tabRect(list(view.panels.known).index("attribute vectors")).center())
    person.wait(lambda: person.state.exploration.image is not None and not person.state.pending)
    return person


def panel(person: Person) -> AttributeVectorsPanel:
    view: Any = person.window.views["latent"]
    return view.panels["attribute vectors"]


def choose(button: ExampleMenu, text: str, inside: str = "") -> None:
    menu: Any = button.fill()
    if inside:
        (menu,) = (action.menu() for action in menu.actions() if action.text() == inside)
    (action,) = (action for action in menu.actions() if action.text() == text)
    assert action.isEnabled()
    action.trigger()


def drop(row: ExampleRow, source: ExampleRow, index: int) -> None:
    """Send the events of a cell that is dropped on another row."""
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QApplication

    at = QPointF(QPoint(2, 10))
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    mime = source.mime_of(index)  # the event does not keep it alive
    QApplication.sendEvent(row, QDragEnterEvent(at.toPoint(), action, mime, left, none))
    QApplication.sendEvent(row, QDropEvent(at, action, mime, left, none))


def text_of(widget: QWidget) -> str:
    return widget.text()  # type: ignore[attr-defined]


@pytest.mark.thorough
def test_attribute_vectors(trained: Person) -> None:
    """One window for all checks: opening it and training take longer than the checks."""
    groups_become_a_slider_that_changes_the_image_until_undo(trained)
    begin_anew(trained)
    a_minus_b_plus_c_is_shown_and_saved(trained)
    begin_anew(trained)
    the_image_in_other_classes(trained)


def begin_anew(person: Person) -> None:
    """The code of the selected image, and no selection, bookmarks or examples."""
    session = person.window.session
    session.workspace.select(None)
    session.workspace.set_groups((), ())
    while person.state.workspace.bookmarks:
        session.workspace.remove_bookmark(0)
    session.explore.reset()
    person.wait_computed()


def groups_become_a_slider_that_changes_the_image_until_undo(trained: Person) -> None:
    person, page = trained, panel(trained).groups
    session = person.window.session
    assert "at least one example" in page.preview.hint
    labels = person.state.image_set.labels  # type: ignore[union-attr]
    page.menus[0].fill()
    page.menus[0].number.setValue(4)
    page.menus[0]._add_number()
    person.wait(lambda: len(page.rows[0].cells) == 1)
    choose(page.menus[1], "1", "Mean of a class")
    person.wait(lambda: "No uncertainty" in text_of(page.statistics))
    session.workspace.select(np.array([5, 6, 7]))
    choose(page.menus[0], "The lassoed images (3)")
    person.wait(lambda: "±" in text_of(page.statistics))
    assert text_of(page.statistics).startswith(f"{int((labels == 1).sum())} against 4")
    drop(page.rows[0], page.rows[1], 0)  # moved to the other group; one Undo moves it back
    assert [len(group) for group in person.state.workspace.groups] == [3, 0]
    person.keys("Ctrl+Z")
    assert [len(group) for group in person.state.workspace.groups] == [2, 1]
    person.wait(lambda: page.add_slider.isEnabled() and page.preview.count == 3)

    codes = session_codes(person)
    person.click(page.add_slider)
    (direction,) = person.state.workspace.directions
    expected = codes[labels == 1].mean(0) - codes[[4, 5, 6, 7]].mean(0)
    np.testing.assert_allclose(direction.vector, expected, atol=1e-4)
    b, a = codes[labels == 1], codes[[4, 5, 6, 7]]
    error = np.sqrt(a.var(0, ddof=1) / len(a) + b.var(0, ddof=1) / len(b))
    np.testing.assert_allclose(direction.error, error, rtol=1e-3)

    view: Any = person.window.views["latent"]
    before, decoded_code = pixels(view.explorer.image), person.state.exploration.decoded_code
    session.workspace.set_amount(0, 1.0)
    np.testing.assert_allclose(
        person.state.exploration.decoded_code, decoded_code + direction.vector, atol=1e-5
    )  # type: ignore[operator]
    person.wait(lambda: not np.array_equal(before, pixels(view.explorer.image)))
    person.keys("Ctrl+Z")
    person.wait(lambda: np.array_equal(before, pixels(view.explorer.image)))
    person.keys("Ctrl+Z")
    assert person.state.workspace.directions == ()


def session_codes(person: Person) -> Any:
    from aestudio.inference.frozen_model import FrozenModel

    assert person.state.snapshot is not None
    assert person.state.image_set is not None
    return FrozenModel(person.state.snapshot).encode(person.state.image_set.images).mean


def a_minus_b_plus_c_is_shown_and_saved(trained: Person) -> None:
    person, shown = trained, panel(trained)
    person.keys("Ctrl+Shift+D")
    shown.choice.setFocus()
    person.keys("Down", shown.choice)
    page = shown.analogy
    person.wait(lambda: len(shown.bookmarks.row.cells) == 1)
    drop(page.slots[0], shown.bookmarks.row, 0)
    choose(page.menus[1], "Selected image (0)")
    choose(page.menus[2], "The current code")
    person.wait(page.go.isEnabled)
    codes = session_codes(person)
    a = person.state.workspace.bookmarks[0].code
    c = person.state.exploration.decoded_code
    person.window.session.explore.move_to(np.zeros(4, np.float32))
    person.click(page.go)
    np.testing.assert_allclose(person.state.exploration.decoded_code, a - codes[0] + c, atol=1e-4)  # type: ignore[operator]
    person.click(page.bookmark)
    assert len(person.state.workspace.bookmarks) == 2
    np.testing.assert_allclose(person.state.workspace.bookmarks[1].code, a - codes[0] + c, atol=1e-4)
    page.slots[1].setFocus()
    person.keys("Delete", page.slots[1])
    person.wait(lambda: not page.go.isEnabled())
    assert "Choose a, b and c" in text_of(page.message)


def the_image_in_other_classes(trained: Person) -> None:
    person, shown = trained, panel(trained)
    shown.choice.setFocus()
    while shown.choice.currentIndex() < 2:
        person.keys("Down", shown.choice)
    page = shown.classes
    person.wait(lambda: page.grid.count == 10)
    assert "Class means swapped" in text_of(page.message)
    digits = person.state.image_set
    assert digits is not None
    assert digits.labels is not None
    codes, own = session_codes(person), int(digits.labels[0])
    assert page.grid.selected == own
    other = (own + 3) % 10
    expected = codes[0] - codes[digits.labels == own].mean(0) + codes[digits.labels == other].mean(0)
    person.click(page.grid, page.grid.cell_rect(other).center().toPoint())
    np.testing.assert_allclose(person.state.exploration.decoded_code, expected, atol=1e-4)  # type: ignore[arg-type]
