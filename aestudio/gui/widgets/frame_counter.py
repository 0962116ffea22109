"""Measures the rate of the frames that a window paints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QObject

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class FrameCounter(QObject):
    """Counts update requests: Qt sends a window one per painted frame, however many widgets changed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._count = 0
        self._clock = QElapsedTimer()
        self._clock.start()
        window.installEventFilter(self)

    def take_rate(self) -> float:
        """Return the frames per second since the last call."""
        rate = 1000 * self._count / max(1, self._clock.restart())
        self._count = 0
        return rate

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._count += event.type() == QEvent.Type.UpdateRequest
        return False
