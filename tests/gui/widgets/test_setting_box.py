"""The box of one setting, outside of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.widgets.setting_box import SettingBox
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_no_sizes_are_called_none(qtbot: QtBot) -> None:
    box = SettingBox(find_recipe("vae").info("hidden"))
    qtbot.addWidget(box)
    box.set_value(())
    assert (box.shown, box.lineEdit().placeholderText()) == ("", "none")
    assert box.value == ()


def test_a_number_has_no_such_word(qtbot: QtBot) -> None:
    box = SettingBox(find_recipe("vae").info("beta"))
    qtbot.addWidget(box)
    assert box.lineEdit().placeholderText() == ""
