"""A simulated user who drags a slider like a mouse, and the time until its image is on the screen."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from aestudio.gui.widgets.digit_view import DigitView
from benchmarks.window.stage import turn, turn_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.widgets.fine_slider import FineSlider

SECONDS_BETWEEN = 1 / 60
_LAST_SECONDS = 0.5  # for the last movement's digit
_ANSWERED = 0.9


class Hand(QObject):
    """Works on a thread of its own, so that a window that is stuck cannot hold it up.

    latencies: seconds from each movement to the paint that shows it
    """

    moved = Signal(int, float)

    def __init__(self, slider: FineSlider, picture: DigitView, moves: int) -> None:
        super().__init__()
        self._slider, self._image, self._moves = slider, picture, moves
        self._waiting: list[float] = []
        self._decoded_code = 0
        self.latencies: list[float] = []
        self.moved.connect(self._move, Qt.ConnectionType.QueuedConnection)

    def _work(self) -> None:
        for number in range(self._moves):
            self.moved.emit(number, time.perf_counter())
            time.sleep(SECONDS_BETWEEN)

    @Slot(int, float)
    def _move(self, number: int, began: float) -> None:
        room = self._slider.width() - 40
        there = 20 + abs((number * 3) % (2 * room) - room)
        self._decoded_code += 1
        self._waiting.append(began)
        mouse(self._slider, QEvent.Type.MouseMove, there, self._slider.height() / 2)

    def painted(self, view: DigitView) -> None:
        """The image is on the screen: every movement until now is shown."""
        if view is self._image and self._waiting:
            now = time.perf_counter()
            self.latencies += [now - began for began in self._waiting]
            self._waiting.clear()

    def drag(self) -> list[float]:
        """Take the slider, move it to and fro, let go.

        A movement that moves the handle by nothing, at its ends, has no digit and no figure. Raises
        RuntimeError where digits fail to appear for more than a tenth of the movements.
        """
        place = self._slider.handle_centre()
        _hands[:] = [self]
        mouse(self._slider, QEvent.Type.MouseButtonPress, place.x(), place.y())
        thread = threading.Thread(target=self._work, name="hand")
        thread.start()
        turn_until(lambda: self._decoded_code == self._moves, "the hand to have been heard")
        thread.join()
        turn(_LAST_SECONDS)
        mouse(self._slider, QEvent.Type.MouseButtonRelease, place.x(), place.y())
        _hands.clear()
        if len(self.latencies) < _ANSWERED * self._moves:
            raise RuntimeError(f"{len(self.latencies)} digits for {self._moves} movements")
        return self.latencies


_hands: list[Hand] = []


@contextmanager
def hands_told_of_paints() -> Iterator[None]:
    """Within it hands learn when a digit was painted; of views that are first painted within it as well."""
    paint = DigitView.paintEvent

    def paint_and_tell(view: DigitView, event: QPaintEvent) -> None:
        paint(view, event)
        for hand in _hands:
            hand.painted(view)

    DigitView.paintEvent = paint_and_tell  # type: ignore[method-assign]
    try:
        yield
    finally:
        DigitView.paintEvent = paint


def mouse(widget: QWidget, kind: QEvent.Type, x: float, y: float) -> None:
    """What the platform sends when the left button does this there."""
    moves = kind == QEvent.Type.MouseMove
    button = Qt.MouseButton.NoButton if moves else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    place = QPointF(x, y)
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)
