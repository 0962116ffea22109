"""Frames of the map of 70,000 points under a hand that moves and zooms it. Prints one JSON object.

Mouse events go through the widget as the platform sends them; a frame ends when the viewport has been
painted. Run as a process of its own.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from aestudio.gui.app import make_application
from aestudio.gui.theme.holder import ThemeHolder
from aestudio.gui.theme.style import current_theme
from benchmarks.window.stage import turn, turn_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from aestudio.gui.plots.class_map import ClassMap

POINTS, SIZE, FRAMES, WARM = 70_000, (1600, 1000), 120, 10
STEP = (7, 4)  # pixels from one frame of a moved map to the next
NOTCH = 40  # an eighth of a degree each, a third of a wheel's notch
BACK = 30  # frames after which the hand turns round
# pyqtgraph takes a hundred movements a second; a hand that is faster would be passed over.
BETWEEN_SECONDS = 0.011
DIGITS_ZOOM = 0.03  # of the whole map's width: some hundred digits


class Painted(QObject):
    """Counts the paints of a widget."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def main() -> None:
    """Milliseconds of each frame by what the hand does: as they passed, and of the processor alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=FRAMES)
    given = parser.parse_args()
    app = make_application()
    holder = ThemeHolder(app, "dark")
    shown = made()
    found: dict[str, list[float]] = {}
    for doing, hand in (("pan", pan), ("zoom", zoom)):
        whole(shown)
        found |= frames(shown, doing, hand(shown), given.frames)
    random = np.random.default_rng(0)
    shown.set_images(lambda which: random.integers(0, 256, (len(which), 28, 28), np.uint8))
    whole(shown)
    shown.plot.map_box.scaleBy((DIGITS_ZOOM, DIGITS_ZOOM), center=QPointF(0.2, 0.1))
    turn(0.3)
    found |= frames(shown, "digits", pan(shown), given.frames)
    found["digits shown"] = [float(shown.plot.cloud.images_shown)]
    assert current_theme().name == "dark"
    holder.deleteLater()
    print(json.dumps(found))


def made() -> ClassMap:
    """The map with all points, its plot as large as it is measured, and the cursor's cross over it."""
    from aestudio.gui.plots.class_map import ClassMap
    from tools.widget_gallery.sample_curves import sample_map

    shown = ClassMap()
    xy, labels = sample_map(POINTS)
    shown.set_points(xy, labels, tuple("0123456789"))
    shown.set_cursor(0.8, -0.4)
    shown.show()
    turn(0.2)
    shown.resize(SIZE[0], SIZE[1] + shown.height() - shown.plot.height())
    turn(0.3)
    return shown


def whole(shown: ClassMap) -> None:
    """All points again: what is seen must not depend on how far the hand before has moved or zoomed."""
    shown.plot.fit()
    turn(0.1)


def frames(shown: ClassMap, doing: str, hand: Callable[[int], None], count: int) -> dict[str, list[float]]:
    """Milliseconds from each movement of the hand to the end of the paint that shows it."""
    painted, passed, spent = Painted(shown.plot.viewport()), [], []
    for number in range(WARM + count):
        before, began, used = painted.count, time.perf_counter(), time.thread_time()
        hand(number)
        while painted.count == before:
            QCoreApplication.sendPostedEvents()
            QCoreApplication.processEvents()
            if time.perf_counter() - began > 1:
                raise TimeoutError("the map was not painted")
        passed.append(1000 * (time.perf_counter() - began))
        spent.append(1000 * (time.thread_time() - used))
        rest = time.perf_counter() + BETWEEN_SECONDS
        turn_until(lambda until=rest: time.perf_counter() >= until, "the next movement")
    shown.plot.viewport().removeEventFilter(painted)
    return {doing: passed[WARM:], f"{doing}, processor": spent[WARM:]}


def pan(shown: ClassMap) -> Callable[[int], None]:
    """The right button is held, and the mouse goes to and fro."""
    port, right = shown.plot.viewport(), Qt.MouseButton.RightButton
    place = QPoint(SIZE[0] // 2, SIZE[1] // 2)
    _send(port, QEvent.Type.MouseButtonPress, place, right, right)

    def move(number: int) -> None:
        nonlocal place
        way = 1 if number % (2 * BACK) < BACK else -1
        place = place + QPoint(way * STEP[0], way * STEP[1])
        _send(port, QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton, right)

    return move


def _send(port: QWidget, kind: QEvent.Type, at: QPoint, cause: Qt.MouseButton, held: Qt.MouseButton) -> None:
    where = QPointF(at)
    event = QMouseEvent(kind, where, port.mapToGlobal(where), cause, held, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(port, event)


def zoom(shown: ClassMap) -> Callable[[int], None]:
    """The wheel is turned, in and out again."""
    port, where = shown.plot.viewport(), QPointF(SIZE[0] * 0.55, SIZE[1] * 0.45)

    def turn_wheel(number: int) -> None:
        notch = QPoint(0, NOTCH if number % (2 * BACK) < BACK else -NOTCH)
        event = QWheelEvent(
            where,
            port.mapToGlobal(where),
            QPoint(),
            notch,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QCoreApplication.sendEvent(port, event)

    return turn_wheel


if __name__ == "__main__":
    main()
