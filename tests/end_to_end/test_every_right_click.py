"""A right click on every visible part of every view, in every state of the window: its menu fits and is true.

Entries that are off say why, and each that can be chosen does something that is seen. What the entries of
each kind of thing do is checked in `test_context_menus.py`.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QPlainTextEdit, QWidget

from aestudio.gui.plots.themed_plot import ThemedPlot
from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.offer import Offering
from aestudio.gui.widgets.plain_text import text_of_label
from tests.end_to_end.conftest import pixels
from tests.end_to_end.test_context_menus import DECORATION, IMAGES, PLOTS
from tests.end_to_end.test_every_command import STATES, closed, is_seen, rest, stop
from tests.guards import LoggedErrors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAction

    from tests.end_to_end.conftest import Person

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)

OF_QT = (QLineEdit, QPlainTextEdit)  # have Cut, Copy and Paste
CHANGES_STATE = ("Show in ", "Remove", "Delete", "Open", "Quit")
opened: list[str] = []


# ---- what is clicked --------------------------------------------------------------------------------


def parts(window: QWidget) -> Iterator[tuple[QWidget, QPoint]]:
    """Everything that can be seen in a window, with a point of it that nothing else covers."""
    for part in window.findChildren(QWidget):
        if part.window() is not window or not part.isVisible() or isinstance(part, (*OF_QT, QMenu)):
            continue
        if isinstance(part.parent(), (ThemedPlot, *OF_QT)):  # its viewport
            continue
        seen = part.visibleRegion().boundingRect()
        if seen.isEmpty() or type(part).__name__ in DECORATION:
            continue
        at = seen.center()
        if is_on_top(part, at):
            yield part, at


def is_on_top(part: QWidget, at: QPoint) -> bool:
    """Whether this point of it can be clicked."""
    try:
        if not part.isVisible() or part.visibleRegion().isEmpty():
            return False
    except RuntimeError:  # deleted: an entry that was chosen replaced it
        return False
    return part.window().childAt(part.mapTo(part.window(), at)) is part or isinstance(part, ThemedPlot)


def menu_at(part: QWidget, at: QPoint) -> QMenu | None:
    """The menu of a right click, if one opens."""
    right = Qt.MouseButton.RightButton
    if isinstance(part, ThemedPlot):
        QTest.mouseClick(part.viewport(), right, pos=at)
    elif isinstance(part, DrawingPad):
        QTest.mouseClick(part, right, pos=at)
    elif isinstance(part, QAbstractButton) and not part.isEnabled():
        QTest.mouseClick(part.window().windowHandle(), right, pos=part.mapTo(part.window(), at))
    else:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, part.mapToGlobal(at))
        QApplication.sendEvent(part, event)
    for _ in range(5):
        QApplication.processEvents()
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            return menu
    return None


def entries(menu: QMenu) -> list[QAction]:
    return [one for one in menu.actions() if not one.isSeparator()]


def text_of(action: QAction) -> str:
    return action.text().split("\t")[0]


# ---- whether the menu fits --------------------------------------------------------------------------


def misfits(part: QWidget, menu: QMenu | None, main: bool) -> Iterator[str]:
    """What is wrong with a menu. main: of the main window, where everything has one"""
    explained = bool(part.toolTip())
    if menu is None:
        if main or isinstance(part, Offering) or explained or text_of_label(part):
            yield "has no menu"
        return
    texts = [text_of(one) for one in entries(menu)]
    doubled = {text for text in texts if texts.count(text) > 1}
    if doubled:
        yield f"has {doubled} twice"
    if not any(one.isEnabled() for one in entries(menu)):
        yield f"has nothing that can be chosen: {texts}"
    for one in entries(menu):
        if not one.isEnabled() and one.objectName() != "heading" and one.toolTip() in ("", one.text()):
            yield f"has {text_of(one)!r}, which is off without a reason"
    if explained and "What is this?" not in texts:
        yield f"has a tooltip and no explanation: {texts}"
    if isinstance(part, IMAGES) and not {"Copy image", "Copy all images"} & set(texts):
        yield f"is an image that cannot be copied: {texts}"
    if isinstance(part, PLOTS) and not {"Copy plot", "Save plot as ...", "Save data as ..."} <= set(texts):
        yield f"is a plot that cannot be saved: {texts}"


def signature(part: QWidget, menu: QMenu) -> tuple[str, ...]:
    """Menus that are alike are tried once."""
    return (type(part).__name__, *(f"{text_of(one)} {one.isEnabled()}" for one in entries(menu)[1:]))


# ---- whether each entry does something --------------------------------------------------------------


def silent(person: Person, part: QWidget, at: QPoint, number: int) -> str:
    """Choose an entry; what is wrong with what can be seen of it, "" if nothing is."""
    session = person.window.session
    session.show_message("")
    QGuiApplication.clipboard().clear()
    opened.clear()
    rest(person)
    menu = menu_at(part, at)
    if menu is None:
        return ""  # what was there has been replaced
    found = entries(menu)
    if number >= len(found) or not found[number].isEnabled():
        menu.close()
        return ""
    action, text = found[number], text_of(found[number])
    was_on = action.isChecked()
    menu.close()
    before = pixels(part.window()).tobytes()
    action.trigger()
    over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if over is not None:
        closed(person)
        return ""
    rest(person)
    copied = not QGuiApplication.clipboard().image().isNull() or QGuiApplication.clipboard().text()
    if person.state.message.text or opened or copied or was_on or closed(person):
        return ""
    return "" if is_seen(person, before) else f"{text!r} is silent"


def walk(
    person: Person, tried: set[tuple[str, ...]], found: list[str], where: str, over: QWidget | None = None
) -> None:
    """Every part of what is in front. over: a dialog, or a window beside the main one"""
    window = over or person.window
    for part, at in list(parts(window)):
        if not is_on_top(part, at):
            continue
        name = f"{where}, {type(part).__name__} {part.accessibleName() or part.objectName()!r}"
        menu = menu_at(part, at)
        found += [f"{name} {wrong}" for wrong in misfits(part, menu, over is None)]
        if menu is None:
            continue
        known, count = signature(part, menu), len(entries(menu))
        names = [text_of(one) for one in entries(menu)]
        menu.close()
        if known in tried or over is not None:
            continue
        tried.add(known)
        for number in range(count):
            if (names[number],) in tried or names[number].startswith(CHANGES_STATE):
                continue
            if names[number] in ALIKE:
                tried.add((names[number],))
            wrong = silent(person, part, at, number)
            found += [f"{name}: {wrong}"] if wrong else []


ALIKE = ("Copy image of the view", "Picture of the view ...", "What is this?", "Copy text")


@pytest.mark.slow
@pytest.mark.parametrize("name", STATES)
def test_every_right_click_opens_a_menu_that_fits(
    person: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    errors, found = LoggedErrors(), []
    tried: set[tuple[str, ...]] = set()
    logging.getLogger().addHandler(errors)
    try:
        STATES[name][1](person)
        for view in person.window.views.known:
            person.window.show_view(view)
            rest(person)
            latent: Any = person.window.views["latent"] if view == "latent" else None
            for panel in latent.panels.known if latent is not None else ("",):
                if panel:
                    person.window.show_panel(panel)
                STATES[name][1](person)
                rest(person)
                walk(person, tried, found, f"{view} {panel}")
                found += [f"{view} {panel}: {record.getMessage()}" for record in errors.records]
                errors.records.clear()
    finally:
        logging.getLogger().removeHandler(errors)
        if person.state.presentation:
            person.window.toggle_presentation()
        stop(person)
    assert found == [], "\n".join(found)


# ---- dialogs, and windows beside the main one -------------------------------------------------------

DIALOGS = (
    "runs.all",
    "recipe.gallery",
    "queue.show",
    "image.tags",
    "run.share",
    "export.animation",
    "window.preferences",
    "help.glossary",
    "help.shortcuts",
    "help.about",
)


@pytest.mark.slow
def test_dialogs_and_windows_have_menus_too(person: Person) -> None:
    """What a text says is copied, a tooltip explains itself; between the parts nothing opens."""
    found: list[str] = []
    STATES["a training that has ended"][1](person)
    commands = person.window.commands

    def compare() -> None:
        person.window.compare_runs(person.state.runs[:2])

    opening = {name: partial(commands.run, name) for name in DIALOGS} | {"compared runs": compare}
    for name, show in opening.items():
        show()
        rest(person)
        top = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not person.window]
        assert top, name
        for window in top:
            walk(person, set(), found, name, window)
        closed(person)
    assert found == [], "\n".join(found)
