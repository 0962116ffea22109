"""Names from other people's files in the real window: no markup, no file access, no shortcuts."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QMenu, QToolTip, QTreeWidget

from aestudio.gui.views.latent.examples.example_menu import ExampleMenu
from aestudio.gui.widgets.plain_text import MarkupLabel
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person


class Trap:
    """A named pipe that records when it is opened for reading; the reader gets the end of the file at once.

    Another process writes: Qt reads with Python's lock held, and a thread could not let it go on.
    """

    def __init__(self, folder: Path) -> None:
        self.path, self._log = folder / "pipe", folder / "opened"
        os.mkfifo(self.path)
        script = 'while : > "$0"; do echo opened >> "$1"; done'
        self._writer = subprocess.Popen(["sh", "-c", script, self.path, self._log])

    @property
    def opened(self) -> bool:
        return self._log.exists()

    def close(self) -> None:
        self._writer.kill()
        self._writer.wait()


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    pipe = Trap(tmp_path)
    yield pipe
    pipe.close()


def hostile(trap: Trap, number: int = 0) -> str:
    kinds = (
        f"<img src='{trap.path}'>",
        "<b>bold</b>",
        "a &b",
        "\u202eturned",
        "two\nlines",
        "x" * 400,
        "<a href='file:///'>link</a>",
        "&lt;b&gt;",
        "%1 {} {0}",
        "class",
    )
    return kinds[number % len(kinds)]


@pytest.fixture
def hostile_window(
    open_window: Callable[..., Person], digits: Dataset, trap: Trap, monkeypatch: pytest.MonkeyPatch
) -> Person:
    """A window in which every name comes from untrusted files."""
    names = tuple(hostile(trap, number) for number in range(10))
    named = replace(
        digits,
        title=hostile(trap),
        train=replace(digits.train, class_names=names),
        test=replace(digits.test, class_names=names),
    )
    monkeypatch.setattr(
        "aestudio.gui.controllers.data_controller.load_dataset", lambda *_args, **_keywords: named
    )
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")
    person = open_window()
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    recipe = small(latent_size=2, epochs=1).model_copy(
        update={"title": hostile(trap), "source": hostile(trap)}
    )
    person.window.session.recipe.choose_recipe(recipe)
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.wait(lambda: any(not run.shipped for run in person.state.runs))
    run = next(run for run in person.state.runs if not run.shipped)
    person.window.session.runs.rename(run, hostile(trap))
    person.wait(lambda: any(run.title == hostile(trap) for run in person.state.runs))
    person.window.session.workspace.bookmark()
    person.window.session.workspace.rename_bookmark(0, hostile(trap))
    return person


def labels_that_read_markup() -> list[QLabel]:
    """Labels that would interpret markup, except pyqtgraph's own, which have fixed texts and names."""
    rich = Qt.TextFormat.RichText, Qt.TextFormat.MarkdownText, Qt.TextFormat.AutoText
    return [
        label
        for label in QApplication.allWidgets()
        if isinstance(label, QLabel)
        and not isinstance(label, MarkupLabel)
        and label.textFormat() in rich
        and not label.objectName().startswith("label")
    ]


def mnemonics_of_buttons(person: Person) -> list[str]:
    texts = [QAbstractButton.text(one) for one in person.window.findChildren(QAbstractButton)]
    return [text for text in texts if not QKeySequence.mnemonic(text).isEmpty()]


def tooltips(person: Person) -> set[str]:
    """All tooltips of widgets, entries of lists and boxes, tabs and menus."""
    found = {widget.toolTip() for widget in QApplication.allWidgets()}
    for box in person.window.findChildren(QComboBox):
        found |= {str(box.itemData(row, Qt.ItemDataRole.ToolTipRole) or "") for row in range(box.count())}
    for tree in person.window.findChildren(QTreeWidget):
        items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
        found |= {item.toolTip(0) for item in items if item is not None}
    for menu in person.window.findChildren(QMenu):
        found |= {action.toolTip() for action in menu.actions()}
    return found - {""}


@pytest.mark.thorough
def test_hostile_names(hostile_window, trap):
    """One window for all checks: opening it and training take longer than the checks."""
    names_are_not_interpreted_as_markup_or_shortcuts(hostile_window, trap)
    menus_show_names_as_they_are(hostile_window, trap)
    the_gallery_and_the_name_dialog_show_plain_text(hostile_window, trap)


def names_are_not_interpreted_as_markup_or_shortcuts(person: Person, trap: Trap) -> None:
    for name in person.window.views.known:
        person.show(name)
        person.wait_computed()
        person.window.grab()
        assert not labels_that_read_markup(), name
        assert not mnemonics_of_buttons(person), name
    tips = tooltips(person)
    assert any("<img" in tip for tip in tips)
    for tip in tips:
        QToolTip.showText(QPoint(5, 5), tip, person.window)
        shown = [one for one in QApplication.topLevelWidgets() if one.metaObject().className() == "QTipLabel"]
        assert isinstance(shown[0], QLabel)
        assert shown[0].textFormat() == Qt.TextFormat.PlainText
        shown[0].grab()
    QToolTip.hideText()
    assert not trap.opened


def menus_show_names_as_they_are(person: Person, trap: Trap) -> None:
    person.show("latent")
    person.window.view.panels.show_page("attribute vectors")
    person.wait_computed()
    menu = person.window.findChildren(ExampleMenu)[0].fill()
    texts = [action.text() for sub in menu.findChildren(QMenu) for action in sub.actions()]
    assert "a &&b" in texts
    assert hostile(trap) in texts
    assert all(QKeySequence.mnemonic(text).isEmpty() for text in texts)
    assert max(map(len, texts)) <= 130
    assert not any("\n" in text or "\u202e" in text for text in texts)
    menu.close()


def the_gallery_and_the_name_dialog_show_plain_text(person: Person, trap: Trap) -> None:
    person.window.left.recipe.open_gallery()
    QApplication.processEvents()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.grab()
    assert not labels_that_read_markup()
    dialog.close()
    assert not trap.opened
