"""The callback runs once, also if children cover the window, or if it is never painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow, QWidget

from aestudio.gui.startup.first_paint import FirstPaint

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot


class Canvas(QWidget):
    """Records its paint events."""

    def __init__(self, log: list[str]) -> None:
        super().__init__()
        self._log = log
        self.setAutoFillBackground(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._log.append("painted")


def test_the_callback_runs_once_and_after_the_paint(qtbot: QtBot) -> None:
    log: list[str] = []
    window = QMainWindow()
    window.setCentralWidget(Canvas(log))
    qtbot.addWidget(window)
    FirstPaint(window, lambda: log.append("called"), patience=60_000)
    assert log == []
    window.show()
    qtbot.waitUntil(lambda: "called" in log)
    assert log[0] == "painted"
    window.hide()
    window.show()
    qtbot.wait(50)
    assert log.count("called") == 1


def test_a_window_that_is_not_shown_is_not_waited_for_forever(qtbot: QtBot) -> None:
    log: list[str] = []
    window = QMainWindow()
    qtbot.addWidget(window)
    FirstPaint(window, lambda: log.append("called"), patience=20)
    qtbot.waitUntil(lambda: log == ["called"])
