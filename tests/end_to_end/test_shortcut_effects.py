"""Every shortcut of the window is pressed once on the real window, and does what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog

from aestudio.gui.window.gallery import Gallery
from aestudio.gui.window.glossary_dialog import GlossaryDialog
from aestudio.gui.window.preferences_dialog import PreferencesDialog
from aestudio.gui.window.tags_dialog import TagsDialog
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Person


class Presser:
    """Presses shortcuts of a window, and knows which were pressed."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.pressed: set[str] = set()

    def press(self, keys: str) -> None:
        self.person.keys(keys)
        self.pressed.add(QKeySequence(keys).toString())

    def expect(self, keys: str, effect: Callable[[], object]) -> None:
        """Press a shortcut, after which something holds that did not hold before."""
        assert not effect(), f"{keys}: that was so before"
        self.press(keys)
        self.person.wait(effect, 60_000)

    def expect_dialog(self, keys: str, kind: type[QDialog], found: Callable[[Any], object]) -> None:
        """Press a shortcut that opens a dialog, of which something holds; then it is closed."""
        assert QApplication.activeModalWidget() is None, keys
        self.press(keys)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, kind), keys
        assert found(dialog), keys
        dialog.close()
        QApplication.processEvents()
        self.person.window.activateWindow()
        self.person.wait(self.person.window.isActiveWindow)


@pytest.mark.thorough
@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_every_shortcut_does_what_it_says(person: Person) -> None:
    """In one window: opening it takes longer than all the rest."""
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    keys = Presser(person)
    check_views_and_parts(keys)
    check_dialogs(keys)
    check_training(keys)
    check_history(keys)
    check_codes_and_images(keys)
    check_outside_their_views(keys)
    check_presentation(keys)
    documented = {
        QKeySequence(one).toString()
        for command in person.window.commands.values()
        for one in command.all_shortcuts
    }
    assert keys.pressed == documented - {"Ctrl+Q"}
    window = person.window
    keys.expect("Ctrl+Q", lambda: window.closing)


def check_views_and_parts(keys: Presser) -> None:
    person = keys.person
    window = person.window
    window.show_view("compare")
    for index, name in enumerate(window.views.known):
        keys.expect(f"Ctrl+{index + 1}", lambda name=name: window.views.front_name == name)
    latent: Any = window.views["latent"]
    for index, name in reversed(list(enumerate(latent.panels.known))):
        keys.expect(f"Alt+{index + 1}", lambda name=name: latent.panels.front_name == name)
    keys.expect("Alt+0", lambda: not latent.panels.drawer.is_open)
    window.show_view("train")
    keys.expect("Alt+0", lambda: latent.panels.drawer.is_open and window.views.front_name == "latent")
    for shortcut, size in (("Ctrl++", 110), ("Ctrl+=", 125), ("Ctrl+-", 110), ("Ctrl+Shift+T", 100)):
        keys.expect(shortcut, lambda size=size: person.state.text_size == size)
    for shortcut, sidebar in (("Ctrl+B", window.left), ("Ctrl+I", window.right)):
        keys.expect(shortcut, lambda sidebar=sidebar: not window.is_open(sidebar))
        keys.expect(shortcut, lambda sidebar=sidebar: window.is_open(sidebar))
    keys.expect("Ctrl++", lambda: person.state.text_size == 110)
    keys.expect("Ctrl+=", lambda: person.state.text_size == 125)
    keys.expect("Ctrl+-", lambda: person.state.text_size == 110)
    keys.expect("Ctrl+Shift+T", lambda: person.state.text_size == 100)
    keys.expect("Ctrl+Shift+R", lambda: window.runs_window is not None and window.runs_window.isVisible())
    assert window.runs_window is not None
    window.runs_window.close()
    window.activateWindow()
    person.wait(window.isActiveWindow)
    keys.expect("Ctrl+Shift+I", lambda: person.state.ink_on_paper)
    keys.expect("Ctrl+K", window.dialogs.palette.isVisible)
    keys.expect("Ctrl+K", lambda: not window.dialogs.palette.isVisible())
    window.show_view("latent")
    # Also while a field has the focus, in which Ctrl+K could delete to the end of the line.
    field = window.left.recipe.form.row("learning_rate").tab_stops[-1]  # type: ignore[union-attr]
    field.setFocus()
    person.keys("Ctrl+K", field)
    person.wait(window.dialogs.palette.isVisible)
    person.keys("Esc", window.dialogs.palette.field)
    person.wait(lambda: not window.dialogs.palette.isVisible())
    assert field.hasFocus()
    QGuiApplication.clipboard().clear()
    window.view.setFocus()
    keys.expect("Ctrl+C", lambda: not QGuiApplication.clipboard().image().isNull())
    QGuiApplication.clipboard().clear()
    keys.expect("Ctrl+Shift+C", lambda: not QGuiApplication.clipboard().image().isNull())
    keys.expect(
        "Ctrl+V", lambda: window.views.front_name == "reconstruct" and person.state.pictures is not None
    )
    window.show_view("latent")
    window.tabs.setFocus()  # a number field has Qt's own menu, which waits until it is closed
    for shortcut in ("Shift+F10", "Menu"):
        keys.expect(shortcut, lambda: QApplication.activePopupWidget() is not None)
        popup = QApplication.activePopupWidget()
        assert popup is not None
        popup.close()


def check_dialogs(keys: Presser) -> None:
    mode = QFileDialog.FileMode
    keys.expect_dialog("Ctrl+O", QFileDialog, lambda one: one.fileMode() == mode.ExistingFiles)
    keys.expect_dialog("Ctrl+Shift+O", QFileDialog, lambda one: one.fileMode() == mode.Directory)
    keys.expect_dialog("Ctrl+G", Gallery, lambda one: len(one.cards) > 5)
    keys.expect_dialog("Ctrl+L", TagsDialog, lambda one: one.isVisible())
    keys.expect_dialog("Ctrl+,", PreferencesDialog, lambda one: one.theme.isVisible())
    keys.expect_dialog("Shift+F1", GlossaryDialog, lambda one: len(one.rows) > 30)
    keys.expect_dialog("F1", QDialog, lambda one: one.windowTitle() == "Keyboard shortcuts")


def slow_motion() -> list[QDialog]:
    """The windows of a step in slow motion that are open."""
    shown = (one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())
    return [one for one in shown if "slow motion" in one.windowTitle()]


def check_training(keys: Presser) -> None:
    person = keys.person
    person.window.session.recipe.choose_recipe(small(epochs=LONG))
    person.show("train")
    keys.expect("Ctrl+.", lambda: person.training.phase == "paused" and person.step == 1)
    keys.expect("Ctrl+Return", lambda: person.training.phase == "running" and person.step > 30)
    keys.expect("Ctrl+Return", lambda: person.training.phase == "paused")
    keys.expect("Ctrl+Shift+M", lambda: slow_motion())
    for one in slow_motion():
        one.close()
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)
    check_queue(keys)
    person.window.commands.run("run.open", wanted="conv-vae-2d")
    person.wait(lambda: person.state.hidden_training is not None)
    keys.expect("Ctrl+T", lambda: person.state.hidden_training is None)
    keys.expect("Ctrl+Shift+S", lambda: person.training.phase == "ended")
    person.wait(lambda: person.state.runs and person.state.runs[0].status is not None)
    person.wait_computed()
    keys.expect_dialog("Ctrl+S", QInputDialog, lambda one: one.textValue())
    check_list_of_runs(keys)


def check_queue(keys: Presser) -> None:
    person = keys.person
    window = person.window
    keys.expect("Ctrl+Shift+N", lambda: window.left.heading.text() == "Next training")
    keys.expect("Ctrl+Shift+Return", lambda: len(person.state.queue.entries) == 1)
    keys.expect("Ctrl+Shift+Q", lambda: window.dialogs.queue.isVisible())
    person.click(window.dialogs.queue.remove)
    assert person.state.queue.entries == ()
    window.dialogs.queue.close()
    window.activateWindow()
    person.wait(window.isActiveWindow)
    person.click(window.left.other)
    assert window.left.heading.text() == "This training"


def check_list_of_runs(keys: Presser) -> None:
    """Its keys are those of the menu, and mean something else where the list has no focus."""
    person = keys.person
    panel = person.window.right.runs
    for shortcut in ("Del", "Backspace"):
        count = len(person.state.runs)
        panel.list.setFocus()
        panel.list.setCurrentItem(panel.list.topLevelItem(0))
        person.keys(shortcut, panel.list)
        person.wait(lambda count=count: len(person.state.runs) == count - 1 and not person.state.tasks)
        person.click(panel.undo_line.undo)
        person.wait(lambda count=count: len(person.state.runs) == count and not person.state.tasks)
        keys.pressed.add(shortcut)
    panel.list.setFocus()
    panel.list.setCurrentItem(panel.list.topLevelItem(0))
    person.keys("F2", panel.list)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    dialog.close()
    QApplication.processEvents()
    keys.pressed.add("F2")
    person.window.activateWindow()
    person.wait(person.window.isActiveWindow)


def check_history(keys: Presser) -> None:
    person = keys.person
    person.wait(lambda: len(person.state.history.history_checkpoints) > 2)
    keys.expect("Alt+Home", lambda: person.state.history.index == 0)
    keys.expect("Alt+Right", lambda: person.state.history.index == 1)
    keys.expect("Alt+Left", lambda: person.state.history.index == 0)
    keys.expect("Ctrl+Shift+P", lambda: person.state.history.playing)
    keys.press("Ctrl+Shift+P")
    person.wait(lambda: not person.state.history.playing)
    keys.press("Alt+End")
    person.wait(lambda: person.state.history.step is None)
    person.keys("Alt+Home")
    person.wait(lambda: person.state.history.index == 0)
    popup = person.window.history.popup
    keys.expect("Ctrl+Shift+B", lambda: popup.isVisible())
    person.keys("Esc", popup)
    person.wait(lambda: not popup.isVisible())
    keys.expect("Alt+End", lambda: person.state.history.step is None)
    keys.expect("Ctrl+R", lambda: person.state.snapshot is not None and person.state.snapshot.step == 0)


def check_codes_and_images(keys: Presser) -> None:
    person = keys.person
    person.show("latent")
    person.wait_computed()
    before = person.state.selected
    keys.expect("Ctrl+Right", lambda: person.state.selected == before + 1)
    keys.expect("Ctrl+Left", lambda: person.state.selected == before)
    for _ in range(9):  # at random, maybe the same one
        keys.press("Ctrl+D")
    assert person.state.selected != before
    person.wait_computed()
    keys.expect("Ctrl+P", lambda: person.state.exploration.set_by_user)
    keys.expect("Ctrl+0", lambda: not person.state.exploration.set_by_user)
    keys.expect("Ctrl+0", lambda: person.state.message.text == "The sliders are at the image's code already.")
    count = len(person.state.workspace.bookmarks)
    keys.expect("Ctrl+Shift+D", lambda: len(person.state.workspace.bookmarks) == count + 1)
    keys.expect("Ctrl+Z", lambda: len(person.state.workspace.bookmarks) == count)
    keys.expect("Ctrl+Shift+Z", lambda: len(person.state.workspace.bookmarks) == count + 1)


def check_outside_their_views(keys: Presser) -> None:
    """Where the image or the code is not to be seen, a key says where it is, or goes there."""
    person = keys.person
    window = person.window
    person.show("train")
    place = "These views show it: Reconstruct, Latent, Compress, Network."
    for shortcut in ("Ctrl+D", "Ctrl+Right", "Ctrl+Left"):
        window.session.show_message("")
        keys.expect(shortcut, lambda: person.state.message.text.endswith(place))
        assert person.state.message.text.startswith(f"Test image {person.state.selected}, class ")
        assert window.views.front_name == "train"
    keys.expect("Ctrl+P", lambda: person.state.exploration.set_by_user)
    assert window.views.front_name == "latent"
    person.show("train")
    keys.expect("Ctrl+0", lambda: not person.state.exploration.set_by_user)
    assert window.views.front_name == "latent"
    window.session.show_message("")
    for number, shortcut, said in (
        (0, "Ctrl+Left", "This is the first image."),
        (len(person.state.image_set or ()) - 1, "Ctrl+Right", "This is the last image."),
    ):
        window.commands.run("image.select", index=number)
        assert person.state.message.text != said
        keys.expect(shortcut, lambda said=said: person.state.message.text == said)
        assert person.state.selected == number


def check_presentation(keys: Presser) -> None:
    person = keys.person
    window = person.window
    keys.expect("F11", lambda: person.state.presentation)
    front = window.tabs.currentIndex()
    keys.expect("PgDown", lambda: window.tabs.currentIndex() == front + 1)
    keys.expect("PgUp", lambda: window.tabs.currentIndex() == front)
    keys.expect("B", lambda: window.blank_screen.blank)
    keys.expect(".", lambda: not window.blank_screen.blank)
    keys.expect("Ctrl+K", window.dialogs.palette.isVisible)  # there, too, and its keys are its own
    row = window.dialogs.palette.list.row
    person.keys("PgDown", window.dialogs.palette.field)
    assert window.dialogs.palette.list.row > row
    assert window.tabs.currentIndex() == front
    person.keys("Esc", window.dialogs.palette.field)
    keys.expect("Esc", lambda: not person.state.presentation)
