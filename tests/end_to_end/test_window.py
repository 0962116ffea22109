"""The window itself: keys, tooltips, names for screen readers, Tab, themes, presentation."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.end_to_end.conftest import pixels

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tests.end_to_end.conftest import Person


def controls(window: QWidget) -> list[QWidget]:
    """All visible controls that can be clicked, moved or typed into."""
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar

    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)
    return [
        widget
        for kind in kinds
        for widget in window.findChildren(kind)
        if widget.isVisibleTo(window)
        and not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith("qt_")
        and type(widget).__module__.startswith(("aestudio", "PySide6"))
        and type(widget).__name__ not in ("QTabBarArrow", "CloseButton")
        and "QTabBar" not in type(widget.parent()).__name__
    ]


def described(widget: QWidget) -> str:
    text = getattr(widget, "text", lambda: "")()
    inside = " < ".join(type(p).__name__ for p in parents(widget)[:3])
    return f"{type(widget).__name__} {text!r} in {inside}"


def parents(widget: QWidget) -> list[QWidget]:
    found = []
    while (above := widget.parentWidget()) is not None:
        found.append(above)
        widget = above
    return found


def every_control_has_a_tooltip_and_a_name(person: Person) -> None:
    lacking = set()
    assert person.window.left.recipe.form is not None
    person.window.left.recipe.form.set_expanded(True)
    for name in person.window.views:
        person.show(name)
        person.wait_computed()
        if name == "latent":
            assert len(controls(person.window)) > 20
        for widget in controls(person.window):
            text = getattr(widget, "text", lambda: "")()
            if not widget.toolTip():
                lacking.add(f"no tooltip: {described(widget)}")
            if not (widget.accessibleName() or text):
                lacking.add(f"no name: {described(widget)}")
    assert not lacking, "\n".join(sorted(lacking))


def menus_have_tooltips_and_unique_shortcuts_and_help_lists_them_all(person: Person) -> None:
    from PySide6.QtGui import QAction, QKeySequence, QShortcut
    from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel

    window = person.window
    actions = [
        action for action in window.findChildren(QAction) if action.objectName() in window.actions_by_id
    ]
    # What must be chosen from is filled into its submenu when that opens.
    single = [one for one in window.commands.values() if one.choices is None]
    assert len(actions) == sum(1 for one in single if one.menu or one.shortcut)
    assert {"view.next", "view.previous", "window.blank", "window.escape"} <= window.commands.keys()
    assert all(action.toolTip() for action in actions)
    native = QKeySequence.SequenceFormat.NativeText
    keys = [one.toString(native) for action in actions for one in action.shortcuts()]
    keys.append(QKeySequence("Esc").toString(native))  # the window takes it if no widget does
    keys += [shortcut.key().toString(native) for shortcut in window.findChildren(QShortcut)]
    keys += [
        button.shortcut().toString(native)
        for button in window.findChildren(QAbstractButton)
        if not button.shortcut().isEmpty() and not button.shortcut().toString().startswith("Alt+")
    ]
    assert len(keys) == len(set(keys)), sorted(keys)
    person.keys("F1")
    dialog = window.findChild(QDialog)
    assert dialog is not None
    listed = {label.text() for label in dialog.findChildren(QLabel)}
    assert set(keys) <= listed, set(keys) - listed
    person.keys("Escape", dialog)
    person.wait(lambda: window.findChild(QDialog) is None)


def tab_moves_through_the_left_sidebar_and_back_to_its_top(person: Person) -> None:
    from PySide6.QtWidgets import QApplication

    window = person.window
    window.activateWindow()
    start = window.left.fold
    start.setFocus()
    person.wait(start.hasFocus)
    focused: list[QWidget] = []
    for _ in range(200):
        person.keys("Tab", QApplication.focusWidget())
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus is start:
            break
        focused.append(focus)
    assert QApplication.focusWidget() is start, [described(widget) for widget in focused[:60]]
    assert len(focused) == len(set(focused)), "Tab reaches no widget twice"
    sidebar = [widget for widget in focused if window.left.isAncestorOf(widget)]
    tops = [widget.mapTo(window.left, widget.rect().topLeft()).y() for widget in sidebar]
    jumps = [(above, below) for above, below in itertools.pairwise(tops) if below < above - 8]
    assert not jumps, f"upward in the left sidebar: {[described(widget) for widget in sidebar]}"
    box = window.left.recipe
    assert {window.left.training.start, window.left.data.dataset, box.choose, box.network} <= set(focused)


def views_by_key(person: Person) -> None:
    for number, name in enumerate(person.window.views, start=1):
        person.keys(f"Ctrl+{number}")
        assert person.window.view.name == name
        assert person.window.tabs.currentIndex() == number - 1


def digits_by_key(person: Person) -> None:
    person.keys("Ctrl+Right")
    assert person.state.selected == 1
    person.keys("Ctrl+Left")
    person.keys("Ctrl+Left")
    assert person.state.selected == 0
    person.keys("Ctrl+D")
    assert 0 <= person.state.selected < 120


def test_keys_tooltips_and_names(every_view: None, person: Person) -> None:
    """One window for all checks: opening it takes longer than the checks."""
    person.wait(lambda: set(person.window.views.made) == set(person.window.views))
    tab_moves_through_the_left_sidebar_and_back_to_its_top(person)
    digits_by_key(person)
    hidden_views_do_nothing(person)
    views_by_key(person)
    sidebars_fold_and_unfold(person)
    presentation_fills_the_screen_and_every_key_works(person)
    every_control_has_a_tooltip_and_a_name(person)
    menus_have_tooltips_and_unique_shortcuts_and_help_lists_them_all(person)


@pytest.mark.thorough
def test_themes_switch_while_the_window_is_open(person: Person) -> None:
    person.show("reconstruct")
    person.wait_computed()
    means = {}
    for text in ("Light", "Dark"):
        person.action(f"theme.{text.lower()}").trigger()
        person.wait_computed()
        means[text] = pixels(person.window).mean()
        for name in person.window.views:
            person.show(name)
            person.wait_computed()
    assert means["Light"] > 150 > 90 > means["Dark"]
    person.show("latent")
    person.wait(lambda: person.state.exploration.image is not None)
    image: Any = person.window.views["latent"].explorer.image  # type: ignore[attr-defined]
    before = pixels(image).mean()
    person.keys("Ctrl+Shift+I")
    person.wait(lambda: pixels(image).mean() > before + 60)


def sidebars_fold_and_unfold(person: Person) -> None:
    for keys, sidebar in (("Ctrl+B", person.window.left), ("Ctrl+I", person.window.right)):
        person.keys(keys)
        assert not sidebar.isVisible()
        person.keys(keys)
        assert sidebar.isVisible()


def presentation_fills_the_screen_and_every_key_works(person: Person) -> None:
    from aestudio.gui.theme.style import current_theme

    window = person.window
    person.keys("F11")
    assert window.isFullScreen()
    assert not window.left.isVisible()
    assert not window.menuBar().isVisible()
    screen = window.screen().size()
    largest = min(24 / 13 * screen.height() / 1080, screen.width() / 720)
    assert current_theme().scale == pytest.approx(max(1.0, largest))
    person.keys("Ctrl+1")
    assert window.tabs.currentIndex() == 0
    person.keys("F11")
    assert not window.isFullScreen()
    assert window.left.isVisible()
    assert window.menuBar().isVisible()
    assert current_theme().scale == pytest.approx(1.0)


def test_the_window_remembers_its_geometry(person: Person, open_window: Any, folded_sidebars: None) -> None:
    from tests.end_to_end.conftest import close

    person.window.resize(800, 720)  # the offscreen screen has 800 x 800 pixels: a wider one is not restored
    close(person)
    assert open_window().window.size().toTuple() == (800, 720)


def hidden_views_do_nothing(person: Person) -> None:
    person.show("train")
    shown = []
    view = person.window.views["compress"]
    view.show_state = shown.append  # type: ignore[method-assign]
    person.keys("Ctrl+D")
    person.wait_computed()
    assert shown == []
    del view.show_state
    assert np.array_equal(pixels(person.window.view), pixels(person.window.view))
