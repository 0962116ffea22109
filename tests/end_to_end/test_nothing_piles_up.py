"""Opening and closing parts of the real window many times leaves no Qt objects behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton, QWidget

from aestudio.gui.plots.map_plot import MapPlot
from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
from aestudio.gui.window.help_dialog import show_about, show_shortcuts
from aestudio.gui.window.sidebars.runs_panel import RunsPanel
from tests.gui.plots.mouse_input import wheel

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Person

# opening a menu offscreen
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)
TIMES = 12


def _objects(window: QWidget) -> tuple[int, int]:
    """(widgets of the application, objects below the window), without those to be deleted."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return len(QApplication.allWidgets()), len(window.findChildren(QObject))


def _close_popups() -> None:
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    while (dialog := QApplication.activeModalWidget()) is not None:
        dialog.close()


def _openers(person: Person) -> dict[str, Callable[[], None]]:
    window = person.window
    latent = window.views["latent"]
    runs = window.findChild(RunsPanel)
    item = runs.list.topLevelItem(0)
    found: dict[str, Callable[[], None]] = {
        "a run's menu": lambda: _right_click(
            person, runs.list.viewport(), runs.list.visualItemRect(item).center()
        ),
        "a digit's menu": lambda: _right_click(person, latent.explorer.image, QPoint(9, 9)),
        "shortcuts": lambda: show_shortcuts(window, window.commands),
        "about": lambda: show_about(window),
        "the map's menu": lambda: _right_click(person, _plot(latent), QPoint(90, 90)),
        "a new branch": window.history.open_branch,
    }
    for number, button in enumerate(window.findChildren(ExampleMenu)):
        found[f"example menu {number}"] = lambda button=button: button.menu().popup(QPoint(5, 5))
    for number, box in enumerate(window.findChildren(QComboBox)):
        found[f"box {number}"] = lambda box=box: box.isVisible() and box.showPopup()
    for number, button in enumerate(window.findChildren(QToolButton)):
        if button.menu() is not None and not isinstance(button, ExampleMenu):
            found[f"button {number}"] = lambda button=button: button.menu().popup(QPoint(5, 5))
    return found


def _right_click(person: Person, widget: QWidget, at: QPoint) -> None:
    person.window.context_menus.open_at(person.window, widget.mapToGlobal(at), by_keys=False)
    assert QApplication.activePopupWidget() is not None


def _plot(view: QWidget) -> MapPlot:
    return view.findChildren(MapPlot)[0]


@pytest.mark.thorough
def test_menus_and_dialogs_leave_no_objects(every_view: None, person: Person) -> None:
    person.wait(lambda: set(person.window.views.made) == set(person.window.views))
    person.show("latent")
    person.wait_computed()
    wheel(_plot(person.window.view), 3)
    grown = {}
    for name, opened in _openers(person).items():
        counts = []
        for _ in range(TIMES):
            opened()
            _close_popups()
            counts.append(_objects(person.window))
        if counts[-1] != counts[2]:  # objects created at the first opening may stay
            grown[name] = counts
    assert grown == {}
