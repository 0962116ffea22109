"""In each view there is one main button: two in the accent colour would compete."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton

from tests.end_to_end.test_every_screen import VIEWS

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person


def main_buttons(person: Person) -> list[str]:
    return [
        button.text() or button.toolTip()
        for button in person.window.findChildren(QAbstractButton)
        if button.isVisible() and button.property("role") == "primary"
    ]


@pytest.mark.thorough
def test_one_main_button_in_each_view(person: Person) -> None:
    for name in VIEWS:
        person.show(name)
        person.wait_computed()
        expected = "Compare" if name == "compare" else "Start"
        assert main_buttons(person) == [expected], name
