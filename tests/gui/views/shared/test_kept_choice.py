"""Options of views come back with the next window; what is not offered is ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from aestudio.gui.views.shared.kept_choice import FILE, keep_choice, keep_switch
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.paths import settings_folder

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ENTRIES = ((0, "Auto"), (5, "5"), ("wide", "Wide"))


def box(qtbot: QtBot) -> ChoiceBox:
    made = ChoiceBox("Columns", entries=ENTRIES)
    qtbot.addWidget(made)
    keep_choice(made, "sheet.columns")
    return made


def switch(qtbot: QtBot) -> QCheckBox:
    made = QCheckBox("Even")
    qtbot.addWidget(made)
    keep_switch(made, "path.even")
    return made


def test_what_the_user_chose_is_chosen_in_the_next_window(qtbot: QtBot) -> None:
    first, even = box(qtbot), switch(qtbot)
    assert first.value == 0
    assert not even.isChecked()
    QTest.keyClick(first, Qt.Key.Key_End)
    QTest.keyClick(even, Qt.Key.Key_Space)
    assert box(qtbot).value == "wide"
    assert switch(qtbot).isChecked()


def test_what_the_program_shows_is_not_kept(qtbot: QtBot) -> None:
    box(qtbot).show_value(5)
    assert box(qtbot).value == 0
    assert not (settings_folder() / FILE).exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b'{"sheet.columns": 7, "path.even": 1}', b'{"sheet.columns": false}']
)
def test_a_damaged_file_is_ignored(qtbot: QtBot, content: bytes) -> None:
    settings_folder().mkdir(parents=True)
    (settings_folder() / FILE).write_bytes(content)
    assert box(qtbot).value == 0
    assert not switch(qtbot).isChecked()
