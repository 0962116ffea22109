"""A page that scrolls, and one that never has the size that it wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from aestudio.gui.widgets.scroll_page import add_scroll_page
from tests.settling import settle

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Fickle(QWidget):
    """Wants another height each time it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        self.asked += 1
        return 400 + self.asked % 7


def test_a_page_that_wants_another_size_each_time_does_not_end_the_process(qtbot: QtBot) -> None:
    stack, content = QStackedWidget(), Fickle()
    qtbot.addWidget(stack)
    layout = add_scroll_page(stack)
    layout.addWidget(content)
    stack.resize(200, 100)
    stack.show()
    qtbot.waitExposed(stack)
    for width in (210, 220, 230):
        layout.invalidate()
        stack.resize(width, 100)
        settle(stack)
    assert content.width() <= 230
    assert content.height() >= 300
