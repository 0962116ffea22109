"""A question for a text: nothing is accepted while nothing is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from aestudio.gui.widgets.text_question import ask_text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_what_is_typed_is_accepted_without_spaces_and_never_if_it_is_empty(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    accepted: list[str] = []
    dialog = ask_text(parent, "Rename", "Name:", "before", accepted.append)
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert ok.isEnabled()
    dialog.setTextValue("   ")
    assert not ok.isEnabled()
    ok.click()
    assert dialog.isVisible()
    assert accepted == []
    dialog.setTextValue("  after ")
    ok.click()
    assert accepted == ["after"]
    assert not dialog.isVisible()


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_an_empty_text_is_asked_for(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    dialog = ask_text(parent, "Save", "Title", "", lambda _: None)
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    assert not buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.reject()
