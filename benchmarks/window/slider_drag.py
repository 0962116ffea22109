"""A simulated user who drags a slider with the mouse, and the time until its image is on the screen."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from aestudio.gui.widgets.image_view import ImageView
from benchmarks.window.driver import run_for, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.widgets.fine_slider import FineSlider

SECONDS_BETWEEN = 1 / 60
_LAST_SECONDS = 0.5  # for the image of the last movement
_LEAST_SHOWN = 0.9


class SliderDrag(QObject):
    """Moves a slider from a separate thread, so that a blocked window does not delay the movements.

    latencies: seconds from each movement to the paint that shows it
    """

    moved = Signal(int, float)

    def __init__(self, slider: FineSlider, image: ImageView, moves: int) -> None:
        super().__init__()
        self._slider, self._image, self._moves = slider, image, moves
        self._pending: list[float] = []
        self._received = 0
        self.latencies: list[float] = []
        self.moved.connect(self._move, Qt.ConnectionType.QueuedConnection)

    def _send_moves(self) -> None:
        for number in range(self._moves):
            self.moved.emit(number, time.perf_counter())
            time.sleep(SECONDS_BETWEEN)

    @Slot(int, float)
    def _move(self, number: int, began: float) -> None:
        span = self._slider.width() - 40
        x = 20 + abs((number * 3) % (2 * span) - span)
        self._received += 1
        self._pending.append(began)
        send_mouse(self._slider, QEvent.Type.MouseMove, x, self._slider.height() / 2)

    def painted(self, view: ImageView) -> None:
        """Called after a paint: it shows every movement so far."""
        if view is self._image and self._pending:
            now = time.perf_counter()
            self.latencies += [now - began for began in self._pending]
            self._pending.clear()

    def drag(self) -> list[float]:
        """Press on the handle, move it to and fro, and release it; return the latencies.

        A movement that does not move the handle, at either end, causes no paint and has no latency.
        Raises RuntimeError if more than a tenth of the movements have none.
        """
        start = self._slider.handle_centre()
        _drags[:] = [self]
        send_mouse(self._slider, QEvent.Type.MouseButtonPress, start.x(), start.y())
        thread = threading.Thread(target=self._send_moves, name="slider drag")
        thread.start()
        wait_until(lambda: self._received == self._moves, "all movements of the slider")
        thread.join()
        run_for(_LAST_SECONDS)
        send_mouse(self._slider, QEvent.Type.MouseButtonRelease, start.x(), start.y())
        _drags.clear()
        if len(self.latencies) < _LEAST_SHOWN * self._moves:
            raise RuntimeError(f"{len(self.latencies)} images for {self._moves} movements")
        return self.latencies


_drags: list[SliderDrag] = []


@contextmanager
def image_paints_observed() -> Iterator[None]:
    """While active, a drag is notified of each paint of a `ImageView`.

    Enter it before the views are painted for the first time.
    """
    paint = ImageView.paintEvent

    def paint_and_notify(view: ImageView, event: QPaintEvent) -> None:
        paint(view, event)
        for drag in _drags:
            drag.painted(view)

    ImageView.paintEvent = paint_and_notify  # type: ignore[method-assign]
    try:
        yield
    finally:
        ImageView.paintEvent = paint


def send_mouse(widget: QWidget, kind: QEvent.Type, x: float, y: float) -> None:
    """Send the event that the platform sends for the left mouse button at a position in the widget."""
    moves = kind == QEvent.Type.MouseMove
    button = Qt.MouseButton.NoButton if moves else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    position = QPointF(x, y)
    event = QMouseEvent(
        kind, position, widget.mapToGlobal(position), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(widget, event)
