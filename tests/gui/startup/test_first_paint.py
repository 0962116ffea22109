"""The first frame is told once, also of a window that its children cover, or that is never painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow, QWidget

from aestudio.gui.startup.first_paint import FirstPaint

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot


class Canvas(QWidget):
    """Notes when it was painted."""

    def __init__(self, log: list[str]) -> None:
        super().__init__()
        self._log = log
        self.setAutoFillBackground(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._log.append("painted")


def test_it_is_told_once_and_after_the_paint(qtbot: QtBot) -> None:
    log: list[str] = []
    window = QMainWindow()
    window.setCentralWidget(Canvas(log))
    qtbot.addWidget(window)
    FirstPaint(window, lambda: log.append("told"), patience=60_000)
    assert log == []
    window.show()
    qtbot.waitUntil(lambda: "told" in log)
    assert log[0] == "painted"
    window.hide()
    window.show()
    qtbot.wait(50)
    assert log.count("told") == 1


def test_a_window_that_nobody_sees_is_not_waited_for_for_ever(qtbot: QtBot) -> None:
    log: list[str] = []
    window = QMainWindow()
    qtbot.addWidget(window)
    FirstPaint(window, lambda: log.append("told"), patience=20)
    qtbot.waitUntil(lambda: log == ["told"])
