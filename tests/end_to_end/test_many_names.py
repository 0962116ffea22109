"""Hundreds of classes and bookmarks: every menu and popup fits the screen, and offers all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QMenu

from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
from aestudio.gui.widgets.name_menu import NameList
from tests.end_to_end.conftest import small
from tests.end_to_end.test_popups import open_and_close
from tests.end_to_end.test_presenter_keys import every_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.state.workspace import Example
    from tests.end_to_end.conftest import Person

CLASSES = 1_200
NAMES = tuple(f"<b>kind</b> &{number}" for number in range(CLASSES))
SCREEN = (800, 600)


@pytest.fixture
def person_with_classes(
    open_window: Callable[..., Person], digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> Person:
    """A window with images of 1,200 classes and a trained model of 100 dimensions."""

    def named(seed: int, count: int) -> Any:
        return np.random.default_rng(seed).integers(0, CLASSES, count).astype(np.int64)

    data = replace(
        digits,
        train=replace(digits.train, labels=named(1, len(digits.train)), class_names=NAMES),
        test=replace(digits.test, labels=named(2, len(digits.test)), class_names=NAMES),
    )
    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", lambda *_, **__: data)
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")
    person = open_window()
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    person.window.session.recipe.choose_recipe(small(latent_size=100, epochs=1))
    person.window.resize(*SCREEN)
    person.click(person.window.start_button)
    person.wait_phase("ended")
    person.show("latent")
    person.wait_computed()
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    return person


def menus_of(menu: QMenu) -> list[QMenu]:
    """A menu and all below it."""
    below = [action.menu() for action in menu.actions()]
    return [menu, *(deeper for one in below if isinstance(one, QMenu) for deeper in menus_of(one))]


def submenu(menu: QMenu, title: str) -> QMenu:
    found = next(one for one in menus_of(menu) if one.title() == title)
    assert found.isEnabled()
    return found


def every_menu_fits_the_screen(person: Person) -> None:
    workspace = person.window.session.workspace
    for number in range(40):
        workspace.bookmark()
        workspace.rename_bookmark(number, f"<i>mark</i> {number}")
    person.window.show_panel("interpolation")
    button = person.window.findChildren(ExampleMenu)[0]
    menus = menus_of(button.fill())
    assert len(menus) == 3
    for menu in menus:
        size = menu.sizeHint()
        assert size.width() <= SCREEN[0], menu.title()
        assert size.height() <= SCREEN[1], menu.title()
    (bookmarks,) = submenu(button.fill(), "Bookmark").findChildren(NameList)
    assert bookmarks.item(39).text() == "<i>mark</i> 39"


def a_class_is_chosen_by_keys_and_by_a_click(person: Person) -> None:
    person.window.show_panel("interpolation")
    person.wait(lambda: any(one.isVisible() for one in person.window.findChildren(ExampleMenu)), 10_000)
    button = next(one for one in person.window.findChildren(ExampleMenu) if one.isVisible())
    chosen: list[Example] = []
    button.chosen.disconnect()
    button.chosen.connect(chosen.append)

    menu = button.menu()
    menu.popup(button.mapToGlobal(QPoint(0, 0)))
    classes = submenu(menu, "Mean of a class")
    menu.setActiveAction(classes.menuAction())
    person.qtbot.keyClick(menu, Qt.Key.Key_Right)
    person.wait(classes.isVisible)
    (names,) = classes.findChildren(NameList)
    assert names.verticalScrollBar().isVisible()
    assert classes.screen().geometry().contains(classes.geometry())
    person.wait(lambda: classes.focusWidget() is names, 5_000)
    person.qtbot.keyClick(names, Qt.Key.Key_End)
    person.qtbot.keyClick(names, Qt.Key.Key_Return)
    person.wait(lambda: not menu.isVisible())
    assert [one.label for one in chosen] == [CLASSES - 1]

    menu.popup(button.mapToGlobal(QPoint(0, 0)))
    classes = submenu(menu, "Mean of a class")
    menu.setActiveAction(classes.menuAction())
    person.qtbot.keyClick(menu, Qt.Key.Key_Right)
    person.wait(classes.isVisible)
    (names,) = classes.findChildren(NameList)
    person.click(names.viewport(), names.visualItemRect(names.item(3)).center())
    person.wait(lambda: not menu.isVisible())
    assert [one.label for one in chosen] == [CLASSES - 1, 3]
    assert names.item(3).text() == NAMES[3]


def every_box_has_a_bar(person: Person) -> None:
    problems, opened = [], 0
    for page in every_page(person):
        for box in person.window.findChildren(QComboBox):
            if box.isVisible() and box.isEnabled() and not box.visibleRegion().isEmpty():
                opened += 1
                problems.append((page, open_and_close(box)))
    QApplication.processEvents()
    assert opened > 8
    assert [problem for problem in problems if problem[1]] == []


def reconstruct_is_no_wider_than_the_window(person: Person) -> None:
    """Also after it was in a wide window, which has the classes beside the orders."""
    person.show("reconstruct")
    view: Any = person.window.view
    view.orders.choose("class")
    for size in ((1920, 1080), (1024, 640), SCREEN):
        person.window.resize(*size)
        person.settle()
        page: Any = person.window.views.stack.currentWidget()
        assert page.horizontalScrollBar().maximum() == 0, size
    view.orders.choose("random")


@pytest.mark.thorough
@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_every_menu_and_popup_offers_all_names(person_with_classes: Person) -> None:
    """One window for all checks: opening it takes longer than the checks."""
    every_menu_fits_the_screen(person_with_classes)
    a_class_is_chosen_by_keys_and_by_a_click(person_with_classes)
    every_box_has_a_bar(person_with_classes)
    reconstruct_is_no_wider_than_the_window(person_with_classes)
