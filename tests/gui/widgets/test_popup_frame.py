"""A popup frame opens beside its button inside the window, and closes with Escape or a click elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from aestudio.gui.widgets.popup_frame import PopupFrame

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WINDOW, BUTTON, FRAME = (400, 300), (80, 30), (150, 100)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    found = QWidget()
    qtbot.addWidget(found)
    found.resize(*WINDOW)
    found.show()
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    return found


def opened(window: QWidget, left: int, top: int, *, above: bool) -> tuple[PopupFrame, QPushButton]:
    button, popup = QPushButton("...", window), PopupFrame(window)
    button.setGeometry(left, top, *BUTTON)
    button.show()
    inside = QPushButton("Inside", popup)
    inside.show()
    popup.setFixedSize(*FRAME)
    popup.open_at(button, above=above)
    return popup, button


@pytest.mark.parametrize(
    ("top", "above", "is_above"),
    [(10, False, False), (250, False, True), (250, True, True), (10, True, False), (150, True, True)],
)
def test_it_takes_the_other_side_if_only_that_has_space(
    top: int, above: bool, is_above: bool, window: QWidget
) -> None:
    popup, button = opened(window, 200, top, above=above)
    assert window.rect().contains(popup.geometry())
    assert popup.geometry().right() == button.geometry().right(), "at the button's right corner"
    gap = button.y() - popup.geometry().bottom() if is_above else popup.y() - button.geometry().bottom()
    assert 0 < gap < 10


def test_it_stays_inside_a_window_that_is_too_low_on_both_sides(window: QWidget) -> None:
    popup, _ = opened(window, 0, 0, above=True)
    assert popup.x() == 0
    popup.setFixedSize(200, 290)
    popup.fit()
    assert window.rect().contains(popup.geometry())


def test_it_is_as_high_as_a_text_that_wraps(window: QWidget) -> None:
    popup, button = PopupFrame(window), QPushButton("...", window)
    button.setGeometry(300, 250, *BUTTON)
    text = QLabel("Short.")
    text.setWordWrap(True)
    QVBoxLayout(popup).addWidget(text)
    popup.setFixedWidth(150)
    popup.open_at(button, above=True)
    before, foot = popup.height(), popup.geometry().bottom()
    text.setText("A longer text, which needs some more lines in a frame that is not wide at all.")
    popup.fit()
    assert popup.height() >= before + 2 * text.fontMetrics().height()
    assert popup.geometry().bottom() == foot, "it grows upward"
    assert text.height() >= text.heightForWidth(text.width())


def test_escape_a_click_elsewhere_and_the_button_close_it(window: QWidget, qtbot: QtBot) -> None:
    popup, button = opened(window, 200, 10, above=False)
    inside = popup.findChild(QPushButton)
    assert inside is not None
    assert inside.hasFocus()
    qtbot.mouseClick(popup, Qt.MouseButton.LeftButton, pos=QPoint(5, 95))
    assert popup.isVisible()
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert button.hasFocus()
    popup.switch(button)
    assert popup.isVisible()
    qtbot.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 290))
    assert not popup.isVisible()
    popup.switch(button)
    popup.switch(button)
    assert not popup.isVisible()
