"""Every shortcut of a menu, a button, a tooltip, the list in Help or the README runs its command."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QTabBar, QWidget

from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.window.gallery import Gallery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.end_to_end.conftest import Person

NAMED = re.compile(r"\b((?:(?:Ctrl|Alt|Shift)\+)+(?:F\d{1,2}|[A-Z0-9.]\b|[A-Z][a-z]+)|(?<!\+)F\d{1,2})")
# Keys that a widget names and handles itself, not commands of the window; other tests check them.
OF_WIDGETS = {"Shift+Left", "Shift+Right", "F2"}
README = Path(__file__).parents[2] / "README.md"


def normal(keys: str) -> str:
    return QKeySequence(keys).toString()


def named_in(texts: Iterable[str]) -> set[str]:
    return {normal(keys) for text in texts for keys in NAMED.findall(text)} - OF_WIDGETS


def tooltips(window: QWidget) -> set[str]:
    found = {widget.toolTip() for widget in window.findChildren(QWidget)}
    for bar in window.findChildren(QTabBar):
        found |= {bar.tabToolTip(index) for index in range(bar.count())}
    return found


@pytest.fixture
def active(person: Person) -> Person:
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    return person


def record_commands(person: Person) -> list[str]:
    """Replace every command by one that records its shortcut; one of the commands would quit."""
    ran: list[str] = []
    for action in person.window.actions_by_id.values():
        action.triggered.disconnect()
        action.triggered.connect(partial(_append_key, ran, action.shortcut()))
    for shortcut in person.window.findChildren(QShortcut):
        shortcut.activated.connect(partial(_append_key, ran, shortcut.key()))
    return ran


def _append_key(ran: list[str], keys: QKeySequence, *_: object) -> None:
    ran.append(keys.toString())


@pytest.mark.thorough
def test_every_documented_shortcut_runs_its_command(active: Person) -> None:
    person = active
    for name in person.window.views.known:
        person.show(name)
        person.wait_computed()
    person.show("latent")
    person.keys("F1")
    help_list = QApplication.activeModalWidget()
    assert help_list is not None
    listed = named_in(label.text() for label in help_list.findChildren(QLabel))
    help_list.close()
    QApplication.processEvents()
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    ran = record_commands(person)
    documented = named_in(tooltips(person.window)) | named_in([README.read_text("utf-8")]) | listed
    documented |= {action.shortcut().toString() for action in person.window.actions_by_id.values()} - {""}
    assert {"Ctrl+G", "F11", "Ctrl+Return", "Alt+3", "Ctrl+Shift+B"} <= documented
    presentation = {
        QKeySequence(keys).toString(): command.shortcut
        for command in person.window.commands.values()
        for keys in command.all_shortcuts
        if command.keys_in == "presentation"
    }
    assert presentation == {"PgDown": "PgDown", "PgUp": "PgUp", "B": "B", ".": "B"}
    of_the_list = {
        QKeySequence(keys).toString(): command.shortcut
        for command in person.window.commands.values()
        for keys in command.all_shortcuts
        if command.keys_in == "runs"
    }
    assert of_the_list == {"F2": "F2", "Del": "Del", "Backspace": "Del"}
    for keys, first in of_the_list.items():
        person.window.view.setFocus()
        person.keys(keys, person.window.view)
        assert not ran, f"{keys} is of the list of runs only"
        person.window.right.runs.list.setFocus()
        person.keys(keys, person.window.right.runs.list)
        assert ran == [first], keys
        ran.clear()
    person.window.view.setFocus()
    for keys in sorted(documented - {"Esc"} - set(of_the_list)):
        before = len(ran)
        person.keys(keys)
        assert ran[before:] == ([] if keys in presentation else [keys]), keys
    person.window.toggle_presentation()
    for keys, first in presentation.items():
        before = len(ran)
        person.keys(keys)
        assert ran[before:] == [first], keys
    person.window.toggle_presentation()


def test_the_keys_of_sliders_map_and_gallery(active: Person) -> None:
    """One window for all checks: opening it takes longer than the checks."""
    active.show("latent")
    active.wait_computed()
    check_the_keys_of_the_buttons_of_a_slider(active)
    check_the_keys_of_the_tools_of_the_map(active)
    for _ in range(2):  # whatever is shown: with the left sidebar, and without it
        check_ctrl_g_opens_the_gallery(active)
        active.window.toggle_sidebar(active.window.left)
    check_ctrl_g_explains_why_it_is_disabled_during_a_training(active)


def check_the_keys_of_the_buttons_of_a_slider(person: Person) -> None:
    slider = next(one for one in person.window.findChildren(LatentSlider) if one.isVisible())
    switched: list[str] = []
    slider.switched.connect(lambda name, _on: switched.append(name))
    for name, button in slider.buttons.items():
        key = re.search(r"\(([A-Z])\)", button.toolTip())
        assert key is not None
        slider.setFocus()
        person.qtbot.keyClick(slider, Qt.Key(ord(key[1])))
        assert switched[-1] == name
        person.qtbot.keyClick(slider, Qt.Key(ord(key[1])))  # off again


def check_the_keys_of_the_tools_of_the_map(person: Person) -> None:
    panel = person.window.view.map  # type: ignore[attr-defined]
    assert "(L)" in panel.tools.lasso.toolTip()
    person.qtbot.keyClick(panel.map.plot, Qt.Key.Key_L)
    assert panel.tools.lasso.isChecked()
    assert "(Home)" in panel.tools.fit.toolTip()
    box = panel.map.plot.view_box
    whole = box.viewRange()
    box.scaleBy((0.5, 0.5))
    assert box.viewRange() != whole
    person.qtbot.keyClick(panel.map.plot, Qt.Key.Key_Home)
    person.wait(lambda: box.viewRange() == whole)


def check_ctrl_g_opens_the_gallery(person: Person) -> None:
    person.keys("Ctrl+G")
    gallery = QApplication.activeModalWidget()
    assert isinstance(gallery, Gallery)
    gallery.close()
    QApplication.processEvents()
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)


def check_ctrl_g_explains_why_it_is_disabled_during_a_training(person: Person) -> None:
    person.click(person.window.left.training.start)
    person.wait(lambda: person.training.active)
    person.keys("Ctrl+G")
    assert QApplication.activeModalWidget() is None
    assert "stop it first" in person.state.message.text
